package openai

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// quoted is what lies between the quotes of a JSON string.
type quoted struct {
	raw     []byte
	escaped bool
}

// text reads a string, or null, which leaves q unchanged.
func (s *scanner) text(q *quoted) bool {
	if s.null() {
		return true
	}
	if !s.next('"') {
		return false
	}
	*q = quoted{}
	ascii := true
	for from := s.at; s.at < len(s.data); s.at++ {
		s.skipPlain()
		if s.at == len(s.data) {
			return false
		}
		switch c := s.data[s.at]; {
		case c == '"':
			q.raw = s.data[from:s.at]
			s.at++
			return ascii || utf8.Valid(q.raw)
		case c < ' ':
			return false
		case c == '\\':
			q.escaped = true
			if !s.escape() {
				return false
			}
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return false
}

// skipPlain skips printable ASCII other than quotes and backslashes, by
// words of eight bytes, which is eight times as fast where a chunk is long: it
// stops at a word with anything else in it, or near the end.
func (s *scanner) skipPlain() {
	const (
		ones  = 0x0101010101010101
		highs = 0x80 * ones
	)
	// A high bit in x-n*ones that is not in x marks a byte below n, or a byte next to
	// one, which is then examined for nothing.
	for ; s.at+8 <= len(s.data); s.at += 8 {
		word := binary.LittleEndian.Uint64(s.data[s.at:])
		quote, slash := word^'"'*ones, word^'\\'*ones
		if (word|(word-' '*ones)|(quote-ones)&^quote|(slash-ones)&^slash)&highs != 0 {
			return
		}
	}
}

// escape skips the escape at s.at, up to its last byte.
func (s *scanner) escape() bool {
	s.at++
	if s.at >= len(s.data) {
		return false
	}
	if s.data[s.at] != 'u' {
		return strings.IndexByte(`"\/bfnrt`, s.data[s.at]) >= 0
	}
	if s.at+4 >= len(s.data) {
		return false
	}
	r, ok := codePoint(s.data[s.at+1:])
	s.at += 4
	return ok && !utf16.IsSurrogate(r)
}

// codePoint reads four digits. Halves of a rune beyond 16 bits are rare enough to be
// left to encoding/json.
func codePoint(digits []byte) (rune, bool) {
	n, err := strconv.ParseUint(string(digits[:4]), 16, 32)
	return rune(n), err == nil
}

// writeTo writes the text without its escapes.
func (q *quoted) writeTo(out *text) {
	rest := q.raw
	for q.escaped {
		slash := bytes.IndexByte(rest, '\\')
		if slash < 0 {
			break
		}
		out.Write(rest[:slash])
		c := rest[slash+1]
		rest = rest[slash+2:]
		switch c {
		case 'u':
			r, _ := codePoint(rest)
			out.WriteRune(r)
			rest = rest[4:]
		case 'b', 'f', 'n', 'r', 't':
			out.WriteRune(rune("\b\f\n\r\t"[strings.IndexByte("bfnrt", c)]))
		default:
			out.WriteRune(rune(c))
		}
	}
	out.Write(rest)
}
