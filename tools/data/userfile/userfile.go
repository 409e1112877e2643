// Package userfile reads what editors, spreadsheets and pandas write into text files
// beside the data: a byte order mark, and whole numbers as floats.
package userfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// ByteOrderMark is UTF-8's, which Windows programs write at the start of a file.
const ByteOrderMark = "\ufeff"

// WithoutMark returns a reader that skips a byte order mark at the start of r.
func WithoutMark(r io.Reader) io.Reader { return &reader{from: bufio.NewReaderSize(r, 1<<16)} }

type reader struct {
	from    *bufio.Reader
	started bool
}

func (r *reader) Read(p []byte) (int, error) {
	if !r.started {
		r.started = true
		if start, _ := r.from.Peek(len(ByteOrderMark)); string(start) == ByteOrderMark {
			_, _ = r.from.Discard(len(ByteOrderMark)) // the peeked bytes are there
		}
	}
	return r.from.Read(p)
}

// TrimMark returns text without a byte order mark at its start.
func TrimMark(text []byte) []byte { return bytes.TrimPrefix(text, []byte(ByteOrderMark)) }

// maxExact is the largest whole number below which a float64 holds all of them.
const maxExact = 1 << 53

// Whole parses a whole number, which may be written as a float: 374, 374.0 or 1e3.
func Whole(text string) (int64, error) {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > maxExact || strings.ContainsAny(text, "xX_") {
		return 0, fmt.Errorf("%.40q: want a whole number", text)
	}
	return int64(f), nil
}

// Int is a JSON number that Whole can parse.
type Int int64

// UnmarshalJSON implements json.Unmarshaler. Its error has the type that encoding/json
// adds the name of the field to.
func (i *Int) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	n, err := Whole(string(data))
	if err != nil {
		return &json.UnmarshalTypeError{Value: kindOf(data), Type: reflect.TypeFor[int]()}
	}
	*i = Int(n)
	return nil
}

// Pointer returns the number as an int, or nil for nil.
func (i *Int) Pointer() *int {
	if i == nil {
		return nil
	}
	n := int(*i)
	return &n
}

// kindOf describes a JSON value in the words of encoding/json.
func kindOf(data []byte) string {
	switch data[0] {
	case '"':
		return "string"
	case '{':
		return "object"
	case '[':
		return "array"
	case 't', 'f':
		return "bool"
	}
	return "number " + string(data)
}
