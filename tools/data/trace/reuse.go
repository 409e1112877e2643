package trace

import "github.com/LMCache/LMBench/tools/data/pyrand"

// A Cache is an unbounded prefix cache: it remembers every prefix of every prompt.
type Cache struct {
	seen map[PrefixHash]struct{}
}

// NewCache returns an empty cache.
func NewCache() *Cache { return &Cache{map[PrefixHash]struct{}{}} }

// A PrefixHash identifies a block together with all blocks before it.
type PrefixHash uint64

// Add returns the hash of the prefix extended by a block.
func (h PrefixHash) Add(block uint64) PrefixHash {
	const odd = 0xd6e8feb86659fd93 // makes the order of blocks count
	return PrefixHash(pyrand.SplitMix64(uint64(h)*odd+block, 0))
}

// Insert adds a prefix and reports whether the cache had it.
func (c *Cache) Insert(prefix PrefixHash) bool {
	_, known := c.seen[prefix]
	if !known {
		c.seen[prefix] = struct{}{}
	}
	return known
}

// InsertPrompt adds all prefixes of a prompt and returns the number of blocks in
// the longest one that the cache had.
func (c *Cache) InsertPrompt(blocks []int64) (hits int) {
	var prefix PrefixHash
	for i, id := range blocks {
		prefix = prefix.Add(uint64(id))
		if c.Insert(prefix) && hits == i {
			hits++
		}
	}
	return hits
}

// Reuse counts what an unbounded prefix cache, empty at first, finds of some prompts.
type Reuse struct {
	Requests, Blocks, HitBlocks int
	Tokens, HitTokens           int // of prompts
}

// BlockRatio returns the share of blocks found, or 0 without blocks.
func (r *Reuse) BlockRatio() float64 { return ratio(r.HitBlocks, r.Blocks) }

// TokenRatio returns the share of prompt tokens found. Tokens outside of blocks
// count as not found.
func (r *Reuse) TokenRatio() float64 { return ratio(r.HitTokens, r.Tokens) }

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// IdealReuse returns for each request the reuse that its hash ids allow after all
// earlier requests.
func IdealReuse(requests []Request, blockSize int) []Reuse {
	cache := NewCache()
	each := make([]Reuse, len(requests))
	for i := range requests {
		r := &requests[i]
		hits := cache.InsertPrompt(r.Blocks)
		each[i] = Reuse{Requests: 1, Blocks: len(r.Blocks), HitBlocks: hits, Tokens: r.Input, HitTokens: min(hits*blockSize, r.Input)}
	}
	return each
}

// Add adds the counts of other requests.
func (r *Reuse) Add(more Reuse) {
	r.Requests += more.Requests
	r.Blocks += more.Blocks
	r.HitBlocks += more.HitBlocks
	r.Tokens += more.Tokens
	r.HitTokens += more.HitTokens
}
