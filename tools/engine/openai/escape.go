package openai

import (
	"math/bits"
	"unicode/utf8"
)

// clean returns how many bytes at the start of s need no escaping in a JSON string.
// It stops before an incomplete rune, which the next piece may complete.
func clean(s string) int {
	i := 0
	for {
		i += cleanASCII(s[i:])
		if i == len(s) || s[i] < utf8.RuneSelf {
			return i
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || r == '\u2028' || r == '\u2029' {
			return i
		}
		i += size
	}
}

// cleanASCII returns how many bytes at the start of s are ASCII without quotes,
// backslashes and control characters. Prompts are long and nearly all of them
// is that, so it looks at eight bytes at a time: in each byte of odd the top bit
// is set if the byte needs a second look. The subtractions may borrow from the
// byte above, so only the lowest set bit is certain, which is all that is used.
func cleanASCII(s string) int {
	const (
		ones      = 0x0101010101010101
		top       = 0x80 * ones
		space     = ' ' * ones
		quote     = '"' * ones
		backslash = '\\' * ones
	)
	i := 0
	for ; i+8 <= len(s); i += 8 {
		eight := s[i : i+8]
		x := uint64(eight[0]) | uint64(eight[1])<<8 | uint64(eight[2])<<16 | uint64(eight[3])<<24 |
			uint64(eight[4])<<32 | uint64(eight[5])<<40 | uint64(eight[6])<<48 | uint64(eight[7])<<56
		odd := (x | (x - space) | ((x ^ quote) - ones) | ((x ^ backslash) - ones)) & top
		if odd != 0 {
			return i + bits.TrailingZeros64(odd)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			break
		}
	}
	return i
}

const (
	hex     = "0123456789abcdef"
	invalid = `\ufffd` // what encoding/json writes for invalid UTF-8
)

// escapes[c] is how control character c, a quote or a backslash is written.
var escapes = func() (e ['\\' + 1]string) {
	for c := range byte(' ') {
		e[c] = `\u00` + string(hex[c>>4]) + string(hex[c&15])
	}
	e['\b'], e['\f'], e['\n'], e['\r'], e['\t'] = `\b`, `\f`, `\n`, `\r`, `\t`
	e['"'], e['\\'] = `\"`, `\\`
	return e
}()

// escape returns the escaped form of the first rune of s, at which clean stopped, and
// the length of the rune in s.
func escape(s string) (written string, size int) {
	if s[0] < utf8.RuneSelf {
		return escapes[s[0]], 1
	}
	switch r, size := utf8.DecodeRuneInString(s); {
	case r == '\u2028':
		return `\u2028`, size
	case r == '\u2029':
		return `\u2029`, size
	case r == utf8.RuneError && size == 1:
		return invalid, 1
	default:
		return s[:size], size
	}
}
