package sharegpt

import (
	"strings"
	"unicode"
)

// A Round is a question with all turns before it.
type Round struct {
	Input  string
	Answer int // index of the answering turn, or -1
}

// CountRounds returns the number of questions.
func (r *Record) CountRounds() int {
	n := 0
	for i := range r.Turns {
		if r.Turns[i].Human() {
			n++
		}
	}
	return n
}

// Round returns question n, counted from 1.
func (r *Record) Round(n int) Round {
	var text strings.Builder
	for i := range r.Turns {
		text.WriteString(r.Turns[i].Value)
		text.WriteByte('\n')
		if r.Turns[i].Human() {
			if n--; n == 0 {
				return Round{Input: strings.TrimFunc(text.String(), isSpace), Answer: r.answer(i)}
			}
		}
	}
	return Round{Answer: -1}
}

// answer returns the index of the model's first turn after turn i, or -1.
func (r *Record) answer(i int) int {
	for j := i + 1; j < len(r.Turns); j++ {
		if r.Turns[j].GPT() {
			return j
		}
	}
	return -1
}

// isSpace reports whether Python's str.strip removes a character: white space
// or one of ASCII's four separators.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }
