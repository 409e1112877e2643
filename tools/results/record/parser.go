package record

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strings"

	"github.com/gocarina/gocsv"
)

// parser parses the records of blocks.
type parser struct {
	header  columns
	row     *Row                      // the one that cells are read into
	cells   []func(cell string) error // by column; nil: Row has none of that name
	numbers floats
	rows    []Row // of the last block
}

func newParser(header columns) *parser {
	row := unstamped
	p := &parser{header: header, row: &row, cells: make([]func(string) error, len(header.names))}
	fields := fieldsOf(p.row)
	for i, name := range header.names {
		if field, known := fields[name]; known { // of two columns with one name the last counts
			p.cells[i] = reader(field, &p.numbers)
		}
	}
	return p
}

// parse reads the block's rows, up to the first error.
func (p *parser) parse(b block) error {
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

// lineEnd is after the line that goes through start.
func lineEnd(text string, start int) int {
	if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
		return start + n + 1
	}
	return len(text)
}

var errBlank = errors.New("a blank line is no record")

// record reads one into p.row.
func (p *parser) record(record string, plain bool) error {
	*p.row = unstamped
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

// quoted is a record with a quote in it.
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

// unusual is a record with a cell that none of ours writes. gocsv understands a
// few more; what it does not either is the error.
func (p *parser) unusual(record string, column int, err error) error {
	if known, had := withoutAbsent(record); had {
		return p.record(known, false)
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

// located names the line of an error in a record that begins there.
func located(err error, line int) error {
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		syntax.StartLine += line - 1
		syntax.Line += line - 1
		return err
	}
	return fmt.Errorf("line %d: %w", line, err)
}
