package record

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Writer writes rows in the columns of a layout. Every row reaches the underlying writer
// as a whole before Write returns.
type Writer struct {
	out   io.Writer
	row   *Row // whose fields the cells are
	cells []func(line []byte) []byte
	lines []byte
}

// NewWriter writes the header. It fails if Row lacks a column of the layout.
func NewWriter(out io.Writer, layout Layout) (*Writer, error) {
	w := &Writer{out: out, row: new(Row)}
	fields := fieldsOf(w.row)
	var unknown []error
	for _, name := range layout {
		field, known := fields[name]
		if !known {
			unknown = append(unknown, fmt.Errorf("unknown column %q", name))
			continue
		}
		w.cells = append(w.cells, appender(field))
	}
	err := errors.Join(unknown...)
	if err == nil {
		_, err = io.WriteString(out, strings.Join(layout, ",")+"\n")
	}
	if err != nil {
		return nil, fmt.Errorf("writing the header: %w", err)
	}
	return w, nil
}

// Write writes rows.
func (w *Writer) Write(rows ...Row) error {
	w.lines = w.lines[:0]
	for i := range rows {
		*w.row = rows[i]
		for _, cell := range w.cells {
			w.lines = append(cell(w.lines), ',')
		}
		w.lines[len(w.lines)-1] = '\n'
	}
	if _, err := w.out.Write(w.lines); err != nil {
		return fmt.Errorf("writing a row: %w", err)
	}
	return nil
}
