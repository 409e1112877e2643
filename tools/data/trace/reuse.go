package trace

// Cache is a prefix cache without end: it knows every sequence of blocks it was
// ever shown, from its start.
type Cache struct {
	seen map[uint64]struct{} // hash of each sequence
}

// NewCache is empty.
func NewCache() *Cache { return &Cache{map[uint64]struct{}{}} }

// Chain tells blocks apart by themselves and all blocks before them.
type Chain uint64

// Add is the chain with a block more.
func (c Chain) Add(block uint64) Chain {
	z := uint64(c)*0xd6e8feb86659fd93 + block + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return Chain(z ^ z>>31)
}

// Meet tells whether a sequence is known, and keeps it.
func (c *Cache) Meet(sequence Chain) bool {
	_, known := c.seen[uint64(sequence)]
	if !known {
		c.seen[uint64(sequence)] = struct{}{}
	}
	return known
}

// Hits is how many blocks at the head of a prompt are known. It keeps all.
func (c *Cache) Hits(blocks []int64) (hits int) {
	var chain Chain
	for i, id := range blocks {
		chain = chain.Add(uint64(id))
		if c.Meet(chain) && hits == i {
			hits++
		}
	}
	return hits
}

// Reuse is what a cache without end, empty at first, finds of some requests.
type Reuse struct {
	Requests, Blocks, HitBlocks int
	Tokens, HitTokens           int // of prompts
}

// BlockRatio is the share of blocks found; 0 without blocks.
func (r *Reuse) BlockRatio() float64 { return ratio(r.HitBlocks, r.Blocks) }

// TokenRatio is the share of prompt tokens found, as long as only blocks can be.
func (r *Reuse) TokenRatio() float64 { return ratio(r.HitTokens, r.Tokens) }

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Ideal is the reuse that hash ids allow of each of some requests, if all those
// before it were sent.
func Ideal(requests []Request, size int) []Reuse {
	cache := NewCache()
	each := make([]Reuse, len(requests))
	for i := range requests {
		r := &requests[i]
		hits := cache.Hits(r.Blocks)
		each[i] = Reuse{Requests: 1, Blocks: len(r.Blocks), HitBlocks: hits, Tokens: r.Input, HitTokens: min(hits*size, r.Input)}
	}
	return each
}

// Add is the reuse of more requests together with these.
func (r *Reuse) Add(more Reuse) {
	r.Requests += more.Requests
	r.Blocks += more.Blocks
	r.HitBlocks += more.HitBlocks
	r.Tokens += more.Tokens
	r.HitTokens += more.HitTokens
}
