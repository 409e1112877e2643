package prompt

import (
	"math/rand/v2"
	"strings"
)

// Kind keeps texts that are known by the same number apart.
type Kind uint64

const (
	Block Kind = iota // of a trace's hash id
	Lead              // before the first block of a family
	Alone             // of one request and no other
)

// phrases is how many there are to make texts of, as a power of two.
const phrases = 1 << 13

// Blocks makes up texts of an exact number of words, each a word with a space
// before it. A text is known by a number: the same number is the same text
// wherever it stands, another number another text.
//
// Texts are put together from shared phrases, so that one of 512 words costs
// 32 short list entries and no copy: a trace's prompts need not be kept, they
// are made when they are due.
type Blocks struct {
	seed    uint64
	words   int // in each phrase
	phrases []string
}

// NewBlocks makes texts for blocks of size words. Another seed gives other
// texts for all numbers. The vocabulary's words must hold no space.
func NewBlocks(vocabulary []string, size int, seed uint64) *Blocks {
	// At least four phrases a block: 52 bits tell two blocks apart.
	b := &Blocks{seed: seed, words: min(max(size/4, 1), 16)}
	random := rand.New(rand.NewPCG(0x6c6d62656e6368, uint64(b.words)))
	var all strings.Builder
	ends := make([]int, phrases)
	for i := range ends {
		for range b.words {
			all.WriteByte(' ')
			all.WriteString(vocabulary[random.IntN(len(vocabulary))])
		}
		ends[i] = all.Len()
	}
	text, from := all.String(), 0
	b.phrases = make([]string, phrases)
	for i, end := range ends {
		b.phrases[i] = text[from:end]
		from = end
	}
	return b
}

// Pieces is at most how many pieces n words take.
func (b *Blocks) Pieces(n int) int { return n/b.words + 2 }

// Append adds words [from, to) of a text to a list of pieces.
func (b *Blocks) Append(pieces []string, kind Kind, number uint64, from, to int) []string {
	state := mix(b.seed ^ mix(number+uint64(kind)<<62+uint64(kind)))
	for from < to {
		i, first := from/b.words, from%b.words
		phrase := b.phrases[mix(state+uint64(i)*golden)%phrases]
		n := min(b.words-first, to-from)
		if n < b.words {
			phrase = cut(phrase, first, first+n)
		}
		pieces = append(pieces, phrase)
		from += n
	}
	return pieces
}

// cut is words [from, to) of a phrase.
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

const golden = 0x9e3779b97f4a7c15

// mix scatters the bits of a number (splitmix64).
func mix(z uint64) uint64 {
	z += golden
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
