package live

import (
	"math/bits"
	"sync/atomic"
	"time"
)

const (
	digits  = 7           // bits of a duration that are kept, below the first
	steps   = 1 << digits // buckets of an octave: a quantile is off by 1/256 at most
	lowest  = 10          // octave of the first bucket but one: what is below 1.024 µs is in the first
	octaves = 33          // up to 2.4 h; what is above is in the last
	buckets = 1 + octaves*steps
)

// Histogram counts durations. Any number of goroutines may add to it at once.
// HdrHistogram does the same with more digits than can be seen here, and not
// for several goroutines.
type Histogram struct {
	counts [buckets]atomic.Uint64
	sum    atomic.Int64 // ns
}

// Add takes a few nanoseconds.
func (h *Histogram) Add(d time.Duration) {
	h.counts[bucket(d)].Add(1)
	h.sum.Add(int64(d))
}

// AddGaps adds the times between arrivals.
func (h *Histogram) AddGaps(arrivals []time.Duration) {
	if len(arrivals) < 2 {
		return
	}
	for i, at := range arrivals[1:] {
		h.counts[bucket(at-arrivals[i])].Add(1)
	}
	h.sum.Add(int64(arrivals[len(arrivals)-1] - arrivals[0]))
}

// bucket is a duration's place: its octave and the next few bits.
func bucket(d time.Duration) int {
	octave := bits.Len64(uint64(max(d, 0))) - 1
	if octave < lowest {
		return 0
	}
	if octave >= lowest+octaves {
		return buckets - 1
	}
	return 1 + (octave-lowest)*steps + int(d>>(octave-digits))&(steps-1)
}

// from is the least duration in a bucket.
func from(bucket int) time.Duration {
	if bucket == 0 {
		return 0
	}
	octave, step := (bucket-1)/steps+lowest, (bucket-1)%steps
	return time.Duration(steps+step) << (octave - digits)
}

// counts is a histogram at an instant, or what was added between two.
type counts struct {
	of  [buckets]uint64
	all uint64
	sum time.Duration
}

func (h *Histogram) now() *counts {
	c := new(counts)
	c.read(h)
	return c
}

// read makes it what a histogram is now.
func (c *counts) read(h *Histogram) {
	c.sum, c.all = time.Duration(h.sum.Load()), 0
	for i := range h.counts {
		c.of[i] = h.counts[i].Load()
		c.all += c.of[i]
	}
}

// between makes it what was added from one instant to a later one.
func (c *counts) between(before, after *counts) {
	c.all, c.sum = after.all-before.all, after.sum-before.sum
	for i := range c.of {
		c.of[i] = after.of[i] - before.of[i]
	}
}

// quantile is the middle of the bucket that the share of all lies in; 0 of nothing.
func (c *counts) quantile(share float64) time.Duration {
	if c.all == 0 {
		return 0
	}
	rank := uint64(share*float64(c.all-1)) + 1
	seen := uint64(0)
	for i, n := range c.of {
		if seen += n; n > 0 && seen >= rank {
			if i == 0 || i == buckets-1 {
				return from(i)
			}
			return (from(i) + from(i+1)) / 2
		}
	}
	return 0
}

// Quantiles are what is shown of a distribution.
type Quantiles struct {
	Count         uint64
	P50, P90, P99 time.Duration
}

func (c *counts) quantiles() Quantiles {
	return Quantiles{c.all, c.quantile(0.5), c.quantile(0.9), c.quantile(0.99)}
}
