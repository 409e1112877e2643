package dataset

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Random makes prompts of random tokens. Lengths are uniform from Len*(1-RangeRatio) to
// Len*(1+RangeRatio).
type Random struct {
	PrefixLen  int // tokens that all prompts start with, in addition to InputLen
	InputLen   int // tokens, including the special ones around a text
	OutputLen  int // tokens
	RangeRatio float64
}

// Info implements Dataset.
func (r *Random) Info() Info {
	return Info{Name: "random", Synthetic: true, Distinct: r.PrefixLen == 0}
}

// Options implements Dataset.
func (r *Random) Options() []Option {
	return []Option{
		{Flag: "random-input-len", Field: &r.InputLen, Min: 1, Default: "1024", Help: "random: tokens of a prompt"},
		{Flag: "random-output-len", Field: &r.OutputLen, Min: 1, Default: "128", Help: "random: tokens of an answer"},
		{Flag: "random-prefix-len", Field: &r.PrefixLen, Default: "0", Help: "random: tokens that all prompts start with, in addition to the input length"},
		{Flag: "random-range-ratio", Field: &r.RangeRatio, Default: "0.0", Help: "random: lengths vary uniformly by this fraction up and down"},
	}
}

// Check implements Dataset.
func (r *Random) Check(string) error { return nil }

// Requests implements Dataset.
func (r *Random) Requests(ctx context.Context, in *Input, n int) ([]Request, error) {
	v, d := in.Model.vocabulary(), in.Draws
	length := r.InputLen - v.numSpecial()
	if length < 1 {
		return nil, fmt.Errorf("a random input length of %d tokens leaves none beside the tokenizer's %d special ones", r.InputLen, v.numSpecial())
	}
	// vLLM draws in this order.
	var prefix []uint32
	if r.PrefixLen > 0 {
		for _, id := range d.Numpy.Ints(0, v.size(), r.PrefixLen) {
			prefix = append(prefix, uint32(id))
		}
	}
	inputs := d.Numpy.Ints(r.low(length), r.high(length)+1, n)
	outputs := d.Numpy.Ints(r.low(r.OutputLen), r.high(r.OutputLen)+1, n)
	offsets := d.Numpy.Ints(0, v.size(), n)

	requests := make([]Request, n)
	err := parallel(ctx, n, func(i int) {
		ids := append(make([]uint32, 0, len(prefix)+inputs[i]), prefix...)
		for j := range inputs[i] {
			ids = append(ids, uint32((offsets[i]+i+j)%v.size()))
		}
		total := len(prefix) + inputs[i]
		requests[i] = Request{v.decodeAtMost(ids, total), total, max(1, outputs[i])}
	})
	return requests, err
}

func (r *Random) low(length int) int  { return int(float64(length) * (1 - r.RangeRatio)) }
func (r *Random) high(length int) int { return int(float64(length) * (1 + r.RangeRatio)) }

// parallel calls do for 0 to n-1 on all cores, in any order.
func parallel(ctx context.Context, n int, do func(i int)) error {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(i)
			}
		})
	}
	workers.Wait()
	return ctx.Err()
}
