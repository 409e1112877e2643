package record

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/gocarina/gocsv"
)

// ErrNoHeader is yielded for a file without even a header line.
var ErrNoHeader = errors.New("the file is empty, not even a header line")

// needed are the columns without which no result can be computed.
func needed() []string {
	return []string{"prompt_tokens", "generation_tokens", "ttft", "generation_time", "launch_time", "finish_time"}
}

// Read yields the rows of a CSV. Columns may come in any order, ones that Row
// does not have are passed over, absent ones stay zero. An error is yielded
// once and last: a missing column that every result needs, or a line that does
// not parse, with its number.
func Read(r io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		lines := csv.NewReader(r)
		rows, err := gocsv.NewUnmarshaller(lines, Row{})
		if err == io.EOF {
			err = ErrNoHeader
		}
		if err == nil {
			err = missing(rows.Headers)
		}
		for err == nil {
			var row any
			if row, err = rows.Read(); err == nil && !yield(row.(Row), nil) {
				return
			}
		}
		if err != io.EOF {
			yield(Row{}, located(lines, err))
		}
	}
}

func missing(headers []string) error {
	var errs []error
	for _, name := range needed() {
		if !slices.Contains(headers, name) {
			errs = append(errs, fmt.Errorf("no column %q", name))
		}
	}
	return errors.Join(errs...)
}

// located names the line of an error that does not name it itself.
func located(lines *csv.Reader, err error) error {
	var syntax *csv.ParseError
	if errors.As(err, &syntax) || errors.Is(err, ErrNoHeader) || lines.InputOffset() == 0 {
		return err
	}
	line, _ := lines.FieldPos(0)
	return fmt.Errorf("line %d: %w", line, err)
}
