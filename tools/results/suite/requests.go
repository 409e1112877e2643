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

// Requests yields the point's requests, from the event log kept beside its result
// and, where that is damaged or is not there, from the CSV; an error is yielded
// last. A point without either yields none. What the log has of the engine's own
// figures goes to sample, if there is one, with the instant in seconds since 1970.
func (p *Point) Requests(sample func(at float64, values []eventlog.Value)) iter.Seq2[record.Row, error] {
	return func(yield func(record.Row, error) bool) {
		beside := strings.TrimSuffix(p.Path, filepath.Ext(p.Path))
		read, goOn := 0, true
		damage := each(beside+eventlog.Ending, func(r io.Reader) iter.Seq2[record.Row, error] { return logged(r, sample) }, func(row record.Row) bool {
			read++
			goOn = yield(row, nil)
			return goOn
		})
		if !goOn || damage == nil {
			return
		}
		// Both have the same requests in the same order.
		passed := 0
		err := each(beside+".csv", record.Read, func(row record.Row) bool {
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

// each takes the rows of a file one by one, until that says to stop.
func each(path string, rows func(io.Reader) iter.Seq2[record.Row, error], take func(record.Row) bool) error {
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

// logged are the requests of an event log.
func logged(r io.Reader, sample func(float64, []eventlog.Value)) iter.Seq2[record.Row, error] {
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
