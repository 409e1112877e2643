package tokenizer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// form is a normal form of Unicode.
type form norm.Form

// joiner is what x/text puts into long rows of marks, to bound its memory.
// The standard has no such thing.
const joiner = "\u034f"

// apply leaves characters alone that the library, whose tables are of Unicode
// 10, does not know to be anything but themselves.
func (f form) apply(text string) string {
	var s strings.Builder
	for {
		i := strings.IndexFunc(text, f.newer)
		if i < 0 {
			break
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		s.WriteString(f.standard(text[:i]))
		s.WriteString(text[i : i+size])
		text = text[i+size:]
	}
	if s.Len() == 0 {
		return f.standard(text)
	}
	s.WriteString(f.standard(text))
	return s.String()
}

// newer tells whether a character is one of those.
func (f form) newer(r rune) bool {
	switch form := norm.Form(f); {
	case r < 0x7fd:
		return false
	case unicode.Is(newerMarks, r):
		return true
	case form == norm.NFKC:
		return unicode.Is(newerCompatible, r)
	case form == norm.NFKD:
		return r == twoVowels || unicode.Is(newerCompatible, r)
	}
	return r == twoVowels && norm.Form(f) == norm.NFD
}

// twoVowels is made of two characters that NFC joins again.
const twoVowels = 0x11938

// standard is the standard's normal form, however long rows of marks are.
func (f form) standard(text string) string {
	normal := norm.Form(f).String(text)
	if strings.Count(normal, joiner) == strings.Count(text, joiner) {
		return normal
	}
	decomposed := f.decompose(text)
	if norm.Form(f) == norm.NFD || norm.Form(f) == norm.NFKD {
		return string(decomposed)
	}
	return string(compose(decomposed))
}

// decompose takes characters apart and puts rows of marks in order.
func (f form) decompose(text string) []rune {
	apart := norm.NFD
	if norm.Form(f) == norm.NFKC || norm.Form(f) == norm.NFKD {
		apart = norm.NFKD
	}
	var runes []rune
	for _, r := range text {
		runes = append(runes, []rune(apart.String(string(r)))...)
	}
	for i := 0; i < len(runes); {
		j := i
		for j < len(runes) && combining(runes[j]) > 0 {
			j++
		}
		slices.SortStableFunc(runes[i:j], func(a, b rune) int { return int(combining(a)) - int(combining(b)) })
		i = j + 1
	}
	return runes
}

// compose joins each character to the last starter, unless one of the same or
// a higher class is between them.
func compose(runes []rune) []rune {
	composed := make([]rune, 0, len(runes))
	starter, class := -1, uint8(0) // the place of the starter; the class of the character before
	for _, r := range runes {
		c := combining(r)
		if starter >= 0 && (len(composed)-1 == starter || class < c) {
			if both, ok := pair(composed[starter], r); ok {
				composed[starter] = both
				continue
			}
		}
		if c == 0 {
			starter = len(composed)
		}
		class = c
		composed = append(composed, r)
	}
	return composed
}

// pair is the one character that two make.
func pair(a, b rune) (rune, bool) {
	text := norm.NFC.String(string(a) + string(b))
	r, size := utf8.DecodeRuneInString(text)
	return r, size == len(text)
}

// combining is the canonical combining class.
func combining(r rune) uint8 { return norm.NFD.PropertiesString(string(r)).CCC() }
