package trace

// Conversations returns the conversation of each request, numbered from 1 in the
// order in which they begin.
//
// If the trace says which turn follows which, conversations are chains of turns.
// Otherwise requests are grouped by their first depth blocks after the prefix
// common to more than half of all requests (e.g. a system prompt). A prompt
// without such blocks is a conversation of its own.
func Conversations(requests []Request, depth int) []int {
	numbers := make([]int, len(requests))
	known := map[PrefixHash]int{}
	common := commonPrefix(requests)
	roots := chatRoots(requests)
	last := 0
	for i := range requests {
		r := &requests[i]
		key, shared := hashAfter(common, r.Blocks, depth)
		if roots != nil {
			key, shared = PrefixHash(roots[r.Chat]), r.Chat != 0
		}
		if number, seen := known[key]; seen && shared {
			numbers[i] = number
			continue
		}
		last++
		numbers[i] = last
		if shared {
			known[key] = last
		}
	}
	return numbers
}

// hashAfter hashes the first depth blocks after the common ones, and reports
// whether there are any.
func hashAfter(common, blocks []int64, depth int) (PrefixHash, bool) {
	n := 0
	for n < len(blocks) && n < len(common) && blocks[n] == common[n] {
		n++
	}
	var hash PrefixHash
	own := blocks[n:]
	for _, id := range own[:min(depth, len(own))] {
		hash = hash.Add(uint64(id))
	}
	return hash, len(own) > 0
}

// commonPrefix returns the blocks that more than half of all requests begin with.
func commonPrefix(requests []Request) (prefix []int64) {
	candidates := requests
	for {
		depth := len(prefix)
		counts := map[int64]int{}
		for i := range candidates {
			if len(candidates[i].Blocks) > depth {
				counts[candidates[i].Blocks[depth]]++
			}
		}
		found := false
		for id, n := range counts {
			if 2*n > len(requests) {
				prefix, found = append(prefix, id), true
			}
		}
		if !found {
			return prefix
		}
		var matching []Request
		for i := range candidates {
			if len(candidates[i].Blocks) > depth && candidates[i].Blocks[depth] == prefix[depth] {
				matching = append(matching, candidates[i])
			}
		}
		candidates = matching
	}
}

// chatRoots returns the first turn of each turn's conversation, or nil if the
// trace does not number turns.
func chatRoots(requests []Request) map[int64]int64 {
	var roots map[int64]int64
	for i := range requests {
		r := &requests[i]
		if r.Chat == 0 {
			continue
		}
		if roots == nil {
			roots = map[int64]int64{}
		}
		root, known := roots[r.Parent]
		switch {
		case r.Parent == 0:
			roots[r.Chat] = r.Chat
		case known:
			roots[r.Chat] = root
		default:
			roots[r.Chat] = r.Parent // the previous turn is not in the trace
		}
	}
	return roots
}
