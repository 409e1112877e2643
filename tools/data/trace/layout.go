package trace

// A Layout maps the blocks of a trace to the tokens of its prompts. If prompts
// consist of their blocks exactly, as in Mooncake's trace, it is the block size.
//
// In other traces some tokens were not hashed. The unhashed tokens that all
// prompts with the same first block share, such as a chat template with tools,
// become a prefix with the same text for all of them. The remaining ones follow
// the last block and are unique to the prompt.
//
//	prefix (by first block) | block | block | … | last block, may be partial | unique
type Layout struct {
	Size     int           // tokens per block
	prefixes map[int64]int // tokens, by first block
}

// Parts are the numbers of tokens in the parts of a prompt.
type Parts struct {
	Prefix int // before the first block
	Blocks int // blocks of the request that fit
	Last   int // tokens of the last one
	Unique int // after it
}

// NewLayout returns the layout of a trace. It takes all of the trace's requests
// so that prompts do not depend on the window that is replayed.
func NewLayout(requests []Request, size int) *Layout {
	type unhashed struct{ min, max int } // tokens of prompts with the same first block
	groups := map[int64]unhashed{}
	for i := range requests {
		r := &requests[i]
		if len(r.Blocks) == 0 {
			continue
		}
		rest := r.Input - size*len(r.Blocks)
		u, seen := groups[r.Blocks[0]]
		if !seen {
			u = unhashed{rest, rest}
		}
		groups[r.Blocks[0]] = unhashed{min(u.min, rest), max(u.max, rest)}
	}
	l := &Layout{Size: size, prefixes: map[int64]int{}}
	for first, u := range groups {
		prefix := u.min
		if u.max-u.min < size {
			prefix = u.max // the prompts differ only in how full their last block is
		}
		if prefix > 0 {
			l.prefixes[first] = prefix
		}
	}
	return l
}

// Parts returns the parts of a request's prompt. They add up to its input length.
func (l *Layout) Parts(r *Request) Parts {
	if len(r.Blocks) == 0 {
		return Parts{Unique: r.Input}
	}
	p := Parts{Prefix: l.prefixes[r.Blocks[0]]}
	rest := r.Input - p.Prefix
	p.Blocks = min((rest+l.Size-1)/l.Size, len(r.Blocks))
	p.Last = min(rest-(p.Blocks-1)*l.Size, l.Size)
	p.Unique = rest - (p.Blocks-1)*l.Size - p.Last
	return p
}
