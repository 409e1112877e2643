package dataset

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Random are prompts of random tokens. RangeRatio spreads lengths evenly from
// Len*(1-RangeRatio) to Len*(1+RangeRatio).
type Random struct {
	PrefixLen           int // tokens that all prompts begin with, beyond InputLen
	InputLen, OutputLen int // tokens; InputLen with the special ones around a text
	RangeRatio          float64
}

// Requests makes n.
func (r Random) Requests(ctx context.Context, d *Draws, m *Model, n int) ([]Request, error) {
	v := m.vocabulary()
	length := r.InputLen - v.special()
	if length < 1 {
		return nil, fmt.Errorf("a random input length of %d tokens leaves none beside the %d special ones of the tokenizer", r.InputLen, v.special())
	}
	// The order of these draws is part of the contract.
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
		requests[i] = Request{v.settle(ids, total), total, max(1, outputs[i])}
	})
	return requests, err
}

func (r Random) low(length int) int  { return int(float64(length) * (1 - r.RangeRatio)) }
func (r Random) high(length int) int { return int(float64(length) * (1 + r.RangeRatio)) }

// parallel calls do for 0 to n-1 on all cores, in any order.
func parallel(ctx context.Context, n int, do func(i int)) error {
	var next atomic.Int64
	var working sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		working.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(i)
			}
		})
	}
	working.Wait()
	return ctx.Err()
}
