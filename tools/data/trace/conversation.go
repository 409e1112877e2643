package trace

// Conversations numbers the conversations that requests belong to, from 1 in
// the order in which they begin.
//
// In traces that tell which turn follows which, these are the conversations.
// Else requests whose prompts share their first blocks are one: of each prompt
// the blocks that more than half of all requests begin with are passed over,
// which no one has for himself, and the next depth blocks tell its conversation.
// A prompt without such blocks is a conversation of its own.
func Conversations(requests []Request, depth int) []int {
	numbers := make([]int, len(requests))
	known := map[Chain]int{}
	head := commonHead(requests)
	chats := chats(requests)
	last := 0
	for i := range requests {
		r := &requests[i]
		key, shared := firstBlocks(r.Blocks, head, depth)
		if chats != nil {
			key, shared = Chain(chats[r.Chat]), r.Chat != 0
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

// firstBlocks is the chain that tells a prompt's conversation; false if the
// prompt ends with what is common.
func firstBlocks(blocks, head []int64, depth int) (Chain, bool) {
	common := 0
	for common < len(blocks) && common < len(head) && blocks[common] == head[common] {
		common++
	}
	var chain Chain
	own := blocks[common:]
	for _, id := range own[:min(depth, len(own))] {
		chain = chain.Add(uint64(id))
	}
	return chain, len(own) > 0
}

// commonHead is the blocks that more than half of all requests begin with.
func commonHead(requests []Request) (head []int64) {
	among := requests
	for {
		depth := len(head)
		counts := map[int64]int{}
		for i := range among {
			if len(among[i].Blocks) > depth {
				counts[among[i].Blocks[depth]]++
			}
		}
		found := false
		for id, n := range counts {
			if 2*n > len(requests) {
				head, found = append(head, id), true
			}
		}
		if !found {
			return head
		}
		var with []Request
		for i := range among {
			if len(among[i].Blocks) > depth && among[i].Blocks[depth] == head[depth] {
				with = append(with, among[i])
			}
		}
		among = with
	}
}

// chats are the first turns of the conversations that turns belong to; nil in
// a trace that does not tell.
func chats(requests []Request) map[int64]int64 {
	var first map[int64]int64
	for i := range requests {
		r := &requests[i]
		if r.Chat == 0 {
			continue
		}
		if first == nil {
			first = map[int64]int64{}
		}
		begun, known := first[r.Parent]
		switch {
		case r.Parent == 0:
			first[r.Chat] = r.Chat
		case known:
			first[r.Chat] = begun
		default:
			first[r.Chat] = r.Parent // the turn before is not in the trace
		}
	}
	return first
}
