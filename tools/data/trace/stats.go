package trace

import (
	"slices"
	"time"
)

// Stats is a trace at a glance.
type Stats struct {
	Span                       time.Duration
	Instants                   int     // different times
	Rate                       float64 // requests a second over the span
	BusiestSecond              int     // requests in the fullest second, and minute, that begins with one
	BusiestMinute              int
	LongestGap                 time.Duration
	Input, Output, BlockCounts Lengths
	Together                   Lengths // prompt and answer

	BlockSize     int     // 0: no hash ids
	Explained     float64 // share of requests that have as many blocks as they need
	UniqueBlocks  int
	UsedOnce      int
	Ideal         Reuse
	Conversations int
}

// Lengths are what a count per request is like.
type Lengths struct {
	Min, P50, P90, P99, Max int
	Mean                    float64
	Sum                     int
}

// NewStats looks at a trace. A block size of 0 is found out.
func NewStats(t *Trace, blockSize int) Stats {
	s := Stats{Span: t.Span()}
	s.times(t.Requests)
	s.Input = lengths(t.Requests, func(r *Request) int { return r.Input })
	s.Output = lengths(t.Requests, func(r *Request) int { return r.Output })
	s.Together = lengths(t.Requests, func(r *Request) int { return r.Input + r.Output })
	s.BlockSize, s.Explained = BlockSize(t.Requests)
	if blockSize > 0 && s.BlockSize > 0 {
		explained, _ := explain(t.Requests, blockSize)
		s.BlockSize, s.Explained = blockSize, ratio(explained, len(t.Requests))
	}
	if s.BlockSize > 0 {
		s.blocks(t.Requests)
	}
	return s
}

func (s *Stats) times(requests []Request) {
	second, minute := 0, 0 // first requests of the windows that end here
	for i := range requests {
		at := requests[i].At
		for requests[second].At <= at-time.Second {
			second++
		}
		for requests[minute].At <= at-time.Minute {
			minute++
		}
		s.BusiestSecond = max(s.BusiestSecond, i-second+1)
		s.BusiestMinute = max(s.BusiestMinute, i-minute+1)
		if i == 0 || at != requests[i-1].At {
			s.Instants++
		}
		if i > 0 {
			s.LongestGap = max(s.LongestGap, at-requests[i-1].At)
		}
	}
	if s.Span > 0 {
		s.Rate = float64(len(requests)) / s.Span.Seconds()
	}
}

func (s *Stats) blocks(requests []Request) {
	s.BlockCounts = lengths(requests, func(r *Request) int { return len(r.Blocks) })
	uses := map[int64]int{}
	for i := range requests {
		for _, id := range requests[i].Blocks {
			uses[id]++
		}
	}
	s.UniqueBlocks = len(uses)
	for _, n := range uses {
		if n == 1 {
			s.UsedOnce++
		}
	}
	for _, reuse := range Ideal(requests, s.BlockSize) {
		s.Ideal.Add(reuse)
	}
	for _, number := range Conversations(requests, 1) {
		s.Conversations = max(s.Conversations, number)
	}
}

func lengths(requests []Request, of func(*Request) int) (l Lengths) {
	counts := make([]int, len(requests))
	for i := range requests {
		counts[i] = of(&requests[i])
		l.Sum += counts[i]
	}
	if len(counts) == 0 {
		return l
	}
	slices.Sort(counts)
	rank := func(share float64) int { return counts[int(share*float64(len(counts)-1))] }
	l.Min, l.P50, l.P90, l.P99, l.Max = counts[0], rank(0.5), rank(0.9), rank(0.99), counts[len(counts)-1]
	l.Mean = ratio(l.Sum, len(counts))
	return l
}
