package simengine

import (
	"container/list"
	"math/bits"
	"sync"
)

// A sequence is a run of tokens as the prefix cache sees it: one key for each
// full block, which identifies the block and everything before it. It does not
// keep the text: a prompt of a million tokens takes half a megabyte here.
type sequence struct {
	blockSize int      // in tokens
	tokens    int      // length
	keys      []uint64 // of the full blocks, in order
	hash      uint64   // of all tokens so far
}

// add appends a token.
func (s *sequence) add(id uint32) {
	high, low := bits.Mul64(s.hash^uint64(id)^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	s.hash = high ^ low
	s.tokens++
	if s.tokens%s.blockSize == 0 {
		s.keys = append(s.keys, s.hash)
	}
}

// addText appends the tokens of a text.
func (s *sequence) addText(text string) {
	for token := range tokensOf(text) {
		s.add(tokenID(token))
	}
}

// blocks returns the number of blocks that hold the tokens. The last block may
// be partly filled.
func (s *sequence) blocks() int {
	return (s.tokens + s.blockSize - 1) / s.blockSize
}

// A prefixCache holds the keys of the blocks whose KV values the engine still
// has. When it is full, it evicts the least recently used block.
type prefixCache struct {
	capacity int // in blocks

	mu     sync.Mutex
	blocks map[uint64]*list.Element
	order  *list.List // of keys, the most recently used in front
}

func newPrefixCache(capacity int) *prefixCache {
	return &prefixCache{capacity: capacity, blocks: make(map[uint64]*list.Element), order: list.New()}
}

// lookup returns the number of tokens at the start of a prompt that are cached,
// and marks their blocks as used. The engine must compute at least the last
// token, because the first token of the answer depends on it. So the last block
// of a fully cached prompt does not count.
func (c *prefixCache) lookup(prompt *sequence) int {
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
	c.touch(usable[:found])
	return found * prompt.blockSize
}

// insert adds the full blocks of a sequence, or its first blocks if they exceed
// the capacity.
func (c *prefixCache) insert(tokens *sequence) {
	if c.capacity == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.touch(tokens.keys[:min(len(tokens.keys), c.capacity)])
}

// touch moves blocks to the front, adding those that are missing. It starts with
// the last block: a block is useless without those before it, so the end of a
// sequence must be evicted before its start.
func (c *prefixCache) touch(keys []uint64) {
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
