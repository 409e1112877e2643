package simengine

import (
	"strings"

	"github.com/LMCache/LMBench/tools/data/pyrand"
)

// words is the vocabulary of answers. Each word is one token together with its
// space, after any text, and needs no escaping in JSON.
var words = func() []string {
	list := strings.Fields(`
		the of and to in that is was for on are with as at be this have from or
		one had by word but not what all were we when your can said there use an
		each which she do how their if will up other about out many then them
		these so some her would make like him into time has look two more write
		go see number no way could people my than first water been call who oil
		its now find long down day did get come made may part over new sound`)
	for i := range list {
		list[i] = " " + list[i]
	}
	return list
}()

// A textGenerator produces the endless text that follows a prompt. The text
// depends only on the prompt, as with a model at temperature 0.
type textGenerator struct {
	seed   uint64 // hash of the prompt
	tokens uint64 // number of tokens so far
}

// next returns the next token.
func (t *textGenerator) next() string {
	word := words[pyrand.SplitMix64(t.seed, t.tokens)%uint64(len(words))]
	t.tokens++
	return word
}
