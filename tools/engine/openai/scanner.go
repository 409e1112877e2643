package openai

import (
	"bytes"
	"unicode/utf8"
)

// scanner reads JSON from left to right. Each method reads one element and returns
// false if the next one is of another kind; the scanner is of no further use then.
type scanner struct {
	data   []byte
	at     int
	closed bool // the object read last ended as it should
}

// peek returns the next byte that is not white space, or 0 at the end.
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

// open enters an object and returns its first key, or nil under the conditions of key.
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

// key returns the next key of an object and reads its colon. It returns nil at the end
// of the object, which sets closed, or if the key is not plain ASCII.
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

// named returns a key. encoding/json matches keys in any case, by Unicode's rules:
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

// delimited reports whether a number or word has ended.
func (s *scanner) delimited() bool {
	switch s.peek() {
	case ',', '}', ']', 0:
		return true
	}
	return false
}

// maxDepth is the depth of nesting up to which values are skipped.
const maxDepth = 32

// value skips any value, which must be valid JSON.
func (s *scanner) value(depth int) bool {
	if depth == maxDepth {
		return false
	}
	switch c := s.peek(); {
	case c == '"':
		var q quoted
		return s.text(&q)
	case c == '{':
		return s.skipObject(depth)
	case c == '[':
		return s.skipArray(depth)
	case c == 't':
		return s.word("true")
	case c == 'f':
		return s.word("false")
	case c == 'n':
		return s.null()
	}
	return s.number()
}

func (s *scanner) skipObject(depth int) bool {
	for key := s.open(); key != nil; key = s.key() {
		if !s.value(depth + 1) {
			return false
		}
	}
	return s.closed
}

func (s *scanner) skipArray(depth int) bool {
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

// number skips a number: an optional sign, digits, fraction, exponent.
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
