package trace

import (
	"slices"
	"time"
)

// Stats summarizes a trace.
type Stats struct {
	Span          time.Duration
	Instants      int     // distinct times
	Rate          float64 // requests per second over the span
	BusiestSecond int     // most requests within a second
	BusiestMinute int     // most requests within a minute
	LongestGap    time.Duration

	Input, Output Distribution // tokens
	Total         Distribution // tokens of prompt and answer
	BlockCounts   Distribution

	BlockSize     int     // 0 without hash ids
	Explained     float64 // share of requests that the block size explains, see BlockSize
	UniqueBlocks  int
	UsedOnce      int
	Ideal         Reuse
	Conversations int
}

// Distribution summarizes one number per request.
type Distribution struct {
	Min, P50, P90, P99, Max int
	Mean                    float64
	Sum                     int
}

// NewStats returns the statistics of a trace. A block size of 0 is detected.
func NewStats(t *Trace, blockSize int) Stats {
	s := Stats{Span: t.Span()}
	s.times(t.Requests)
	s.Input = distribution(t.Requests, func(r *Request) int { return r.Input })
	s.Output = distribution(t.Requests, func(r *Request) int { return r.Output })
	s.Total = distribution(t.Requests, func(r *Request) int { return r.Input + r.Output })
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
	second, minute := 0, 0 // first requests of the windows that end with request i
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
	s.BlockCounts = distribution(requests, func(r *Request) int { return len(r.Blocks) })
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
	for _, reuse := range IdealReuse(requests, s.BlockSize) {
		s.Ideal.Add(reuse)
	}
	for _, number := range Conversations(requests, 1) {
		s.Conversations = max(s.Conversations, number)
	}
}

func distribution(requests []Request, of func(*Request) int) (d Distribution) {
	counts := make([]int, len(requests))
	for i := range requests {
		counts[i] = of(&requests[i])
		d.Sum += counts[i]
	}
	if len(counts) == 0 {
		return d
	}
	slices.Sort(counts)
	rank := func(share float64) int { return counts[int(share*float64(len(counts)-1))] }
	d.Min, d.P50, d.P90, d.P99, d.Max = counts[0], rank(0.5), rank(0.9), rank(0.99), counts[len(counts)-1]
	d.Mean = ratio(d.Sum, len(counts))
	return d
}
