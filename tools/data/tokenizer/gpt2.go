package tokenizer

import "strings"

// gpt2Pattern splits text into words for GPT-2 and the many that took it over.
const gpt2Pattern = `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`

// gpt2 scans text as gpt2Pattern does.
type gpt2 struct{}

// next is the end of the word that starts at i.
func (gpt2) next(text string, i int) int {
	for _, ending := range [...]string{"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"} {
		if text[i] != '\'' {
			break
		}
		if strings.HasPrefix(text[i:], ending) {
			return i + len(ending)
		}
	}
	c, size := at(text, i)
	from := i + size
	if text[i] == ' ' {
		if c, size = at(text, from); size == 0 {
			return from
		}
		from += size
	}
	if c == letter || c == number || c == other {
		return run(text, from, c)
	}
	end, last, _ := blanks(text, i)
	if end < len(text) && last > i {
		return last
	}
	return end
}

// blanks is the end of the white space from i on, the start of its last
// character, and the end of its last line end; 0 if it has none.
func blanks(text string, i int) (end, last, line int) {
	for {
		c, size := at(text, i)
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
