package record

import (
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gocarina/gocsv"
)

// parser parses the records of chunks.
type parser struct {
	header  columns
	row     *Row                      // that cells are read into
	cells   []func(cell string) error // by column; nil: Row has no such column
	numbers floats
	rows    []Row // of the last chunk
}

func newParser(header columns) *parser {
	row := missingTimestamps
	p := &parser{header: header, row: &row, cells: make([]func(string) error, len(header.names))}
	fields := fieldsOf(p.row)
	for i, name := range header.names {
		if field, known := fields[name]; known { // the last of two columns with the same name counts
			p.cells[i] = reader(field, &p.numbers)
		}
	}
	return p
}

// parse reads the rows of a chunk, up to the first error.
func (p *parser) parse(b chunk) error {
	p.rows = p.rows[:0]
	quote := strings.IndexByte(b.text, '"')
	for start := 0; start < len(b.text); {
		end := lineEnd(b.text, start)
		plain := quote < 0 || quote >= end
		if !plain {
			for strings.Count(b.text[quote:end], `"`)%2 == 1 && end < len(b.text) {
				end = lineEnd(b.text, end)
			}
			if quote = strings.IndexByte(b.text[end:], '"'); quote >= 0 {
				quote += end
			}
		}
		record := b.text[start:end]
		if err := p.record(record, plain); err == nil {
			p.rows = append(p.rows, *p.row)
		} else if !errors.Is(err, errBlank) {
			return located(err, b.line+strings.Count(b.text[:start], "\n"))
		}
		start = end
	}
	return nil
}

// lineEnd returns the end of the line that start is in.
func lineEnd(text string, start int) int {
	if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
		return start + n + 1
	}
	return len(text)
}

var errBlank = errors.New("blank line")

// record reads a record into p.row.
func (p *parser) record(record string, plain bool) error {
	*p.row = missingTimestamps
	if !plain {
		return p.quoted(record)
	}
	line := strings.TrimSuffix(strings.TrimSuffix(record, "\n"), "\r")
	if line == "" {
		return errBlank
	}
	last := len(p.cells) - 1
	for i, read := range p.cells {
		end := strings.IndexByte(line, ',')
		if end < 0 {
			end = len(line)
		}
		if i < last && end == len(line) || i == last && end < len(line) {
			return csv.ErrFieldCount
		}
		if read != nil {
			if err := read(line[:end]); err != nil {
				return p.unusual(record, i, err)
			}
		}
		if i < last {
			line = line[end+1:]
		}
	}
	return nil
}

// quoted reads a record with quotes into p.row.
func (p *parser) quoted(record string) error {
	lines := csv.NewReader(strings.NewReader(record))
	lines.FieldsPerRecord = len(p.cells)
	line, err := lines.Read()
	if err != nil {
		return err
	}
	for i, read := range p.cells {
		if read != nil {
			if err := read(line[i]); err != nil {
				return p.unusual(record, i, err)
			}
		}
	}
	return nil
}

// unusual reads a record with a cell that Writer would not write. If gocsv cannot read
// it either, the error is returned.
func (p *parser) unusual(record string, column int, err error) error {
	if known, had := withoutNA(record); had {
		return p.record(known, false)
	}
	if errors.Is(err, errFraction) {
		return fmt.Errorf("column %q: %w", p.header.names[column], err)
	}
	lines := csv.NewReader(strings.NewReader(p.header.text + record))
	if rows, e := gocsv.NewUnmarshaller(lines, Row{}); e == nil {
		if row, e := rows.Read(); e == nil {
			*p.row = row.(Row)
			return nil
		}
	}
	return fmt.Errorf("column %q: %w", p.header.names[column], err)
}

// located adds the line to the error of a record that begins there.
func located(err error, line int) error {
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		syntax.StartLine += line - 1
		syntax.Line += line - 1
		return err
	}
	return fmt.Errorf("line %d: %w", line, err)
}

// naValues returns the words that pandas reads as an empty cell. Those that ParseFloat
// reads as NaN need no special case.
func naValues() []string {
	return []string{"#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "None", "n/a", "null"}
}

// withoutNA returns a record with the cells of these words empty, and reports whether it
// had any.
func withoutNA(record string) (known string, had bool) {
	cells, err := csv.NewReader(strings.NewReader(record)).Read()
	if err != nil {
		return record, false
	}
	words := naValues()
	for i, cell := range cells {
		if slices.Contains(words, cell) {
			cells[i], had = "", true
		}
	}
	var text strings.Builder
	lines := csv.NewWriter(&text)
	lines.Write(cells)
	lines.Flush() // into memory: it cannot fail
	return text.String(), had
}
