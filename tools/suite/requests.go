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

	"github.com/LMCache/LMBench/tools/eventlog"
	"github.com/LMCache/LMBench/tools/record"
)

// Requests yields the point's requests, from the event log kept beside its result
// or else the CSV; an error is yielded last. A point without either yields none.
// What the log has of the engine's own figures goes to sample, if there is one, with
// the instant in seconds since 1970.
func (p *Point) Requests(sample func(at float64, values []eventlog.Value)) iter.Seq2[record.Row, error] {
	return func(yield func(record.Row, error) bool) {
		for _, source := range []struct {
			ending string
			rows   func(io.Reader) iter.Seq2[record.Row, error]
		}{
			{eventlog.Ending, func(r io.Reader) iter.Seq2[record.Row, error] { return logged(r, sample) }},
			{".csv", record.Read},
		} {
			path := strings.TrimSuffix(p.Path, filepath.Ext(p.Path)) + source.ending
			file, err := os.Open(path)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				yield(record.Row{}, err)
				return
			}
			defer file.Close()
			for row, err := range source.rows(file) {
				if err != nil {
					err = fmt.Errorf("%s: %w", path, err)
				}
				if !yield(row, err) {
					return
				}
			}
			return
		}
	}
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
