package simengine

import (
	"strings"
	"testing"
)

// text returns a prompt of n words in blocks of 4, told apart by its last word.
func text(n int, last string) *chain {
	sequence := &chain{blockSize: 4}
	sequence.addText(strings.Repeat(" hi", n-1) + " " + last)
	return sequence
}

func TestCacheLookup(t *testing.T) {
	for _, test := range []struct {
		stored, asked *chain
		want          int // tokens
		why           string
	}{
		{text(8, "x"), text(12, "y"), 4, "the second block differs in its last word"},
		{text(9, "x"), text(12, "y"), 8, "a block that is not full is not kept"},
		{text(8, "x"), text(8, "x"), 4, "the last token is always computed"},
		{text(9, "x"), text(9, "x"), 8, "which costs nothing if it is outside the full blocks"},
		{text(3, "x"), text(3, "x"), 0, "less than a block"},
		{text(1, "x"), text(8, "y"), 0, "nothing in common"},
	} {
		cache := newCache(100)
		cache.insert(test.stored)
		if got := cache.lookup(test.asked); got != test.want {
			t.Errorf("%s: %d tokens found, want %d", test.why, got, test.want)
		}
	}
}

// A key stands for everything before its block as well.
func TestCacheBlocksAreChained(t *testing.T) {
	cache := newCache(100)
	one, other := &chain{blockSize: 1}, &chain{blockSize: 1}
	one.addText("a b c")
	other.addText("x b c")
	cache.insert(one)
	if got := cache.lookup(other); got != 0 {
		t.Errorf("%d tokens found behind another first token, want 0", got)
	}
}

func TestCacheIsBounded(t *testing.T) {
	cache := newCache(3)
	old, recent := text(9, "old"), text(9, "recent")
	distinct := func(name string) *chain {
		sequence := &chain{blockSize: 4}
		sequence.addText(strings.Repeat(" "+name, 9))
		return sequence
	}
	cache.insert(old) // two blocks
	cache.insert(recent)
	if got := cache.size(); got != 2 {
		t.Errorf("%d blocks for two prompts with the same full blocks, want 2", got)
	}
	cache.insert(distinct("a"))
	if got := cache.size(); got != 3 {
		t.Errorf("%d blocks kept, want the bound of 3", got)
	}
	if got := cache.lookup(old); got != 4 {
		t.Errorf("%d tokens left of the oldest prompt, want its first block: the tail goes first", got)
	}
	cache.insert(distinct("b"))
	if got := cache.lookup(old); got != 4 {
		t.Errorf("%d tokens left of a prompt which was just looked up, want 4", got)
	}
	if got := cache.lookup(distinct("a")); got != 0 {
		t.Errorf("%d tokens left of the least recently used prompt, want 0", got)
	}
	cache.insert(text(40, "long"))
	if got := cache.size(); got != 3 {
		t.Errorf("%d blocks after a prompt larger than the cache, want 3", got)
	}
}

func TestNoCache(t *testing.T) {
	cache := newCache(0)
	cache.insert(text(9, "x"))
	if got := cache.lookup(text(9, "x")); got != 0 || cache.size() != 0 {
		t.Errorf("%d tokens found, %d blocks kept, want none", got, cache.size())
	}
}

// size returns how many blocks are kept.
func (c *cache) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.blocks)
}
