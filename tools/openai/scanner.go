package openai

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads JSON from left to right. Each method reads one thing and says
// false if something else stands there; what was read until then is lost.
type scanner struct {
	data   []byte
	at     int
	closed bool // the object read last ended as it should
}

// peek is the next byte that is no white space; 0 at the end.
func (s *scanner) peek() byte {
	for ; s.at < len(s.data); s.at++ {
		switch c := s.data[s.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) next(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

// open enters an object and returns its first key; nil as from key.
func (s *scanner) open() []byte {
	s.closed = false
	if !s.next('{') {
		return nil
	}
	if s.next('}') {
		s.closed = true
		return nil
	}
	return s.named()
}

// key is the next key of an object, its colon read. It is nil at the end of the
// object, which sets closed, and where no usual key is.
func (s *scanner) key() []byte {
	s.closed = false
	if s.next('}') {
		s.closed = true
		return nil
	}
	if !s.next(',') {
		return nil
	}
	return s.named()
}

// named is a key. encoding/json matches keys in any case, by Unicode's rules:
// only a key without capitals or beyond ASCII is surely the one it looks like.
func (s *scanner) named() []byte {
	if !s.next('"') {
		return nil
	}
	from := s.at
	for ; s.at < len(s.data); s.at++ {
		switch c := s.data[s.at]; {
		case c == '"':
			name := s.data[from:s.at]
			s.at++
			if !s.next(':') {
				return nil
			}
			return name
		case c < ' ' || c == '\\' || c >= utf8.RuneSelf || 'A' <= c && c <= 'Z':
			return nil
		}
	}
	return nil
}

func (s *scanner) word(word string) bool {
	s.peek()
	if !bytes.HasPrefix(s.data[s.at:], []byte(word)) {
		return false
	}
	s.at += len(word)
	return true
}

func (s *scanner) null() bool { return s.word("null") }

// quoted is what stands between the quotes of a string.
type quoted struct {
	raw     []byte
	escaped bool
}

// text reads a string, or null, which leaves q as it was.
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
		s.passPlain()
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

// passPlain passes over printable ASCII other than quotes and backslashes, by
// words of eight bytes, which is eight times as fast where a chunk is long: it
// stops at a word with anything else in it, or near the end.
func (s *scanner) passPlain() {
	const (
		ones  = 0x0101010101010101
		highs = 0x80 * ones
	)
	// The high bit of a byte of x-n*ones that it did not have in x tells of a
	// byte below n, or of one above such a byte, which is then looked at in vain.
	for ; s.at+8 <= len(s.data); s.at += 8 {
		word := binary.LittleEndian.Uint64(s.data[s.at:])
		quote, slash := word^'"'*ones, word^'\\'*ones
		if (word|(word-' '*ones)|(quote-ones)&^quote|(slash-ones)&^slash)&highs != 0 {
			return
		}
	}
}

// escape passes over the escape at s.at, up to its last byte.
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

// natural reads a number without sign, fraction or exponent.
func (s *scanner) natural(n *int) bool {
	s.peek()
	from, value := s.at, 0
	for ; s.at < len(s.data) && '0' <= s.data[s.at] && s.data[s.at] <= '9'; s.at++ {
		if s.at-from == 18 {
			return false
		}
		value = 10*value + int(s.data[s.at]-'0')
	}
	if s.at == from || s.at-from > 1 && s.data[from] == '0' {
		return false
	}
	*n = value
	return s.delimited()
}

// delimited tells whether a number or word has ended.
func (s *scanner) delimited() bool {
	switch s.peek() {
	case ',', '}', ']', 0:
		return true
	}
	return false
}

// deepest is the depth down to which what does not matter is passed over.
const deepest = 32

// value passes over anything, which must be valid JSON.
func (s *scanner) value(depth int) bool {
	if depth == deepest {
		return false
	}
	switch c := s.peek(); {
	case c == '"':
		var q quoted
		return s.text(&q)
	case c == '{':
		return s.passObject(depth)
	case c == '[':
		return s.passArray(depth)
	case c == 't':
		return s.word("true")
	case c == 'f':
		return s.word("false")
	case c == 'n':
		return s.null()
	}
	return s.number()
}

func (s *scanner) passObject(depth int) bool {
	for key := s.open(); key != nil; key = s.key() {
		if !s.value(depth + 1) {
			return false
		}
	}
	return s.closed
}

func (s *scanner) passArray(depth int) bool {
	s.at++ // the bracket
	if s.next(']') {
		return true
	}
	for {
		if !s.value(depth + 1) {
			return false
		}
		if s.next(']') {
			return true
		}
		if !s.next(',') {
			return false
		}
	}
}

// number passes over a number: an optional sign, digits, fraction, exponent.
func (s *scanner) number() bool {
	if s.at < len(s.data) && s.data[s.at] == '-' {
		s.at++
	}
	whole := s.at
	if n := s.digits(); n == 0 || n > 1 && s.data[whole] == '0' {
		return false
	}
	if s.at < len(s.data) && s.data[s.at] == '.' {
		s.at++
		if s.digits() == 0 {
			return false
		}
	}
	if s.at < len(s.data) && (s.data[s.at] == 'e' || s.data[s.at] == 'E') {
		s.at++
		if s.at < len(s.data) && (s.data[s.at] == '+' || s.data[s.at] == '-') {
			s.at++
		}
		if s.digits() == 0 {
			return false
		}
	}
	return true
}

func (s *scanner) digits() int {
	from := s.at
	for s.at < len(s.data) && '0' <= s.data[s.at] && s.data[s.at] <= '9' {
		s.at++
	}
	return s.at - from
}

// writeTo appends the text, its escapes resolved.
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
