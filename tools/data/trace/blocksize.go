package trace

// The range of block sizes, in tokens.
const (
	MinBlockSize = 8
	MaxBlockSize = 1024
)

// sampleSize is the number of requests that determine the block size.
const sampleSize = 20000

// BlockSize returns the number of tokens per block that explains most requests,
// and the share of requests that it explains. A size explains a request that has
// as many blocks as its prompt needs, the last one possibly partial. Of sizes
// that explain equally many requests it returns the one that varies least in the
// tokens without a block. It returns 0 if no request has blocks.
func BlockSize(requests []Request) (size int, share float64) {
	var hashed []Request
	for i := range requests {
		if len(requests[i].Blocks) > 0 && len(hashed) < sampleSize {
			hashed = append(hashed, requests[i])
		}
	}
	if len(hashed) == 0 {
		return 0, 0
	}
	best, bestSpread := -1, 0
	for candidate := MinBlockSize; candidate <= MaxBlockSize; candidate++ {
		explained, spread := explain(hashed, candidate)
		if explained > best || explained == best && spread < bestSpread {
			size, best, bestSpread = candidate, explained, spread
		}
	}
	return size, float64(best) / float64(len(hashed))
}

// explain returns the number of requests that a block size explains, and the
// spread of the tokens by which prompts exceed their blocks.
func explain(requests []Request, size int) (explained, spread int) {
	smallest, largest := 0, 0
	for i := range requests {
		r := &requests[i]
		if (r.Input+size-1)/size == len(r.Blocks) {
			explained++
		}
		rest := r.Input - size*len(r.Blocks)
		if i == 0 {
			smallest, largest = rest, rest
		}
		smallest, largest = min(smallest, rest), max(largest, rest)
	}
	return explained, largest - smallest
}
