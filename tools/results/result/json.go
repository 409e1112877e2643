package result

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"unicode/utf16"

	"github.com/LMCache/LMBench/tools/results/spec"
)

// appendJSON writes a value as Python's json.dump(value, indent=2) does: keys in
// their order, floats as repr, everything but ASCII escaped.
func appendJSON(out []byte, value any, indent string) []byte {
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
		// A spec may hold .inf, which JSON cannot say but as text.
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return appendString(out, spec.Float(value))
		}
		return append(out, spec.Float(value)...)
	case string:
		return appendString(out, value)
	case []any:
		return appendItems(out, '[', ']', len(value), indent, func(out []byte, i int, indent string) []byte {
			return appendJSON(out, value[i], indent)
		})
	case spec.Map:
		return appendItems(out, '{', '}', len(value), indent, func(out []byte, i int, indent string) []byte {
			out = append(appendString(out, value[i].Key), ": "...)
			return appendJSON(out, value[i].Value, indent)
		})
	}
	panic(fmt.Sprintf("result: no JSON for a %T", value))
}

func appendItems(out []byte, open, end byte, n int, indent string, item func(out []byte, i int, indent string) []byte) []byte {
	out = append(out, open)
	for i := range n {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(out, '\n'), indent+"  "...)
		out = item(out, i, indent+"  ")
	}
	if n > 0 {
		out = append(append(out, '\n'), indent...)
	}
	return append(out, end)
}

func appendString(out []byte, text string) []byte {
	out = append(out, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case ' ' <= r && r <= '~':
			out = append(out, byte(r))
		case '\b' <= r && r <= '\r' && r != '\v':
			out = append(out, '\\', "btn fr"[r-'\b'])
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return append(out, '"')
}
