package trace

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// Format is the format of a trace's lines.
type Format string

// The formats that Read detects.
const (
	JSONL    Format = "jsonl"
	Azure    Format = "azure"
	BurstGPT Format = "burstgpt"
)

// detect returns the format according to the first line that is not blank,
// together with the bytes it has read.
func detect(input *bufio.Reader) (Format, []byte, error) {
	var seen []byte
	for {
		line, err := input.ReadSlice('\n')
		seen = append(seen, line...)
		text := bytes.TrimSpace(line)
		switch {
		case len(text) > 0 && text[0] == '{':
			return JSONL, seen, nil
		case len(text) > 0:
			if format, ok := formatOfHeader(text); ok {
				return format, seen, nil
			}
			return "", nil, fmt.Errorf("first line %.60q is neither a JSON object nor a CSV header with TIMESTAMP, ContextTokens, GeneratedTokens "+
				"or Timestamp, Request tokens, Response tokens", text)
		case err == io.EOF:
			return "", nil, fmt.Errorf("empty file: %w", ErrNoRequests)
		case err != nil && err != bufio.ErrBufferFull:
			return "", nil, err
		}
	}
}
