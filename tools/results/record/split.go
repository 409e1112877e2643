package record

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

const (
	chunkSize = 1 << 16
	// longestRecord bounds the memory that a quote which is never closed takes.
	longestRecord = 1 << 28
)

// chunk is some whole records of a file.
type chunk struct {
	text string
	line int // line number of its first character, from 1
}

// splitter splits a file into chunks.
type splitter struct {
	from io.Reader
	line int
	rest []byte // read and not yet returned
	err  error
}

// next returns the next chunk; after the last the error is io.EOF.
func (c *splitter) next() (chunk, error) {
	for size := chunkSize; c.err == nil; size *= 2 {
		if size > longestRecord {
			return chunk{}, fmt.Errorf("line %d: a row of more than %d bytes: a quote may be missing", c.line, len(c.rest))
		}
		c.fill(size)
		if end := wholeRecords(c.rest); end > 0 {
			return c.cut(end), nil
		}
	}
	if len(c.rest) > 0 { // after the last line end, or before a reading error
		return c.cut(len(c.rest)), nil
	}
	return chunk{}, c.err
}

func (c *splitter) fill(size int) {
	had := len(c.rest)
	if size > cap(c.rest) {
		c.rest = append(make([]byte, 0, size), c.rest...)
	}
	c.rest = c.rest[:size]
	var n int
	n, c.err = io.ReadFull(c.from, c.rest[had:])
	c.rest = c.rest[:had+n]
	if c.err == io.ErrUnexpectedEOF {
		c.err = io.EOF
	}
}

func (c *splitter) cut(end int) chunk {
	b := chunk{string(c.rest[:end]), c.line}
	c.line += strings.Count(b.text, "\n")
	c.rest = c.rest[:copy(c.rest, c.rest[end:])]
	return b
}

// wholeRecords returns the length of the whole records at the start of text. A line end
// ends a record if an even number of quotes came before it.
func wholeRecords(text []byte) int {
	end := bytes.LastIndexByte(text, '\n') + 1
	quotes := bytes.Count(text[:end], []byte{'"'})
	for end > 0 && quotes%2 == 1 {
		before := bytes.LastIndexByte(text[:end-1], '\n') + 1
		quotes -= bytes.Count(text[before:end], []byte{'"'})
		end = before
	}
	return end
}
