package suite

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/record"
)

// Requests yields the point's requests from the event log beside its result. If the log is
// damaged or missing, the rest comes from the CSV. An error is yielded last. A point with
// neither file has no requests. The engine's own figures in the log go to sample, if that
// is not nil, with the time in seconds since 1970.
func (p *Point) Requests(sample func(at float64, values []eventlog.Value)) iter.Seq2[record.Row, error] {
	return func(yield func(record.Row, error) bool) {
		beside := strings.TrimSuffix(p.Path, filepath.Ext(p.Path))
		read, goOn := 0, true
		damage := forEach(beside+eventlog.Ending, func(r io.Reader) iter.Seq2[record.Row, error] { return loggedRows(r, sample) }, func(row record.Row) bool {
			read++
			goOn = yield(row, nil)
			return goOn
		})
		if !goOn || damage == nil {
			return
		}
		// Both have the same requests in the same order.
		passed := 0
		err := forEach(beside+".csv", record.Read, func(row record.Row) bool {
			if passed++; passed > read {
				goOn = yield(row, nil)
			}
			return goOn
		})
		switch absent := errors.Is(err, fs.ErrNotExist); {
		case !goOn || err == nil || absent && errors.Is(damage, fs.ErrNotExist):
		case absent:
			yield(record.Row{}, damage)
		default:
			yield(record.Row{}, err)
		}
	}
}

// forEach calls take for the rows of a file until it returns false.
func forEach(path string, rows func(io.Reader) iter.Seq2[record.Row, error], take func(record.Row) bool) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for row, err := range rows(file) {
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if !take(row) {
			return nil
		}
	}
	return nil
}

// loggedRows yields the requests of an event log.
func loggedRows(r io.Reader, sample func(float64, []eventlog.Value)) iter.Seq2[record.Row, error] {
	return func(yield func(record.Row, error) bool) {
		log, err := eventlog.NewReader(r)
		for err == nil {
			var event eventlog.Event
			if event, err = log.Next(); err != nil {
				break
			}
			switch event := event.(type) {
			case *eventlog.Request:
				if !yield(event.Row, nil) {
					return
				}
			case eventlog.Sample:
				if sample != nil {
					sample(float64(log.Header.Start.Add(event.At).UnixNano())/1e9, event.Values)
				}
			}
		}
		if err != io.EOF {
			yield(record.Row{}, err)
		}
	}
}
