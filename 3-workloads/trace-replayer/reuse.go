package main

import (
	"hash/maphash"
	"strings"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/trace"
)

// A reuseMeter measures what an unbounded prefix cache could reuse of the prompts
// sent. It hashes their words and does not use hash ids.
type reuseMeter struct {
	cache *trace.Cache
	hash  maphash.Hash // of the current block

	// Of the current text.
	blockLayout
	words       int // so far
	block, hits int
	boundary    int // words up to the end of the block
	hitWords    int
	prefix      trace.PrefixHash
}

func newReuseMeter() *reuseMeter { return &reuseMeter{cache: trace.NewCache()} }

// add adds a text to the cache and returns what the cache had of it. A word
// begins with the space before it.
func (r *reuseMeter) add(text chat.Text, l blockLayout) trace.Reuse {
	r.blockLayout, r.words, r.block, r.hits, r.boundary, r.hitWords, r.prefix = l, 0, 0, 0, l.first, 0, 0
	r.hash.Reset()
	if len(text) > 0 && len(text[0]) > 0 && text[0][0] != ' ' {
		r.words = 1
	}
	for _, piece := range text {
		r.addPiece(piece)
	}
	if r.block < r.blocks { // the last block, which may be partial
		r.endBlock()
	}
	return trace.Reuse{Requests: 1, Blocks: r.block, HitBlocks: r.hits, Tokens: r.words, HitTokens: r.hitWords}
}

// addPiece adds a part of a text.
func (r *reuseMeter) addPiece(piece string) {
	words := strings.Count(piece, " ")
	for r.block < r.blocks && r.words+words > r.boundary {
		rest := afterSpaces(piece, r.boundary-r.words)
		r.hash.WriteString(piece[:len(piece)-len(rest)])
		words -= max(0, r.boundary-r.words)
		r.words = max(r.words, r.boundary)
		piece = rest
		r.endBlock()
	}
	r.words += words
	r.hash.WriteString(piece)
}

// afterSpaces returns the text from the space that follows n others.
func afterSpaces(text string, n int) string {
	at := 0
	for ; n >= 0; n-- {
		at += strings.IndexByte(text[at:], ' ') + 1
	}
	return text[max(0, at-1):]
}

// endBlock ends the current block.
func (r *reuseMeter) endBlock() {
	r.prefix = r.prefix.Add(r.hash.Sum64())
	if r.cache.Insert(r.prefix) && r.hits == r.block {
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
