package tokenizer

import "strings"

// cl100kPatterns are the patterns that differ from one another in how many
// digits make a word: Llama-3 takes three, Qwen2 one.
func cl100kPattern(digits string) string {
	return `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}` + digits + `| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
}

// cl100k scans text as cl100kPattern does.
type cl100k struct{ digits int }

// next is the end of the word that starts at i.
func (s cl100k) next(text string, i int) int {
	if text[i] == '\'' {
		if n := contraction(text[i+1:]); n > 0 {
			return i + 1 + n
		}
	}
	c, size := at(text, i)
	from := i + size
	switch c {
	case letter:
		return run(text, from, letter)
	case number:
		return s.number(text, from)
	}
	after, width := at(text, from)
	switch {
	case width > 0 && after == letter && c != lineEnd:
		return run(text, from+width, letter)
	case c == other:
		return run(text, run(text, from, other), lineEnd)
	case width > 0 && after == other && text[i] == ' ':
		return run(text, run(text, from+width, other), lineEnd)
	}
	end, last, line := blanks(text, i)
	switch {
	case line > 0:
		return line
	case end < len(text) && last > i:
		return last
	}
	return end
}

// number is the end of a number whose first digit ends at i.
func (s cl100k) number(text string, i int) int {
	for n := 1; n < s.digits; n++ {
		c, size := at(text, i)
		if size == 0 || c != number {
			break
		}
		i += size
	}
	return i
}

// contraction is the length of what may follow an apostrophe, in any case. The
// long s is an s in another case.
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
