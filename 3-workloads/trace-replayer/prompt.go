package main

import (
	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/prompt"
	"github.com/LMCache/LMBench/tools/data/trace"
)

// A promptBuilder builds the prompts of requests.
type promptBuilder struct {
	layout   *trace.Layout
	blocks   *prompt.Blocks
	legacy   *prompt.LegacyTrace // if not nil, replaces blocks
	overhead int                 // tokens that the API adds to a prompt
}

// text returns a prompt. Its first tokens are omitted to make up for those that
// the API adds, so that the total is the trace's and blocks begin within a few
// tokens of where they do in the trace.
func (b *promptBuilder) text(r *trace.Request) chat.Text {
	if b.legacy != nil {
		return b.legacy.Prompt(r.Blocks, r.Input)
	}
	parts := b.layout.Parts(r)
	text := make(chat.Text, 0, b.pieces(r, parts))
	skip := b.skip(r)
	add := func(kind prompt.Kind, number uint64, tokens int) {
		omitted := min(skip, tokens)
		skip -= omitted
		text = b.blocks.Append(text, kind, number, omitted, tokens)
	}
	if parts.Prefix > 0 {
		add(prompt.Prefix, uint64(r.Blocks[0]), parts.Prefix)
	}
	for i, id := range r.Blocks[:parts.Blocks] {
		if i < parts.Blocks-1 {
			add(prompt.Block, uint64(id), b.layout.Size)
		} else {
			add(prompt.Block, uint64(id), parts.Last)
		}
	}
	add(prompt.Unique, uint64(r.Line), parts.Unique)
	return text
}

// skip returns the number of tokens to omit. At least one is left.
func (b *promptBuilder) skip(r *trace.Request) int { return min(b.overhead, r.Input-1) }

// pieces returns an upper bound of the pieces of a prompt.
func (b *promptBuilder) pieces(r *trace.Request, parts trace.Parts) int {
	return b.blocks.Pieces(parts.Prefix) + b.blocks.Pieces(parts.Unique) + parts.Blocks*b.blocks.Pieces(b.layout.Size)
}

// A blockLayout says where the blocks of a prompt end in its text, in words.
type blockLayout struct {
	first  int // end of the first block
	size   int // of the blocks between the first and the last
	blocks int
	last   int // size of the last block, if it is not the first
}

// blockLayout returns the layout of a request's prompt.
func (b *promptBuilder) blockLayout(r *trace.Request) blockLayout {
	if b.legacy != nil { // it has no blocks: a cache would split it from its start
		return blockLayout{first: b.layout.Size, size: b.layout.Size, blocks: len(r.Blocks), last: b.layout.Size}
	}
	parts := b.layout.Parts(r)
	l := blockLayout{first: parts.Prefix + b.layout.Size, size: b.layout.Size, blocks: parts.Blocks, last: parts.Last}
	if parts.Blocks == 1 {
		l.first = parts.Prefix + parts.Last
	}
	l.first -= b.skip(r)
	for l.first <= 0 && l.blocks > 1 { // the first block is omitted
		l.blocks--
		l.first += l.size
		if l.blocks == 1 {
			l.first += l.last - l.size
		}
	}
	return l
}
