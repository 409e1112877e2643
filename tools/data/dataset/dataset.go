// Package dataset is the prompts of a serving benchmark's data sets.
//
// Each is made as vLLM's benchmark makes it, with the same draws of Python's
// and numpy's random numbers: a seed gives the same prompts for the same
// tokenizer and file.
package dataset

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/LMCache/LMBench/tools/data/pyrand"
	"github.com/LMCache/LMBench/tools/data/tokenizer"
)

// Request is one prompt and what is asked for it.
type Request struct {
	Prompt       string
	PromptTokens int // that it has, or was made to have, by the client's tokenizer
	OutputTokens int // of the answer, at most
}

// Draws are the two streams of random numbers that Python programs draw from,
// both seeded alike.
type Draws struct {
	Python pyrand.MT19937     // the module random
	Numpy  pyrand.RandomState // numpy.random
	seed   uint32
}

// NewDraws is random.seed(seed) and numpy.random.seed(seed).
func NewDraws(seed uint32) *Draws {
	d := &Draws{seed: seed, Numpy: *pyrand.NewRandomState(seed)}
	d.reseed()
	return d
}

// reseed is random.seed(seed) once more, as most data sets do.
func (d *Draws) reseed() { d.Python = *pyrand.NewMT19937(d.seed) }

// Model is how the model reads text.
type Model struct {
	Tokenizer *tokenizer.Tokenizer // nil: there is none; words stand for tokens
	Count     func(ctx context.Context, text string) (int, error)
	CleanUp   bool // decoded text loses spaces before punctuation: clean_up_tokenization_spaces

	// Chat is the text of a chat whose only message is the user's, by the
	// model's chat template; nil: none is known.
	Chat func(user string) (string, error)
}

// count is how many tokens a text has, special ones around it included.
func (m *Model) count(ctx context.Context, text string) (int, error) {
	if m.Tokenizer != nil {
		return len(m.Tokenizer.Encode(text, true)), nil
	}
	return m.Count(ctx, text)
}

// errNoTemplate says what a data set of chats lacks.
var errNoTemplate = errors.New("it needs the model's chat template, which is in the tokenizer_config.json beside a tokenizer.json: " +
	"--tokenizer FOLDER or --chat-template FILE name them")

// chat applies the chat template.
func (m *Model) chat(user string) (string, error) {
	if m.Chat == nil {
		return "", errNoTemplate
	}
	return m.Chat(user)
}

// limits is which requests of a data set are of use.
type limits struct {
	least                  int // tokens of prompt and answer each
	mostPrompt, mostTokens int
	anyOutput              bool // an answer may be shorter than least
}

// conversational is vLLM's rule for ShareGPT.
func conversational() limits { return limits{least: 4, mostPrompt: 1024, mostTokens: 2048} }

func (l limits) allow(promptTokens, outputTokens int) bool {
	return promptTokens >= l.least && (l.anyOutput || outputTokens >= l.least) &&
		promptTokens <= l.mostPrompt && promptTokens+outputTokens <= l.mostTokens
}

// fill repeats requests drawn from a list until there are n.
func (d *Draws) fill(requests []Request, n int) []Request {
	if missing := n - len(requests); missing > 0 {
		d.reseed()
		for _, i := range d.Python.Choices(len(requests), missing) {
			requests = append(requests, requests[i])
		}
	}
	return requests
}

// none is the error of a data set from which nothing is left.
func none(path string, read int, why string) error {
	return fmt.Errorf("%s: none of its %d entries is of use: %s", path, read, why)
}

// cleanUp is what some tokenizers do to decoded text.
func cleanUp(text string) string {
	for _, pair := range [][2]string{
		{" .", "."}, {" ?", "?"}, {" !", "!"}, {" ,", ","}, {" ' ", "'"},
		{" n't", "n't"}, {" 'm", "'m"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"},
	} { // one after the other: each sees what the ones before left
		text = strings.ReplaceAll(text, pair[0], pair[1])
	}
	return text
}
