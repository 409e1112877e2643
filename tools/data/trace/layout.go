package trace

// Layout is where the blocks of a trace's prompts lie. Where prompts are
// exactly their blocks, as Mooncake's, it is nothing but the block size.
//
// Elsewhere some tokens were not hashed. What all prompts with the same first
// block have of them, such as a chat template with its tools, stands before the
// first block and is the same text for all of these; what single prompts have
// more follows the last block and is theirs alone.
//
//	lead (by first block) | block | block | … | last block, perhaps cut | tail (alone)
type Layout struct {
	Size  int // tokens in a block
	leads map[int64]int
}

// Parts are the tokens of one prompt.
type Parts struct {
	Lead   int // before the first block
	Blocks int // how many of the request's blocks there is room for
	Last   int // tokens of the last of them
	Tail   int // after it
}

// NewLayout looks at all requests of a trace, so that no window of it changes
// the prompts.
func NewLayout(requests []Request, size int) *Layout {
	type surplus struct{ least, most int }
	families := map[int64]surplus{}
	for i := range requests {
		r := &requests[i]
		if len(r.Blocks) == 0 {
			continue
		}
		over := r.Input - size*len(r.Blocks)
		s, seen := families[r.Blocks[0]]
		if !seen {
			s = surplus{over, over}
		}
		families[r.Blocks[0]] = surplus{min(s.least, over), max(s.most, over)}
	}
	l := &Layout{Size: size, leads: map[int64]int{}}
	for first, s := range families {
		lead := s.least
		if s.most-s.least < size {
			lead = s.most // only the last blocks differ, by how full they are
		}
		if lead > 0 {
			l.leads[first] = lead
		}
	}
	return l
}

// Parts are where the tokens of a request's prompt lie. They add up to its
// input length.
func (l *Layout) Parts(r *Request) Parts {
	if len(r.Blocks) == 0 {
		return Parts{Tail: r.Input}
	}
	p := Parts{Lead: l.leads[r.Blocks[0]]}
	rest := r.Input - p.Lead
	p.Blocks = min((rest+l.Size-1)/l.Size, len(r.Blocks))
	p.Last = min(rest-(p.Blocks-1)*l.Size, l.Size)
	p.Tail = rest - (p.Blocks-1)*l.Size - p.Last
	return p
}
