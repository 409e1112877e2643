package simengine

import (
	"container/list"
	"sync"
)

// cache is the prefix cache: the keys of the blocks whose KV values the engine
// still has, bounded in number, the least recently used dropped first.
type cache struct {
	capacity int // in blocks

	mu     sync.Mutex
	blocks map[uint64]*list.Element
	order  *list.List // of keys, the most recently used in front
}

func newCache(capacity int) *cache {
	return &cache{capacity: capacity, blocks: make(map[uint64]*list.Element), order: list.New()}
}

// lookup returns how many tokens at the head of a prompt are cached, and marks
// their blocks as used. The last token has to be computed even if all of them
// are cached, because the first token of the answer comes out of it; so a
// prompt that is cached entirely lacks its last block.
func (c *cache) lookup(prompt *chain) int {
	if c.capacity == 0 || prompt.tokens == 0 {
		return 0
	}
	usable := prompt.keys[:(prompt.tokens-1)/prompt.blockSize]
	c.mu.Lock()
	defer c.mu.Unlock()
	found := 0
	for found < len(usable) && c.blocks[usable[found]] != nil {
		found++
	}
	c.use(usable[:found])
	return found * prompt.blockSize
}

// insert keeps the full blocks of a sequence.
func (c *cache) insert(sequence *chain) {
	if c.capacity == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// What would not fit anyway is the tail.
	c.use(sequence.keys[:min(len(sequence.keys), c.capacity)])
}

// use moves blocks to the front, adding those that are missing. It goes from
// the last to the first: a block is of no use without those before it, so the
// tail of a sequence has to be dropped before its head.
func (c *cache) use(keys []uint64) {
	for i := len(keys) - 1; i >= 0; i-- {
		key := keys[i]
		if element := c.blocks[key]; element != nil {
			c.order.MoveToFront(element)
			continue
		}
		if len(c.blocks) == c.capacity {
			delete(c.blocks, c.order.Remove(c.order.Back()).(uint64))
		}
		c.blocks[key] = c.order.PushFront(key)
	}
}
