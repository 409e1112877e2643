package trace

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gocarina/gocsv"

	"github.com/LMCache/LMBench/tools/data/userfile"
)

// A csvRow is a row of a CSV format. Fields are strings because gocsv would read
// 1.5 and an absent cell as whole numbers.
type csvRow interface {
	// cells returns the columns that every file of the format has.
	cells() (timestamp, input, output string)
}

// azureRow is a row of Azure's traces. A tag has the name that is written and
// the one that is read, which is in lower case.
type azureRow struct {
	Timestamp string `csv:"TIMESTAMP,timestamp"`
	Input     string `csv:"ContextTokens,contexttokens"`
	Output    string `csv:"GeneratedTokens,generatedtokens"`
}

func (r azureRow) cells() (timestamp, input, output string) { return r.Timestamp, r.Input, r.Output }

// burstGPTRow is a row of BurstGPT.
type burstGPTRow struct {
	Timestamp string `csv:"Timestamp,timestamp"`
	Model     string `csv:"Model,model"`
	Input     string `csv:"Request tokens,request tokens"`
	Output    string `csv:"Response tokens,response tokens"`
	Total     string `csv:"Total tokens,total tokens"`
	LogType   string `csv:"Log Type,log type"`
}

func (r burstGPTRow) cells() (timestamp, input, output string) { return r.Timestamp, r.Input, r.Output }

// A csvFormat has rows of one type and is identified by some of their columns.
type csvFormat struct {
	format  Format
	row     csvRow
	columns [3]string // of csvRow.cells
}

var csvFormats = []csvFormat{
	{Azure, azureRow{}, [3]string{"TIMESTAMP", "ContextTokens", "GeneratedTokens"}},
	{BurstGPT, burstGPTRow{}, [3]string{"Timestamp", "Request tokens", "Response tokens"}},
}

// newCSVReader returns a reader of records of any length.
func newCSVReader(r io.Reader) *csv.Reader {
	reader := csv.NewReader(r)
	reader.FieldsPerRecord, reader.ReuseRecord, reader.LazyQuotes = -1, true, true
	return reader
}

// formatOfHeader returns the format whose columns a header has.
func formatOfHeader(line []byte) (Format, bool) {
	header, err := newCSVReader(bytes.NewReader(line)).Read()
	if err != nil {
		return "", false
	}
	names := normalizeHeader(header)
	for _, f := range csvFormats {
		if !slices.ContainsFunc(f.columns[:], func(name string) bool { return !slices.Contains(names, strings.ToLower(name)) }) {
			return f.format, true
		}
	}
	return "", false
}

// normalizeHeader returns names as the rows' tags have them. Of columns with the
// same name it keeps the first.
func normalizeHeader(header []string) []string {
	names := make([]string, len(header))
	for i, cell := range header {
		name := strings.ToLower(strings.Trim(cell, " \t\r\""))
		if !slices.Contains(names[:i], name) {
			names[i] = name
		}
	}
	return names
}

// readCSV reads the rows of a file whose format has been detected.
func (p *parser) readCSV(r io.Reader) error {
	reader := newCSVReader(r)
	i := slices.IndexFunc(csvFormats, func(f csvFormat) bool { return f.format == p.trace.Format })
	rows, err := gocsv.NewUnmarshaller(reader, csvFormats[i].row)
	if err == nil {
		err = rows.RenormalizeHeaders(normalizeHeader)
	}
	if err != nil {
		return fmt.Errorf("reading the CSV header: %w", err)
	}
	for {
		row, err := rows.Read()
		var syntax *csv.ParseError
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &syntax):
			p.addInvalid(syntax.Line, syntax.Err)
			continue
		case err != nil:
			return fmt.Errorf("reading: %w", err)
		}
		line, _ := reader.FieldPos(0)
		request, timestamp, err := parseRow(row.(csvRow), csvFormats[i].columns)
		if err != nil {
			p.addInvalid(line, err)
			continue
		}
		request.Line = line
		p.add(request, timestamp)
	}
}

func parseRow(row csvRow, columns [3]string) (r Request, timestamp string, err error) {
	timestamp, input, output := row.cells()
	for _, length := range []struct {
		column, cell string
		to           *int
	}{{columns[1], input, &r.Input}, {columns[2], output, &r.Output}} {
		tokens, err := userfile.Whole(length.cell)
		if err != nil {
			return r, "", fmt.Errorf("%s %.20q: want a whole number of tokens", length.column, length.cell)
		}
		*length.to = int(tokens)
	}
	return r, timestamp, nil
}
