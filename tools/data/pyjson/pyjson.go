// Package pyjson writes JSON with the bytes that Python's json.dump writes with
// indent=2.
package pyjson

import (
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// An Object is a JSON object whose members have an order.
type Object interface {
	Members() iter.Seq2[string, any]
}

// A Style is json.dump's ensure_ascii.
type Style int

const (
	ASCII Style = iota // other characters are escaped
	UTF8
)

// Append appends a value: nil, a bool, int, int64, *big.Int, float64, string,
// json.RawMessage, []any or Object. NaN and infinities become strings, because
// JSON has no such numbers. The first line is not indented.
func (s Style) Append(out []byte, value any, indent string) []byte {
	switch value := value.(type) {
	case nil:
		return append(out, "null"...)
	case bool:
		return strconv.AppendBool(out, value)
	case int:
		return strconv.AppendInt(out, int64(value), 10)
	case int64:
		return strconv.AppendInt(out, value, 10)
	case *big.Int:
		return value.Append(out, 10)
	case float64:
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return s.appendString(out, Float(value))
		}
		return append(out, Float(value)...)
	case string:
		return s.appendString(out, value)
	case json.RawMessage:
		return append(out, value...)
	case []any:
		out = append(out, '[')
		for i, item := range value {
			out = s.Append(appendBreak(out, i, indent), item, indent+"  ")
		}
		return appendEnd(out, ']', len(value), indent)
	case Object:
		out = append(out, '{')
		n := 0
		for name, member := range value.Members() {
			out = append(s.appendString(appendBreak(out, n, indent), name), ": "...)
			out = s.Append(out, member, indent+"  ")
			n++
		}
		return appendEnd(out, '}', n, indent)
	}
	panic(fmt.Sprintf("pyjson: unsupported type %T", value))
}

// appendBreak begins the line of item n of a list or object.
func appendBreak(out []byte, n int, indent string) []byte {
	if n > 0 {
		out = append(out, ',')
	}
	out = append(out, '\n')
	return append(append(out, indent...), "  "...)
}

// appendEnd ends a list or object of n items.
func appendEnd(out []byte, end byte, n int, indent string) []byte {
	if n > 0 {
		out = append(append(out, '\n'), indent...)
	}
	return append(out, end)
}

func (s Style) appendString(out []byte, text string) []byte {
	out = append(out, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case '\b' <= r && r <= '\r' && r != '\v':
			out = append(out, '\\', "btn fr"[r-'\b'])
		case r < ' ', s == ASCII && r > '~' && r <= 0xffff:
			out = fmt.Appendf(out, `\u%04x`, r)
		case r < utf8.RuneSelf, s == UTF8:
			out = utf8.AppendRune(out, r)
		default:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		}
	}
	return append(out, '"')
}

// Float returns Python's repr of a float: the shortest digits that read back, with
// a point or an exponent.
func Float(v float64) string {
	switch {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 0):
		return strings.TrimPrefix(strings.ToLower(strconv.FormatFloat(v, 'f', -1, 64)), "+")
	}
	scientific := strconv.FormatFloat(v, 'e', -1, 64)
	exponent, err := strconv.Atoi(scientific[strings.IndexByte(scientific, 'e')+1:])
	if err != nil || exponent < -4 || exponent >= 16 {
		return scientific
	}
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}
