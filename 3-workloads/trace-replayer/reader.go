package main

import (
	"hash/maphash"
	"strings"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/trace"
)

// reader finds what an endless prefix cache could reuse of texts, by the texts
// alone: it hashes their words and knows nothing of hash ids.
type reader struct {
	cache *trace.Cache
	hash  maphash.Hash // of the block being read

	// Of the text being read.
	grid
	words       int // so far
	block, hits int
	boundary    int // words up to the end of the block
	hitWords    int
	chain       trace.PrefixHash
}

func newReader() *reader { return &reader{cache: trace.NewCache()} }

// read takes a text in and tells what could be reused of it. A word begins with
// the space before it.
func (r *reader) read(text chat.Text, g grid) trace.Reuse {
	r.grid, r.words, r.block, r.hits, r.boundary, r.hitWords, r.chain = g, 0, 0, 0, g.first, 0, 0
	r.hash.Reset()
	if len(text) > 0 && len(text[0]) > 0 && text[0][0] != ' ' {
		r.words = 1
	}
	for _, piece := range text {
		r.piece(piece)
	}
	if r.block < r.blocks { // full or not, the text ends here
		r.end()
	}
	return trace.Reuse{Requests: 1, Blocks: r.block, HitBlocks: r.hits, Tokens: r.words, HitTokens: r.hitWords}
}

// piece takes a part of a text in, which may hold the ends of blocks.
func (r *reader) piece(piece string) {
	words := strings.Count(piece, " ")
	for r.block < r.blocks && r.words+words > r.boundary {
		rest := after(piece, r.boundary-r.words)
		r.hash.WriteString(piece[:len(piece)-len(rest)])
		words -= max(0, r.boundary-r.words)
		r.words = max(r.words, r.boundary)
		piece = rest
		r.end()
	}
	r.words += words
	r.hash.WriteString(piece)
}

// after is a text from the space on that follows so many others.
func after(text string, spaces int) string {
	at := 0
	for ; spaces >= 0; spaces-- {
		at += strings.IndexByte(text[at:], ' ') + 1
	}
	return text[max(0, at-1):]
}

// end ends a block.
func (r *reader) end() {
	r.chain = r.chain.Add(r.hash.Sum64())
	if r.cache.Insert(r.chain) && r.hits == r.block {
		r.hits++
		r.hitWords = r.words
	}
	r.block++
	r.boundary += r.size
	if r.block == r.blocks-1 {
		r.boundary += r.last - r.size
	}
	r.hash.Reset()
}
