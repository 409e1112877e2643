package live

import (
	"math/bits"
	"sync/atomic"
	"time"

	"github.com/LMCache/LMBench/tools/results/metrics"
)

// The buckets of a Histogram: each octave (power of two) of nanoseconds is divided into
// equal steps, so that a quantile is off by at most 1/256.
const (
	stepBits   = 7
	steps      = 1 << stepBits
	lowOctave  = 10 // anything below 1.024 µs is in bucket 0
	octaves    = 33 // up to 2.4 h; anything above is in the last bucket
	numBuckets = 1 + octaves*steps
)

// Histogram counts durations. Any number of goroutines may add to it at once without a
// lock, which HdrHistogram does not allow.
type Histogram struct {
	counts [numBuckets]atomic.Uint64
	sum    atomic.Int64 // ns
}

// Add counts a duration. It takes a few nanoseconds.
func (h *Histogram) Add(d time.Duration) {
	h.counts[bucket(d)].Add(1)
	h.sum.Add(int64(d))
}

// AddGaps counts the times between consecutive arrivals.
func (h *Histogram) AddGaps(arrivals []time.Duration) {
	if len(arrivals) < 2 {
		return
	}
	for i, arrival := range arrivals[1:] {
		h.counts[bucket(arrival-arrivals[i])].Add(1)
	}
	h.sum.Add(int64(arrivals[len(arrivals)-1] - arrivals[0]))
}

// bucket returns the index of a duration's bucket.
func bucket(d time.Duration) int {
	octave := bits.Len64(uint64(max(d, 0))) - 1
	if octave < lowOctave {
		return 0
	}
	if octave >= lowOctave+octaves {
		return numBuckets - 1
	}
	return 1 + (octave-lowOctave)*steps + int(d>>(octave-stepBits))&(steps-1)
}

// lowerBound returns the least duration in a bucket.
func lowerBound(bucket int) time.Duration {
	if bucket == 0 {
		return 0
	}
	octave, step := (bucket-1)/steps+lowOctave, (bucket-1)%steps
	return time.Duration(steps+step) << (octave - stepBits)
}

// counts is a copy of a histogram at one instant, or the difference of two.
type counts struct {
	buckets [numBuckets]uint64
	total   uint64
	sum     time.Duration
}

func (h *Histogram) snapshot() *counts {
	c := new(counts)
	c.read(h)
	return c
}

// read copies a histogram.
func (c *counts) read(h *Histogram) {
	c.sum, c.total = time.Duration(h.sum.Load()), 0
	for i := range h.counts {
		c.buckets[i] = h.counts[i].Load()
		c.total += c.buckets[i]
	}
}

// sub sets c to what was added from one copy to a later one.
func (c *counts) sub(later, earlier *counts) {
	c.total, c.sum = later.total-earlier.total, later.sum-earlier.sum
	for i := range c.buckets {
		c.buckets[i] = later.buckets[i] - earlier.buckets[i]
	}
}

// quantile returns the middle of the bucket that holds the quantile, or 0 if the
// histogram is empty.
func (c *counts) quantile(fraction float64) time.Duration {
	if c.total == 0 {
		return 0
	}
	rank := uint64(fraction*float64(c.total-1)) + 1
	seen := uint64(0)
	for i, n := range c.buckets {
		if seen += n; n > 0 && seen >= rank {
			if i == 0 || i == numBuckets-1 {
				return lowerBound(i)
			}
			return (lowerBound(i) + lowerBound(i+1)) / 2
		}
	}
	return 0
}

// Quantiles summarize a distribution.
type Quantiles struct {
	Count  uint64
	Values []time.Duration // in the order of metrics.Percents; nil if Count is 0
}

// P returns the value at one of metrics.Percents, or 0.
func (q Quantiles) P(percent float64) time.Duration {
	for i, p := range metrics.Percents() {
		if p == percent && i < len(q.Values) {
			return q.Values[i]
		}
	}
	return 0
}

func (c *counts) quantiles() Quantiles {
	q := Quantiles{Count: c.total}
	if c.total > 0 {
		for _, percent := range metrics.Percents() {
			q.Values = append(q.Values, c.quantile(percent/100))
		}
	}
	return q
}
