package main

import (
	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/prompt"
	"github.com/LMCache/LMBench/tools/data/trace"
)

// composer makes a request's prompt.
type composer struct {
	layout   *trace.Layout
	blocks   *prompt.Blocks
	legacy   *prompt.LegacyTrace // if not nil, instead of blocks
	overhead int                 // tokens that the API puts around the prompt
}

// text is a prompt as it is sent. The API's own tokens stand in for its first
// ones, so that all of them are as many as the trace says and the blocks lie, to
// a few tokens, where the trace has them.
func (c *composer) text(r *trace.Request) chat.Text {
	if c.legacy != nil {
		return c.legacy.Prompt(r.Blocks, r.Input)
	}
	parts := c.layout.Parts(r)
	text := make(chat.Text, 0, c.pieces(r, parts))
	skip := c.skip(r)
	add := func(kind prompt.Kind, number uint64, tokens int) {
		passed := min(skip, tokens)
		skip -= passed
		text = c.blocks.Append(text, kind, number, passed, tokens)
	}
	if parts.Prefix > 0 {
		add(prompt.Prefix, uint64(r.Blocks[0]), parts.Prefix)
	}
	for i, id := range r.Blocks[:parts.Blocks] {
		if i < parts.Blocks-1 {
			add(prompt.Block, uint64(id), c.layout.Size)
		} else {
			add(prompt.Block, uint64(id), parts.Last)
		}
	}
	add(prompt.Unique, uint64(r.Line), parts.Unique)
	return text
}

// skip is how many tokens at the start the API's stand in for: all but one of
// the shortest prompts.
func (c *composer) skip(r *trace.Request) int { return min(c.overhead, r.Input-1) }

// pieces is at most how many pieces a prompt takes.
func (c *composer) pieces(r *trace.Request, parts trace.Parts) int {
	return c.blocks.Pieces(parts.Prefix) + c.blocks.Pieces(parts.Unique) + parts.Blocks*c.blocks.Pieces(c.layout.Size)
}

// grid is where the blocks of a prompt lie in its text, for whoever looks at the
// text alone.
type grid struct {
	first  int // words up to the end of the first block
	size   int // of each further one
	blocks int
	last   int // words of the last one, if it is not the first
}

func (c *composer) grid(r *trace.Request) grid {
	if c.legacy != nil { // it has no blocks of its own: a cache would cut it from its start
		return grid{first: c.layout.Size, size: c.layout.Size, blocks: len(r.Blocks), last: c.layout.Size}
	}
	parts := c.layout.Parts(r)
	g := grid{first: parts.Prefix + c.layout.Size, size: c.layout.Size, blocks: parts.Blocks, last: parts.Last}
	if parts.Blocks == 1 {
		g.first = parts.Prefix + parts.Last
	}
	g.first -= c.skip(r)
	for g.first <= 0 && g.blocks > 1 { // the API's tokens stand in for all of it
		g.blocks--
		g.first += g.size
		if g.blocks == 1 {
			g.first += g.last - g.size
		}
	}
	return g
}
