package dataset

import (
	"context"
	"errors"
	"strings"

	"github.com/LMCache/LMBench/tools/data/prompt"
	"github.com/LMCache/LMBench/tools/data/pyrand"
	"github.com/LMCache/LMBench/tools/data/tokenizer"
)

// Model is how the model reads text.
type Model struct {
	Tokenizer *tokenizer.Tokenizer // nil if unknown; words then stand for tokens
	Count     func(ctx context.Context, text string) (int, error)
	CleanUp   bool // decoding removes spaces before punctuation (clean_up_tokenization_spaces)

	// Chat applies the model's chat template to a single message of the user; nil if
	// there is no template.
	Chat func(user string) (string, error)
}

// count returns the number of tokens of a text, including special tokens around it.
func (m *Model) count(ctx context.Context, text string) (int, error) {
	if m.Tokenizer != nil {
		return len(m.Tokenizer.Encode(text, true)), nil
	}
	return m.Count(ctx, text)
}

var errNoTemplate = errors.New("no chat template: it is part of the tokenizer_config.json beside a tokenizer.json; " +
	"--tokenizer FOLDER or --chat-template FILE name them")

// chat applies the chat template.
func (m *Model) chat(user string) (string, error) {
	if m.Chat == nil {
		return "", errNoTemplate
	}
	return m.Chat(user)
}

// vocabulary holds the tokens that synthetic prompts are composed of: those of the
// tokenizer, or else words that are one token each in the usual vocabularies.
type vocabulary struct {
	*Model
	words []string // nil with a tokenizer
}

func (m *Model) vocabulary() vocabulary {
	v := vocabulary{Model: m}
	if m.Tokenizer == nil {
		v.words = prompt.Vocabulary()
	}
	return v
}

// numStandIns is the size of a vocabulary of words. Each word stands for many tokens, so
// that prompts are no more alike than with a real vocabulary.
const numStandIns = 1 << 20

func (v *vocabulary) size() int {
	if v.words != nil {
		return numStandIns
	}
	return v.Tokenizer.VocabSize()
}

// word returns the word that stands for a token.
func (v *vocabulary) word(id uint32) string {
	return v.words[pyrand.SplitMix64(0, uint64(id))%uint64(len(v.words))]
}

// numSpecial returns the number of special tokens around every text.
func (v *vocabulary) numSpecial() int {
	if v.words != nil {
		return 0
	}
	return len(v.Tokenizer.Encode("", true))
}

// decode returns the text of tokens.
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

// decodeAtMost returns the text of tokens, cut to limit tokens. Neighbouring tokens may
// split or merge in another way when their text is encoded again.
func (v *vocabulary) decodeAtMost(ids []uint32, limit int) string {
	text := v.decode(ids)
	if v.words != nil {
		return text
	}
	again := v.Tokenizer.Encode(text, false)
	return v.decode(again[:min(len(again), limit)])
}

// cleanUp does what some tokenizers do to decoded text.
func cleanUp(text string) string {
	for _, pair := range [][2]string{
		{" .", "."}, {" ?", "?"}, {" !", "!"}, {" ,", ","}, {" ' ", "'"},
		{" n't", "n't"}, {" 'm", "'m"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"},
	} { // in this order: each replacement sees the result of the previous ones
		text = strings.ReplaceAll(text, pair[0], pair[1])
	}
	return text
}
