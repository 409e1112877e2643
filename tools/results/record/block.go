package record

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

const (
	blockSize = 1 << 16
	// longestRecord is where a quote that nothing closes stops taking memory.
	longestRecord = 1 << 28
)

// block is some whole records of a file.
type block struct {
	text string
	line int // of its first character, from 1
}

// cutter cuts a file into blocks.
type cutter struct {
	from io.Reader
	line int
	rest []byte // read and not yet cut off
	err  error
}

// next is the next block, or why there is none: io.EOF after the last.
func (c *cutter) next() (block, error) {
	for size := blockSize; c.err == nil; size *= 2 {
		if size > longestRecord {
			return block{}, fmt.Errorf("line %d: a row without end: %d bytes", c.line, len(c.rest))
		}
		c.fill(size)
		if end := wholeRecords(c.rest); end > 0 {
			return c.cut(end), nil
		}
	}
	if len(c.rest) > 0 { // after the last line end, or before a reading error
		return c.cut(len(c.rest)), nil
	}
	return block{}, c.err
}

func (c *cutter) fill(size int) {
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

func (c *cutter) cut(end int) block {
	b := block{string(c.rest[:end]), c.line}
	c.line += strings.Count(b.text, "\n")
	c.rest = c.rest[:copy(c.rest, c.rest[end:])]
	return b
}

// wholeRecords is how far records reach in text that begins with one. A line's
// end is a record's if an even number of quotes came before.
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
