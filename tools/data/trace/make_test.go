package trace

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func recipe() Recipe {
	return Recipe{Seed: 1, Requests: 20000, Rate: 10, Variation: 1, Batch: 1, Input: Length{200, 0.5}, Output: Length{50, 0.5},
		Longest: 8192, BlockSize: 32, Systems: 3, SystemBlocks: 4, Continue: 0.5}
}

func TestMakeKeepsItsRecipe(t *testing.T) {
	for _, variation := range []float64{0, 0.5, 1, 3} {
		r := recipe()
		r.Variation = variation
		made := Make(r)
		mean := made.Span().Seconds() / float64(r.Requests-1)
		square := 0.
		for i := range made.Requests[1:] {
			gap := (made.Requests[i+1].At - made.Requests[i].At).Seconds() / mean
			square += (gap - 1) * (gap - 1)
		}
		if math.Abs(mean*r.Rate-1) > 0.05 {
			t.Errorf("variation %v: a mean gap of %v s, want %v", variation, mean, 1/r.Rate)
		}
		if got := math.Sqrt(square / float64(r.Requests)); math.Abs(got-variation) > 0.05+0.1*variation {
			t.Errorf("gaps vary by %v, want %v", got, variation)
		}
	}
	made := Make(recipe())
	if size, share := BlockSize(made.Requests); size != 32 || share != 1 {
		t.Errorf("blocks of %d explain %v of the requests, want 32 and all", size, share)
	}
	for _, r := range made.Requests {
		if r.Input+r.Output > 8192 {
			t.Fatalf("a prompt of %d and an answer of %d tokens, want at most 8192 together", r.Input, r.Output)
		}
	}
}

func TestMakeIsFixedByItsSeed(t *testing.T) {
	r := recipe()
	r.Requests = 300
	first := Make(r)
	if diff := cmp.Diff(first, Make(r)); diff != "" {
		t.Errorf("the same recipe made another trace (-first +second)\n%s", diff)
	}
	r.Seed = 2
	if cmp.Diff(first, Make(r)) == "" {
		t.Error("another seed made the same trace")
	}
}

func TestMoreConversationMakesMoreReuse(t *testing.T) {
	before := -1.
	for _, share := range []float64{0, 0.3, 0.9} {
		r := recipe()
		r.Continue = share
		var total Reuse
		for _, reuse := range Ideal(Make(r).Requests, r.BlockSize) {
			total.Add(reuse)
		}
		if total.BlockRatio() <= before {
			t.Errorf("%v of the requests go on: %v of the blocks are reused, want more than %v", share, total.BlockRatio(), before)
		}
		before = total.BlockRatio()
	}
}

func TestMakeBatches(t *testing.T) {
	r := recipe()
	r.Requests, r.Batch, r.Variation = 10, 5, 0
	for i, request := range Make(r).Requests {
		if want := time.Duration(i/5) * 500 * time.Millisecond; request.At != want {
			t.Errorf("request %d at %v, want %v", i, request.At, want)
		}
	}
}
