// Package output writes what a measured stage yields while it runs: the CSV of its
// requests, and beside it the event log, from which the CSV can be made again.
package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/runfile"
)

// Files are the CSV and the event log of one point.
type Files struct {
	Path  string    // of the CSV
	Start time.Time // of the event log's clock

	opened  []io.Closer
	rows    *record.Writer
	lines   *lineWriter          // between rows and the CSV
	log     *eventlog.Writer     // nil: the CSV is not a regular file
	figures *metrics.Accumulator // nil: the CSV can be read back
}

// LogPath returns the path of the event log of a CSV.
func LogPath(csv string) string { return strings.TrimSuffix(csv, ".csv") + eventlog.Ending }

// Create creates the files. It replaces existing files instead of truncating them,
// so that links to them, which Keep makes, keep their content. A CSV that is not a
// regular file, such as a pipe, has no event log.
func Create(ctx context.Context, open Opener, csv string, header eventlog.Header) (*Files, error) {
	f := &Files{Path: csv, Start: time.Now()}
	header.Start = f.Start
	if err := f.create(ctx, open, header); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (f *Files) create(ctx context.Context, open Opener, header eventlog.Header) error {
	if err := runfile.Remove(f.Path); err != nil {
		return err
	}
	info, err := os.Lstat(f.Path)
	special := err == nil && !info.Mode().IsRegular() // a device, a pipe or a link
	csv, err := f.open(ctx, open, f.Path, special)
	if err != nil {
		return err
	}
	if special {
		f.figures = new(metrics.Accumulator)
	}
	f.lines = &lineWriter{to: csv}
	if f.rows, err = record.NewWriter(f.lines, header.Layout); err != nil {
		return err
	}
	if err := f.lines.flush(); err != nil || special {
		return err
	}
	events, err := f.open(ctx, open, LogPath(f.Path), false)
	if err != nil {
		return err
	}
	f.log, err = eventlog.NewWriter(events, header)
	return err
}

// open opens one file, removing an existing one unless it is to be kept.
func (f *Files) open(ctx context.Context, open Opener, path string, keep bool) (io.Writer, error) {
	if !keep {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	file, err := open(ctx, path)
	if err == nil {
		f.opened = append(f.opened, file)
	}
	return file, err
}

// Logged reports whether there is an event log.
func (f *Files) Logged() bool { return f.log != nil }

// Figures returns the figures of the rows written. It reads the CSV for them, so
// that a run of an hour needs no more memory than one of a minute.
func (f *Files) Figures() (metrics.Figures, error) {
	if f.figures != nil {
		return f.figures.Figures(), nil
	}
	return ReadFigures(f.Path)
}

// ReadFigures returns the figures of a CSV.
func ReadFigures(path string) (metrics.Figures, error) {
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

// Conclude appends an event that follows the last request.
func (f *Files) Conclude(event eventlog.Event) error {
	return errors.Join(f.appendToLog(event), f.flush())
}

// Close closes the files.
func (f *Files) Close() error {
	var errs []error
	for _, file := range f.opened {
		errs = append(errs, file.Close())
	}
	return errors.Join(errs...)
}

// Keep links the files to names beside the point's result, since the next sweep of
// the same baseline replaces them. The run file gets no such name: the log contains
// it, and LMBench's plots take every *.json there for a result.
func (f *Files) Keep(result string) error {
	stem, found := strings.CutSuffix(result, ".json")
	if !found {
		return nil
	}
	if err := errors.Join(os.Link(f.Path, stem+".csv"), os.Link(LogPath(f.Path), stem+eventlog.Ending)); err != nil {
		return fmt.Errorf("the requests could not be kept beside their result: %w", err)
	}
	return nil
}
