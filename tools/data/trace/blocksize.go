package trace

// Sizes that a block may have, in tokens.
const (
	SmallestBlock = 8
	LargestBlock  = 1024
)

// sampled is how many requests are enough to see the block size.
const sampled = 20000

// BlockSize is the tokens per block that explain most of the requests: as many
// blocks as their prompts need, the last perhaps not full. Where two sizes
// explain as many it is the one that leaves prompts closest to their blocks.
// It is 0 if no request has blocks; share is how many requests it explains.
func BlockSize(requests []Request) (size int, share float64) {
	var hashed []Request
	for i := range requests {
		if len(requests[i].Blocks) > 0 && len(hashed) < sampled {
			hashed = append(hashed, requests[i])
		}
	}
	if len(hashed) == 0 {
		return 0, 0
	}
	best, narrowest := -1, 0
	for candidate := SmallestBlock; candidate <= LargestBlock; candidate++ {
		explained, width := explain(hashed, candidate)
		if explained > best || explained == best && width < narrowest {
			size, best, narrowest = candidate, explained, width
		}
	}
	return size, float64(best) / float64(len(hashed))
}

// explain counts requests that have as many blocks of a size as they need, and
// tells how far apart the tokens left over by full blocks are.
func explain(requests []Request, size int) (explained, width int) {
	least, most := 0, 0
	for i := range requests {
		r := &requests[i]
		if (r.Input+size-1)/size == len(r.Blocks) {
			explained++
		}
		left := r.Input - size*len(r.Blocks)
		if i == 0 {
			least, most = left, left
		}
		least, most = min(least, left), max(most, left)
	}
	return explained, most - least
}
