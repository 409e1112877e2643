package tokenizer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cl100kPattern returns the pattern of GPT-4's cl100k and its relatives. They differ in
// how many digits form a word: up to three in Llama 3, one in Qwen2.
func cl100kPattern(digits string) string {
	return `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}` + digits + `| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
}

// cl100k finds the words of cl100kPattern.
type cl100k struct{ digits int }

// next returns the end of the word that starts at i.
func (s cl100k) next(text string, i int) int {
	if text[i] == '\'' {
		if n := contraction(text[i+1:]); n > 0 {
			return i + 1 + n
		}
	}
	c, size := classAt(text, i)
	from := i + size
	switch c {
	case letter:
		return endOfRun(text, from, letter)
	case number:
		return s.number(text, from)
	}
	after, width := classAt(text, from)
	switch {
	case width > 0 && after == letter && c != lineEnd:
		return endOfRun(text, from+width, letter)
	case c == other:
		return endOfRun(text, endOfRun(text, from, other), lineEnd)
	case width > 0 && after == other && text[i] == ' ':
		return endOfRun(text, endOfRun(text, from+width, other), lineEnd)
	}
	end, last, line := endOfSpace(text, i)
	switch {
	case line > 0:
		return line
	case end < len(text) && last > i:
		return last
	}
	return end
}

// number returns the end of a number whose first digit ends at i.
func (s cl100k) number(text string, i int) int {
	for n := 1; n < s.digits; n++ {
		c, size := classAt(text, i)
		if size == 0 || c != number {
			break
		}
		i += size
	}
	return i
}

// contraction returns the length of the contraction that text, which follows an
// apostrophe, starts with. Case is ignored, and the long s (ſ) counts as an s.
func contraction(text string) int {
	if strings.HasPrefix(text, "ſ") {
		return len("ſ")
	}
	if len(text) == 0 {
		return 0
	}
	switch text[0] | 0x20 {
	case 's', 't', 'm', 'd':
		return 1
	}
	if len(text) > 1 {
		switch string([]byte{text[0] | 0x20, text[1] | 0x20}) {
		case "re", "ve", "ll":
			return 2
		}
	}
	return 0
}

// gpt2Pattern is the pattern of GPT-2, which many other models use.
const gpt2Pattern = `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`

// gpt2 finds the words of gpt2Pattern.
type gpt2 struct{}

// next returns the end of the word that starts at i.
func (gpt2) next(text string, i int) int {
	for _, ending := range [...]string{"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"} {
		if text[i] != '\'' {
			break
		}
		if strings.HasPrefix(text[i:], ending) {
			return i + len(ending)
		}
	}
	c, size := classAt(text, i)
	from := i + size
	if text[i] == ' ' {
		if c, size = classAt(text, from); size == 0 {
			return from
		}
		from += size
	}
	if c == letter || c == number || c == other {
		return endOfRun(text, from, c)
	}
	end, last, _ := endOfSpace(text, i)
	if end < len(text) && last > i {
		return last
	}
	return end
}

// endOfSpace returns the end of the white space that starts at i, the start of its last
// character, and the end of its last line break, or 0 if it has none.
func endOfSpace(text string, i int) (end, last, line int) {
	for {
		c, size := classAt(text, i)
		if size == 0 || c != blank && c != lineEnd {
			return i, last, line
		}
		last = i
		i += size
		if c == lineEnd {
			line = i
		}
	}
}

// class is a class of characters that these patterns distinguish.
type class = byte

const (
	other   class = '-'
	letter  class = 'L' // \p{L}
	number  class = 'N' // \p{N}
	blank   class = 'S' // \s without line breaks
	lineEnd class = 'R' // \r and \n
)

// asciiClasses holds the classes of the first 128 characters.
const asciiClasses = "---------SRSSR------------------" +
	"S---------------NNNNNNNNNN------" +
	"-LLLLLLLLLLLLLLLLLLLLLLLLLL-----" +
	"-LLLLLLLLLLLLLLLLLLLLLLLLLL-----"

// classAt returns the class and size of the character at i, or other and 0 at the end
// of the text.
func classAt(text string, i int) (c class, size int) {
	if i >= len(text) {
		return other, 0
	}
	if b := text[i]; b < utf8.RuneSelf {
		return asciiClasses[b], 1
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	return classOf(r), size
}

func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		return asciiClasses[r]
	case isLetter(r):
		return letter
	case isNumber(r):
		return number
	case unicode.IsSpace(r):
		return blank
	}
	return other
}

// endOfRun returns the end of the characters of class c that start at i.
func endOfRun(text string, i int, c class) int {
	for {
		got, size := classAt(text, i)
		if size == 0 || got != c {
			return i
		}
		i += size
	}
}

// isWord reports whether \w matches in Rust's regular expressions.
func isWord(r rune) bool {
	return r == '_' || isLetter(r) || unicode.In(r, unicode.Nl, unicode.Nd, unicode.M, unicode.Pc, unicode.Other_Alphabetic, unicode.Join_Control)
}
