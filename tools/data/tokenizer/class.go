package tokenizer

import (
	"unicode"
	"unicode/utf8"
)

// class is what the patterns of byte-level vocabularies tell apart.
type class = byte

const (
	other   class = '-'
	letter  class = 'L' // \p{L}
	number  class = 'N' // \p{N}
	blank   class = 'S' // \s but line ends
	lineEnd class = 'R' // \r and \n
)

// ascii are the classes of the first 128 characters.
const ascii = "---------SRSSR------------------" +
	"S---------------NNNNNNNNNN------" +
	"-LLLLLLLLLLLLLLLLLLLLLLLLLL-----" +
	"-LLLLLLLLLLLLLLLLLLLLLLLLLL-----"

// at is the class and size of the character that starts at i; other and 0 at
// the end of the text.
func at(text string, i int) (c class, size int) {
	if i >= len(text) {
		return other, 0
	}
	if b := text[i]; b < utf8.RuneSelf {
		return ascii[b], 1
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	return classOf(r), size
}

func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		return ascii[r]
	case isLetter(r):
		return letter
	case isNumber(r):
		return number
	case unicode.IsSpace(r):
		return blank
	}
	return other
}

// run is the end of the characters of class c from i on.
func run(text string, i int, c class) int {
	for {
		got, size := at(text, i)
		if size == 0 || got != c {
			return i
		}
		i += size
	}
}

// isWord tells whether \w of Rust's regular expressions matches.
func isWord(r rune) bool {
	return r == '_' || isLetter(r) || unicode.In(r, unicode.Nl, unicode.Nd, unicode.M, unicode.Pc, unicode.Other_Alphabetic, unicode.Join_Control)
}
