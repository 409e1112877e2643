package sharegpt

import (
	"strings"
	"unicode"
)

// Round is a question with everything that was said before it.
type Round struct {
	Input  string
	Answer int // the turn that answers; -1: none does
}

// CountRounds is the number of questions.
func (e *Entry) CountRounds() int {
	n := 0
	for i := range e.Turns {
		if e.Turns[i].Human() {
			n++
		}
	}
	return n
}

// Round is question n, counted from 1, of at least so many.
func (e *Entry) Round(n int) Round {
	var text strings.Builder
	for i := range e.Turns {
		text.WriteString(e.Turns[i].Value)
		text.WriteByte('\n')
		if e.Turns[i].Human() {
			if n--; n == 0 {
				return Round{Input: strings.TrimFunc(text.String(), isSpace), Answer: e.answer(i)}
			}
		}
	}
	return Round{Answer: -1}
}

// answer is the model's next turn after turn i.
func (e *Entry) answer(i int) int {
	for j := i + 1; j < len(e.Turns); j++ {
		if e.Turns[j].GPT() {
			return j
		}
	}
	return -1
}

// isSpace is what Python's strip takes away: white space and the four
// separators of ASCII.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }
