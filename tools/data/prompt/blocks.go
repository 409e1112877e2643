package prompt

import (
	"math/rand/v2"
	"strings"

	"github.com/LMCache/LMBench/tools/data/pyrand"
)

// Kind separates texts that have the same number.
type Kind uint64

const (
	Block  Kind = iota // text of a trace's hash id
	Prefix             // text before the first block of a group of requests
	Unique             // text of a single request
)

// numPhrases is the number of phrases that texts are composed of, a power of two.
const numPhrases = 1 << 13

// Blocks composes synthetic texts with an exact number of words, each preceded by a
// space. A text is identified by a number: the same number always gives the same
// text, and different numbers give different texts.
//
// Texts are composed of shared phrases, so that a text of 512 words takes 32 entries
// of a list and no copy. A trace's prompts are therefore made when they are due
// instead of being kept in memory.
type Blocks struct {
	seed      uint64
	perPhrase int // words
	phrases   []string
}

// NewBlocks returns a composer for blocks of size words. The seed changes the texts
// of all numbers. Words of the vocabulary must not contain spaces.
func NewBlocks(vocabulary []string, size int, seed uint64) *Blocks {
	// With at least four phrases a block, 52 bits distinguish two blocks.
	b := &Blocks{seed: seed, perPhrase: min(max(size/4, 1), 16)}
	random := rand.New(rand.NewPCG(0x6c6d62656e6368, uint64(b.perPhrase)))
	var all strings.Builder
	ends := make([]int, numPhrases)
	for i := range ends {
		for range b.perPhrase {
			all.WriteByte(' ')
			all.WriteString(vocabulary[random.IntN(len(vocabulary))])
		}
		ends[i] = all.Len()
	}
	text, from := all.String(), 0
	b.phrases = make([]string, numPhrases)
	for i, end := range ends {
		b.phrases[i] = text[from:end]
		from = end
	}
	return b
}

// Pieces returns an upper bound of the pieces that Append adds for n words.
func (b *Blocks) Pieces(n int) int { return n/b.perPhrase + 2 }

// Append appends words [from, to) of a text to pieces.
func (b *Blocks) Append(pieces []string, kind Kind, number uint64, from, to int) []string {
	hash := pyrand.SplitMix64(number+uint64(kind)<<62+uint64(kind), 0)
	state := pyrand.SplitMix64(b.seed^hash, 0)
	for from < to {
		i, first := from/b.perPhrase, from%b.perPhrase
		phrase := b.phrases[pyrand.SplitMix64(state, uint64(i))%numPhrases]
		n := min(b.perPhrase-first, to-from)
		if n < b.perPhrase {
			phrase = cut(phrase, first, first+n)
		}
		pieces = append(pieces, phrase)
		from += n
	}
	return pieces
}

// cut returns words [from, to) of a phrase.
func cut(phrase string, from, to int) string {
	start, end, word := 0, len(phrase), 0
	for i := range len(phrase) {
		if phrase[i] != ' ' {
			continue
		}
		if word == from {
			start = i
		}
		if word == to {
			end = i
			break
		}
		word++
	}
	return phrase[start:end]
}
