package tokenizer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// normalForm is a Unicode normal form as the tokenizers library computes it.
type normalForm norm.Form

// graphemeJoiner is the character that x/text inserts into long runs of marks to bound
// its memory (stream-safe text). The library does not.
const graphemeJoiner = "\u034f"

// apply normalizes text but keeps characters that the library keeps because its tables
// are those of Unicode 10.
func (f normalForm) apply(text string) string {
	var s strings.Builder
	for {
		i := strings.IndexFunc(text, f.keeps)
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

// keeps reports whether the library keeps a character that newer tables would change.
func (f normalForm) keeps(r rune) bool {
	switch form := norm.Form(f); {
	case r < 0x7fd:
		return false
	case unicode.Is(newMarks, r):
		return true
	case form == norm.NFKC:
		return unicode.Is(newCompatible, r)
	case form == norm.NFKD:
		return r == divesAkuruO || unicode.Is(newCompatible, r)
	}
	return r == divesAkuruO && norm.Form(f) == norm.NFD
}

// divesAkuruO decomposes into two characters that NFC composes again.
const divesAkuruO = 0x11938

// standard returns the normal form of the Unicode standard, for runs of marks of any
// length.
func (f normalForm) standard(text string) string {
	normal := norm.Form(f).String(text)
	if strings.Count(normal, graphemeJoiner) == strings.Count(text, graphemeJoiner) {
		return normal
	}
	decomposed := f.decompose(text)
	if norm.Form(f) == norm.NFD || norm.Form(f) == norm.NFKD {
		return string(decomposed)
	}
	return string(compose(decomposed))
}

// decompose decomposes characters and sorts runs of marks by combining class.
func (f normalForm) decompose(text string) []rune {
	decomposition := norm.NFD
	if norm.Form(f) == norm.NFKC || norm.Form(f) == norm.NFKD {
		decomposition = norm.NFKD
	}
	var runes []rune
	for _, r := range text {
		runes = append(runes, []rune(decomposition.String(string(r)))...)
	}
	for i := 0; i < len(runes); {
		j := i
		for j < len(runes) && combiningClass(runes[j]) > 0 {
			j++
		}
		slices.SortStableFunc(runes[i:j], func(a, b rune) int { return int(combiningClass(a)) - int(combiningClass(b)) })
		i = j + 1
	}
	return runes
}

// compose joins each character to the last starter, unless a character of the same or
// a higher combining class is between them.
func compose(runes []rune) []rune {
	composed := make([]rune, 0, len(runes))
	starter, class := -1, uint8(0) // index of the last starter, class of the previous character
	for _, r := range runes {
		c := combiningClass(r)
		if starter >= 0 && (len(composed)-1 == starter || class < c) {
			if both, ok := composePair(composed[starter], r); ok {
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

// composePair returns the composition of two characters, if they have one.
func composePair(a, b rune) (rune, bool) {
	text := norm.NFC.String(string(a) + string(b))
	r, size := utf8.DecodeRuneInString(text)
	return r, size == len(text)
}

// combiningClass returns the canonical combining class.
func combiningClass(r rune) uint8 { return norm.NFD.PropertiesString(string(r)).CCC() }
