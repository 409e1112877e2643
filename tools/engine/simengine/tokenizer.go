package simengine

import (
	"unicode"
	"unicode/utf8"
)

// scanner cuts a text into the engine's tokens, without allocating:
//
//   - a run of letters, together with one space right before it;
//   - one digit;
//   - any other single character which is not white space;
//   - what is left of a run of white space once the following word has taken
//     its space.
//
// So "hi hi hi" has three tokens, and " 12 µm." has the tokens " ", "1", "2",
// " µm" and ".". The tokens of a text put together are the text, and text
// which starts with a space and a letter can be appended to any other without
// changing how that one is cut: what the engine says counts the same when it
// comes back inside the next prompt.
type scanner struct {
	text string
	at   int // where the next token starts, in bytes
}

// next returns the next token; it is empty at the end of the text.
func (s *scanner) next() string {
	start := s.at
	if start >= len(s.text) {
		return ""
	}
	kind, size := classify(s.text[start:])
	s.at += size
	switch kind {
	case letter:
		s.skip(letter)
	case space:
		s.skip(space)
		s.leaveWordItsSpace(start)
	}
	return s.text[start:s.at]
}

// skip moves to the end of a run of one kind.
func (s *scanner) skip(kind kind) {
	for s.at < len(s.text) {
		next, size := classify(s.text[s.at:])
		if next != kind {
			return
		}
		s.at += size
	}
}

// leaveWordItsSpace is called at the end of white space that began at start.
// If a word follows a plain space, that space belongs to the word: it is left
// for the next token, or, if it is all there is, the word is taken with it.
func (s *scanner) leaveWordItsSpace(start int) {
	if s.at >= len(s.text) || s.text[s.at-1] != ' ' {
		return
	}
	if next, _ := classify(s.text[s.at:]); next != letter {
		return
	}
	if s.at-start > 1 {
		s.at--
		return
	}
	s.skip(letter)
}

type kind byte

const (
	other kind = iota
	letter
	space
)

// ascii holds the kind of every one-byte character.
var ascii = func() (kinds [utf8.RuneSelf]kind) {
	for char := range rune(utf8.RuneSelf) {
		kinds[char] = kindOf(char)
	}
	return kinds
}()

// classify returns the kind and length of the first character of a text that
// is not empty. A byte which is not UTF-8 is a character of its own.
func classify(text string) (kind, int) {
	if first := text[0]; first < utf8.RuneSelf {
		return ascii[first], 1
	}
	char, size := utf8.DecodeRuneInString(text)
	return kindOf(char), size
}

func kindOf(char rune) kind {
	switch {
	case unicode.IsLetter(char), unicode.IsMark(char):
		return letter
	case unicode.IsSpace(char):
		return space
	}
	return other
}
