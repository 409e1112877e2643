package workload

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/redact"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/runfile"
)

// files are what a measured stage writes: its rows, and beside them the event
// log, which has all that is needed to make them again.
type files struct {
	path   string // of the CSV
	opened []io.Closer
	rows   *record.Writer
	lines  *lines               // that the rows are, on their way to the CSV
	log    *eventlog.Writer     // nil: the CSV is no file that one could stand beside
	start  time.Time            // of the log
	tally  *metrics.Accumulator // of a CSV that cannot be read back; nil: it can
}

// logPath is where the log of a CSV stands.
func logPath(csv string) string { return strings.TrimSuffix(csv, ".csv") + eventlog.Ending }

// create makes the files anew, so that stale ones are never taken for them and
// those kept under other names stay as they are.
func create(ctx context.Context, world *World, csv string, header eventlog.Header) (*files, error) {
	f := &files{path: csv, start: time.Now()}
	header.Start = f.start
	err := f.create(ctx, world, header)
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

func (f *files) create(ctx context.Context, world *World, header eventlog.Header) error {
	if err := runfile.Remove(f.path); err != nil {
		return err
	}
	info, err := os.Lstat(f.path)
	device := err == nil && !info.Mode().IsRegular() // or a pipe, or a link to whatever
	csv, err := f.open(ctx, world, f.path, device)
	if err != nil {
		return err
	}
	if device {
		f.tally = new(metrics.Accumulator)
	}
	f.lines = &lines{to: csv}
	if f.rows, err = record.NewWriter(f.lines, header.Layout); err != nil {
		return err
	}
	if err := f.lines.flush(); err != nil || device {
		return err
	}
	events, err := f.open(ctx, world, logPath(f.path), false)
	if err != nil {
		return err
	}
	f.log, err = eventlog.NewWriter(events, header)
	return err
}

func (f *files) open(ctx context.Context, world *World, path string, keep bool) (io.Writer, error) {
	if !keep {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	file, err := world.create(ctx, path)
	if err == nil {
		f.opened = append(f.opened, file)
	}
	return file, err
}

// flushEvery is how long rows and what the log has may stay in this process, where
// a kill -9 would lose them; atOnce is how many bytes of rows may. To hand over
// each row by itself took more than to write its text.
const (
	flushEvery = 250 * time.Millisecond
	atOnce     = 32 << 10
)

// write empties the outbox to its end, even after the first error.
func (f *files) write(box *outbox) (w writing) {
	flush := time.NewTicker(flushEvery)
	defer flush.Stop()
	var batch batch
	for !batch.last {
		due := false
		select {
		case <-box.wake:
		case <-flush.C:
			due = true
		}
		batch = box.take(batch)
		w.waiting = max(w.waiting, len(batch.events))
		began := time.Now()
		for i := range batch.left {
			began = w.note(began, f.append(batch.left[i]))
		}
		for _, event := range batch.events {
			began = w.note(began, f.take(event))
		}
		if due || batch.last {
			w.note(began, f.flush())
		}
	}
	return w
}

// note keeps how long a step took, and its error if it is the first. It returns
// when the step was over.
func (w *writing) note(began time.Time, err error) (over time.Time) {
	over = time.Now()
	w.longest = max(w.longest, over.Sub(began))
	if w.err == nil {
		w.err = err
	}
	return over
}

// take writes one event.
func (f *files) take(event eventlog.Event) error {
	err := f.append(event)
	if request, is := event.(*eventlog.Request); is {
		if f.tally != nil {
			f.tally.Add(&request.Row)
		}
		err = errors.Join(err, f.rows.Write(request.Row))
		if f.log == nil || len(f.lines.pending) >= atOnce { // whoever reads a pipe waits for each row
			err = errors.Join(err, f.lines.flush())
		}
	}
	return err
}

// append adds events to the log.
func (f *files) append(events ...eventlog.Event) error {
	if f.log == nil {
		return nil
	}
	for _, event := range events {
		if err := f.log.Write(event); err != nil {
			return err
		}
	}
	return nil
}

// flush hands rows and log to the system.
func (f *files) flush() error {
	if f.log == nil {
		return f.lines.flush()
	}
	return errors.Join(f.log.Flush(), f.lines.flush())
}

// figures are those of the rows written. The CSV is read for them, so that an
// hour's run takes no more memory than a minute's, and says what its file says.
func (f *files) figures() (metrics.Figures, error) {
	if f.tally != nil {
		return f.tally.Figures(), nil
	}
	return figuresOf(f.path)
}

// figuresOf are those of a CSV.
func figuresOf(path string) (metrics.Figures, error) {
	file, err := os.Open(path)
	if err != nil {
		return metrics.Figures{}, err
	}
	defer file.Close()
	figures, err := metrics.Collect(record.Read(file))
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return figures, err
}

// conclude appends what comes after the last request.
func (f *files) conclude(event eventlog.Event) error {
	return errors.Join(f.append(event), f.flush())
}

func (f *files) close() error {
	var errs []error
	for _, file := range f.opened {
		errs = append(errs, file.Close())
	}
	return errors.Join(errs...)
}

// keep gives the files second names beside the point's result: the first ones
// are used again by the next sweep of this baseline. The run file has none: the
// log holds all of it, and LMBench's plots take every *.json there for a result.
func (f *files) keep(result string) error {
	beside, found := strings.CutSuffix(result, ".json")
	if !found {
		return nil
	}
	if err := errors.Join(os.Link(f.path, beside+".csv"), os.Link(logPath(f.path), beside+eventlog.Ending)); err != nil {
		return fmt.Errorf("the requests could not be kept beside their result: %w", err)
	}
	return nil
}

// A log's frame has an end: a line longer than longestMetric lists requests,
// which the log has, and what all in all is longer than allMetrics are no metrics.
const (
	longestMetric = 4 << 10
	allMetrics    = 1 << 20
)

// metricsOf are the metrics that a workload made of its requests, as a log keeps
// them.
func metricsOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	var kept strings.Builder
	lines, out := csv.NewReader(file), csv.NewWriter(&kept)
	for {
		line, err := lines.Read()
		if err == io.EOF {
			out.Flush()
			return kept.String(), out.Error()
		}
		if err != nil {
			return "", fmt.Errorf("%s: %w", path, err)
		}
		if len(strings.Join(line, ",")) > longestMetric {
			continue
		}
		if err := out.Write(line); err != nil {
			return "", err
		}
		if kept.Len() > allMetrics {
			return "", fmt.Errorf("the event log cannot hold %s, which has more than metrics", path)
		}
	}
}

// logged are the pairs that a log keeps: no secret.
func logged(pairs []string) []string {
	var kept []string
	for _, pair := range pairs {
		key, _, _ := strings.Cut(pair, "=")
		if redact.IsSecret(key) {
			continue
		}
		kept = append(kept, redact.URLs(pair))
	}
	return kept
}
