package trace

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// readCSV reads a CSV whose header detect has seen.
func (l *lines) readCSV(r io.Reader) error {
	reader := csv.NewReader(r)
	reader.FieldsPerRecord, reader.ReuseRecord, reader.LazyQuotes = -1, true, true
	header, err := reader.Read()
	if err != nil {
		return err
	}
	found, ok := byHeader(header)
	if !ok {
		return errors.New("the header cannot be read as CSV")
	}
	at := found.index(header)
	for {
		cells, err := reader.Read()
		var syntax *csv.ParseError
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &syntax):
			l.fault(syntax.Line, syntax.Err)
			continue
		case err != nil:
			return fmt.Errorf("reading: %w", err)
		}
		line, _ := reader.FieldPos(0)
		request, stamp, err := parseCells(cells, at)
		if err != nil {
			l.fault(line, err)
			continue
		}
		request.Line = line
		l.add(request, stamp)
	}
}

func parseCells(cells []string, at []int) (r Request, stamp string, err error) {
	if last := max(at[0], at[1], at[2]); last >= len(cells) {
		return r, "", fmt.Errorf("%d cells, want at least %d", len(cells), last+1)
	}
	for _, count := range []struct {
		to   *int
		cell string
	}{{&r.Input, cells[at[1]]}, {&r.Output, cells[at[2]]}} {
		if *count.to, err = strconv.Atoi(strings.TrimSpace(count.cell)); err != nil {
			return r, "", fmt.Errorf("%.20q is no whole number of tokens", count.cell)
		}
	}
	return r, strings.Clone(cells[at[0]]), nil
}
