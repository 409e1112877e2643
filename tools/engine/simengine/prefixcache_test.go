package simengine

import (
	"strings"
	"testing"
)

// text returns a prompt of n words in blocks of 4. Prompts of the same length
// differ only in their last word.
func text(n int, last string) *sequence {
	tokens := &sequence{blockSize: 4}
	tokens.addText(strings.Repeat(" hi", n-1) + " " + last)
	return tokens
}

func TestPrefixCacheLookup(t *testing.T) {
	for _, test := range []struct {
		stored, prompt *sequence
		want           int // tokens
		why            string
	}{
		{text(8, "x"), text(12, "y"), 4, "the second block differs in its last word"},
		{text(9, "x"), text(12, "y"), 8, "a partly filled block is not cached"},
		{text(8, "x"), text(8, "x"), 4, "the last token is always computed, and with it its block"},
		{text(9, "x"), text(9, "x"), 8, "the last token is outside the full blocks"},
		{text(3, "x"), text(3, "x"), 0, "less than a block"},
		{text(1, "x"), text(8, "y"), 0, "nothing in common"},
	} {
		cache := newPrefixCache(100)
		cache.insert(test.stored)
		if got := cache.lookup(test.prompt); got != test.want {
			t.Errorf("%s: %d tokens cached, want %d", test.why, got, test.want)
		}
	}
}

func TestPrefixCacheKeyCoversEverythingBefore(t *testing.T) {
	cache := newPrefixCache(100)
	one, other := &sequence{blockSize: 1}, &sequence{blockSize: 1}
	one.addText("a b c")
	other.addText("x b c")
	cache.insert(one)
	if got := cache.lookup(other); got != 0 {
		t.Errorf("%d tokens cached after a different first token, want 0", got)
	}
}

func TestPrefixCacheEviction(t *testing.T) {
	cache := newPrefixCache(3)
	old, recent := text(9, "old"), text(9, "recent")
	distinct := func(name string) *sequence {
		tokens := &sequence{blockSize: 4}
		tokens.addText(strings.Repeat(" "+name, 9))
		return tokens
	}
	cache.insert(old) // two blocks
	cache.insert(recent)
	if got := cache.size(); got != 2 {
		t.Errorf("%d blocks for two prompts with the same full blocks, want 2", got)
	}
	cache.insert(distinct("a"))
	if got := cache.size(); got != 3 {
		t.Errorf("%d blocks cached, want the capacity of 3", got)
	}
	if got := cache.lookup(old); got != 4 {
		t.Errorf("%d tokens cached of the oldest prompt, want 4: the end of a prompt is evicted before its start", got)
	}
	cache.insert(distinct("b"))
	if got := cache.lookup(old); got != 4 {
		t.Errorf("%d tokens cached of a prompt that was just looked up, want 4", got)
	}
	if got := cache.lookup(distinct("a")); got != 0 {
		t.Errorf("%d tokens cached of the least recently used prompt, want 0", got)
	}
	cache.insert(text(40, "long"))
	if got := cache.size(); got != 3 {
		t.Errorf("%d blocks after a prompt larger than the cache, want 3", got)
	}
}

func TestPrefixCacheDisabled(t *testing.T) {
	cache := newPrefixCache(0)
	cache.insert(text(9, "x"))
	if got := cache.lookup(text(9, "x")); got != 0 || cache.size() != 0 {
		t.Errorf("%d tokens and %d blocks cached, want 0 and 0", got, cache.size())
	}
}

// size returns the number of cached blocks.
func (c *prefixCache) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.blocks)
}
