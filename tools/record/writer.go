package record

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"slices"

	"github.com/gocarina/gocsv"
)

// Writer writes rows in a layout's columns. The header is written at once and
// every row reaches the underlying writer before Write returns.
type Writer struct {
	out *columnWriter
}

// NewWriter writes the header. A column that Row does not have is an error.
func NewWriter(w io.Writer, layout Layout) (*Writer, error) {
	// Large enough for any line, so that each reaches w whole.
	out := &columnWriter{csv: csv.NewWriter(bufio.NewWriterSize(w, 1<<18)), layout: layout}
	if err := gocsv.MarshalCSV([]Row{}, out); err != nil {
		return nil, fmt.Errorf("writing the header: %w", err)
	}
	return &Writer{out}, nil
}

// Write appends rows.
func (w *Writer) Write(rows ...Row) error {
	if err := gocsv.MarshalCSVWithoutHeaders(rows, w.out); err != nil {
		return fmt.Errorf("writing a row: %w", err)
	}
	return nil
}

// columnWriter stands between gocsv and the file and keeps of each line the
// layout's columns, in its order. The first line it sees is the header.
type columnWriter struct {
	csv    *csv.Writer
	layout Layout
	from   []int // index in Row's columns, per column of the layout
	line   []string
}

func (c *columnWriter) Write(line []string) error {
	if c.from == nil {
		for _, name := range c.layout {
			i := slices.Index(line, name)
			if i < 0 {
				return fmt.Errorf("no column named %q", name)
			}
			c.from = append(c.from, i)
		}
		c.line = make([]string, len(c.layout))
	}
	for i, from := range c.from {
		c.line[i] = line[from]
	}
	return c.csv.Write(c.line)
}

func (c *columnWriter) Flush()       { c.csv.Flush() }
func (c *columnWriter) Error() error { return c.csv.Error() }
