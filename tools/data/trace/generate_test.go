package trace

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func config() GenConfig {
	return GenConfig{Seed: 1, Requests: 20000, Rate: 10, Variation: 1, Batch: 1, Input: LogNormal{200, 0.5}, Output: LogNormal{50, 0.5},
		MaxTokens: 8192, BlockSize: 32, SystemPrompts: 3, SystemBlocks: 4, Continue: 0.5}
}

func TestGenerateFollowsItsConfig(t *testing.T) {
	for _, variation := range []float64{0, 0.5, 1, 3} {
		c := config()
		c.Variation = variation
		made := Generate(c)
		mean := made.Span().Seconds() / float64(c.Requests-1)
		square := 0.
		for i := range made.Requests[1:] {
			gap := (made.Requests[i+1].At - made.Requests[i].At).Seconds() / mean
			square += (gap - 1) * (gap - 1)
		}
		if math.Abs(mean*c.Rate-1) > 0.05 {
			t.Errorf("variation %v: mean gap %v s, want %v", variation, mean, 1/c.Rate)
		}
		if got := math.Sqrt(square / float64(c.Requests)); math.Abs(got-variation) > 0.05+0.1*variation {
			t.Errorf("variation of the gaps %v, want %v", got, variation)
		}
	}
	made := Generate(config())
	if size, share := BlockSize(made.Requests); size != 32 || share != 1 {
		t.Errorf("block size %d explains %v of the requests, want 32 and 1", size, share)
	}
	for _, r := range made.Requests {
		if r.Input+r.Output > 8192 {
			t.Fatalf("prompt of %d and answer of %d tokens, want at most 8192 together", r.Input, r.Output)
		}
	}
}

func TestGenerateIsDeterminedByItsSeed(t *testing.T) {
	c := config()
	c.Requests = 300
	first := Generate(c)
	if diff := cmp.Diff(first, Generate(c)); diff != "" {
		t.Errorf("the same configuration gave another trace (-first +second)\n%s", diff)
	}
	c.Seed = 2
	if cmp.Diff(first, Generate(c)) == "" {
		t.Error("another seed gave the same trace")
	}
}

func TestReuseGrowsWithContinue(t *testing.T) {
	before := -1.
	for _, share := range []float64{0, 0.3, 0.9} {
		c := config()
		c.Continue = share
		var total Reuse
		for _, reuse := range IdealReuse(Generate(c).Requests, c.BlockSize) {
			total.Add(reuse)
		}
		if total.BlockRatio() <= before {
			t.Errorf("continue %v: reuse of %v of the blocks, want more than %v", share, total.BlockRatio(), before)
		}
		before = total.BlockRatio()
	}
}

func TestGenerateBatches(t *testing.T) {
	c := config()
	c.Requests, c.Batch, c.Variation = 10, 5, 0
	for i, request := range Generate(c).Requests {
		if want := time.Duration(i/5) * 500 * time.Millisecond; request.At != want {
			t.Errorf("request %d at %v, want %v", i, request.At, want)
		}
	}
}
