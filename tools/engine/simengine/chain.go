package simengine

import "math/bits"

// tokenID numbers a token by its bytes, alike in every process. It is 31 bits
// wide, so that clients which read ids as signed integers are content.
func tokenID(token string) uint32 {
	// FNV-1a, its halves folded together.
	hash := uint64(14695981039346656037)
	for i := range len(token) {
		hash = (hash ^ uint64(token[i])) * 1099511628211
	}
	return uint32(hash^hash>>32) & (1<<31 - 1)
}

// chain is a sequence of tokens as the prefix cache sees it: a key for each
// full block, which stands for the block and everything before it. The text
// itself is not kept, a prompt of a million tokens is half a megabyte here.
type chain struct {
	blockSize int
	tokens    int      // how many there are
	keys      []uint64 // of the full blocks, in order
	hash      uint64   // of all tokens so far
}

// add appends a token.
func (c *chain) add(id uint32) {
	high, low := bits.Mul64(c.hash^uint64(id)^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	c.hash = high ^ low
	c.tokens++
	if c.tokens%c.blockSize == 0 {
		c.keys = append(c.keys, c.hash)
	}
}

// addText appends the tokens of a text.
func (c *chain) addText(text string) {
	source := scanner{text: text}
	for token := source.next(); token != ""; token = source.next() {
		c.add(tokenID(token))
	}
}

// blocks returns how many blocks hold the tokens, the last one perhaps not full.
func (c *chain) blocks() int {
	return (c.tokens + c.blockSize - 1) / c.blockSize
}
