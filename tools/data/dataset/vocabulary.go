package dataset

import (
	"strings"

	"github.com/LMCache/LMBench/tools/data/prompt"
	"github.com/LMCache/LMBench/tools/data/pyrand"
)

// vocabulary is the tokens that made-up prompts are made of: those of the
// tokenizer, or else words that are one token each in the usual ones.
type vocabulary struct {
	*Model
	words []string // nil: the tokenizer's
}

func (m *Model) vocabulary() vocabulary {
	v := vocabulary{Model: m}
	if m.Tokenizer == nil {
		v.words = prompt.Vocabulary()
	}
	return v
}

// standIns is the size of a vocabulary of words. Each word stands for many
// tokens, so that prompts are no more alike than with a real vocabulary.
const standIns = 1 << 20

func (v *vocabulary) size() int {
	if v.words != nil {
		return standIns
	}
	return v.Tokenizer.VocabSize()
}

// word returns the word that stands for a token.
func (v *vocabulary) word(id uint32) string {
	return v.words[pyrand.SplitMix64(0, uint64(id))%uint64(len(v.words))]
}

// special is how many tokens stand around every text.
func (v *vocabulary) special() int {
	if v.words != nil {
		return 0
	}
	return len(v.Tokenizer.Encode("", true))
}

// decode is the text of tokens.
func (v *vocabulary) decode(ids []uint32) string {
	if v.words == nil {
		text := v.Tokenizer.Decode(ids, true)
		if v.CleanUp {
			text = cleanUp(text)
		}
		return text
	}
	var text strings.Builder
	for _, id := range ids {
		text.WriteByte(' ')
		text.WriteString(v.word(id))
	}
	return text.String()
}

// settle is a text of tokens that has at most so many: neighbours may merge
// into others when their text is read again.
func (v *vocabulary) settle(ids []uint32, most int) string {
	text := v.decode(ids)
	if v.words != nil {
		return text
	}
	again := v.Tokenizer.Encode(text, false)
	return v.decode(again[:min(len(again), most)])
}
