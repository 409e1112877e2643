package trace

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Format is how a trace's lines are written.
type Format string

// The formats that Read knows.
const (
	JSONL    Format = "jsonl"
	Azure    Format = "azure"
	BurstGPT Format = "burstgpt"
)

// columns are a CSV's columns that matter, in lower case.
type columns struct {
	format                   Format
	timestamp, input, output string
}

var known = []columns{
	{Azure, "timestamp", "contexttokens", "generatedtokens"},
	{BurstGPT, "timestamp", "request tokens", "response tokens"},
}

// detect finds the format by the first line that is not blank, and returns
// what it read to see it.
func detect(input *bufio.Reader) (Format, []byte, error) {
	var seen []byte
	for {
		line, err := input.ReadSlice('\n')
		seen = append(seen, line...)
		text := bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
		switch {
		case len(text) > 0 && text[0] == '{':
			return JSONL, seen, nil
		case len(text) > 0:
			if c, ok := byHeader(strings.Split(string(text), ",")); ok {
				return c.format, seen, nil
			}
			return "", nil, fmt.Errorf("the first line is neither a JSON object nor a CSV header with TIMESTAMP, ContextTokens, GeneratedTokens "+
				"or Timestamp, Request tokens, Response tokens: %.60q", text)
		case err == io.EOF:
			return "", nil, fmt.Errorf("the file is empty: %w", ErrNoRequest)
		case err != nil && err != bufio.ErrBufferFull:
			return "", nil, err
		}
	}
}

// byHeader finds the format whose columns a header has.
func byHeader(header []string) (columns, bool) {
	for _, c := range known {
		if c.index(header) != nil {
			return c, true
		}
	}
	return columns{}, false
}

// index is where the columns are; nil if one is not there.
func (c columns) index(header []string) []int {
	at := []int{-1, -1, -1}
	for i, cell := range header {
		cell = strings.ToLower(strings.Trim(strings.TrimPrefix(cell, "\ufeff"), " \t\r\""))
		for j, name := range []string{c.timestamp, c.input, c.output} {
			if cell == name && at[j] < 0 {
				at[j] = i
			}
		}
	}
	for _, i := range at {
		if i < 0 {
			return nil
		}
	}
	return at
}
