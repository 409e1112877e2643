package metrics

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/LMCache/LMBench/tools/results/record"
)

// TestBimodality uses TTFTs alone: the engine does not report cached tokens.
func TestBimodality(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	tests := []struct {
		why  string
		ttft func(i int, tokens float64) float64 // s
		warm bool
	}{
		{"noise around one TTFT", func(int, float64) float64 { return 0.1 * math.Exp(0.2*random.NormFloat64()) }, false},
		{"a uniform distribution", func(int, float64) float64 { return 0.05 + 0.2*random.Float64() }, false},
		{"a heavy tail, as queues have", func(int, float64) float64 { return 0.05 + 0.1*random.ExpFloat64()*random.ExpFloat64() }, false},
		{"TTFTs that grow with the length", func(_ int, tokens float64) float64 { return 0.02 + tokens/5000*math.Exp(0.1*random.NormFloat64()) }, false},
		{"a pause: the slow ones come together", func(i int, _ float64) float64 {
			if i >= 200 && i < 260 {
				return 2 - float64(i-200)/30 + 0.05
			}
			return 0.05 * math.Exp(0.1*random.NormFloat64())
		}, false},
		{"a third from the cache, of one length", func(int, float64) float64 {
			if random.IntN(3) == 0 {
				return 0.02 * math.Exp(0.1*random.NormFloat64())
			}
			return 0.1 * math.Exp(0.1*random.NormFloat64())
		}, true},
		{"one in ten from the cache, of different lengths", func(_ int, tokens float64) float64 {
			if random.IntN(10) == 0 {
				return 0.02
			}
			return 0.02 + tokens/5000*math.Exp(0.05*random.NormFloat64())
		}, true},
	}
	for _, test := range tests {
		var tally Accumulator
		for i := range 600 {
			tokens := 400 + 800*random.Float64()
			row := answered(tokens, 10, test.ttft(i, tokens), 1, float64(i+1), float64(i+2))
			row.UncachedShare = 1
			tally.Add(&row)
		}
		figures := tally.Figures()
		if m := figures.Diagnostics.Uncached.Bimodality; (m.Upper > 0) != test.warm {
			t.Errorf("%s: modes %+v", test.why, m)
		}
	}
}

// Two kinds of lengths or uncached shares give two kinds of TTFTs without any cache.
func TestColdModesThatLengthsExplain(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	noise := func(v float64) float64 { return v * math.Exp(0.05*random.NormFloat64()) }
	kinds := [][2]float64{{500, 1}, {4000, 1}, {4000, 0.55}}
	prefill := func(tokens float64) float64 { return 0.02 + tokens/10000 }
	tests := []struct {
		why  string
		kind func(i int) [2]float64                        // tokens, cold share
		ttft func(i int, tokens, cold, ms float64) float64 // s; ms is without a cache
		warm bool
	}{
		{"two lengths", func(int) [2]float64 { return kinds[random.IntN(2)] }, nil, false},
		{"two lengths, the time of long ones grows with its square", func(int) [2]float64 { return kinds[random.IntN(2)] },
			func(_ int, tokens, cold, _ float64) float64 { return noise(0.02 + tokens*tokens/4e7) }, false},
		{"one length, half of each second prompt may be in a cache", func(i int) [2]float64 { return kinds[1+i%2] }, nil, false},
		{"two lengths, one in five prompts from a cache", func(int) [2]float64 { return kinds[random.IntN(2)] },
			func(_ int, _, _, honest float64) float64 {
				if random.IntN(5) == 0 {
					return noise(0.02)
				}
				return honest
			}, true},
	}
	for _, test := range tests {
		var tally Accumulator
		for i := range 600 {
			kind := test.kind(i)
			ttft := noise(prefill(kind[0] * kind[1]))
			if test.ttft != nil {
				ttft = test.ttft(i, kind[0], kind[1], ttft)
			}
			row := answered(kind[0], 10, ttft, 1, float64(i+1), float64(i+2))
			row.UncachedShare = kind[1]
			tally.Add(&row)
		}
		if m := tally.Figures().Diagnostics.Uncached.Bimodality; (m.Upper > 0) != test.warm {
			t.Errorf("%s: modes %+v", test.why, m)
		}
	}
}

// An engine that computes prompts one after the other has more than one time
// without any cache. A few slow answers are no mode.
func TestColdModesThatQueuesExplain(t *testing.T) {
	const service = 0.1
	random := rand.New(rand.NewPCG(7, 8))
	noise := func(v float64) float64 { return v * math.Exp(0.03*random.NormFloat64()) }
	tests := []struct {
		why  string
		next func(i int) float64 // s until the next request
		warm float64             // share from a cache; below 0: that is slow
	}{
		{"at random instants, a queue", func(int) float64 { return random.ExpFloat64() / 3 }, 0},
		{"at random instants, a longer queue", func(int) float64 { return random.ExpFloat64() / 6 }, 0},
		{"in pairs", func(i int) float64 { return 0.0002 + 0.5*float64(i%2) }, 0},
		{"in pairs or alone", func(i int) float64 { return 0.0002 + 0.5*float64(i%3%2) }, 0},
		{"in pairs, a third of the prompts warm", func(i int) float64 { return 0.0002 + 0.5*float64(i%2) }, 1. / 3},
		{"at random instants, a third of the prompts warm", func(int) float64 { return random.ExpFloat64() / 3 }, 1. / 3},
		{"one in ten is slow", func(int) float64 { return 0.5 }, -0.1},
	}
	for _, test := range tests {
		for range 20 {
			var tally Accumulator
			now, free := 1.0, 0.0
			for i := range 160 {
				now += test.next(i)
				takes := noise(service)
				switch chance := random.Float64(); {
				case chance < test.warm:
					takes = noise(service / 5)
				case chance < -test.warm:
					takes *= 1.8
				}
				free = max(free, now+0.00005*random.Float64()) + takes
				row := answered(500, 10, free-now, 1, now, free+1)
				row.UncachedShare = 1
				tally.Add(&row)
			}
			if m := tally.Figures().Diagnostics.Uncached.Bimodality; (m.Upper > 0) != (test.warm > 0) || m.Upper > 0 && math.Abs(m.LowerShare-test.warm) > 0.2 {
				t.Errorf("%s: modes %+v", test.why, m)
			}
		}
	}
}

// Rows of other tools may say that the first text came at once.
func TestColdModesOfNoTime(t *testing.T) {
	var tally Accumulator
	for i := range 100 {
		row := answered(500, 10, 0, 1, float64(i+1), float64(i+2))
		row.UncachedShare = 1
		tally.Add(&row)
	}
	if m := tally.Figures().Diagnostics.Uncached.Bimodality; m != (Bimodality{}) {
		t.Errorf("two groups %+v, want no groups", m)
	}
}

func TestColdReported(t *testing.T) {
	tests := []struct {
		why                  string
		cold, prompt, cached float64
		warm                 int
	}{
		{"a block or two of a common beginning", 1, 1000, 48, 0},
		{"a tenth of a long prompt", 1, 10000, 900, 0},
		{"half of it", 1, 1000, 512, 1},
		{"the system prompt that all share", 0.75, 1000, 250, 0},
		{"more than that", 0.75, 1000, 600, 1},
		{"a prompt that is not cold", 0, 1000, 990, 0},
		{"more than there is", 1, 1000, 1001, 0},
	}
	for _, test := range tests {
		row := record.Row{UncachedShare: test.cold, PromptTokens: cell(test.prompt), CachedTokens: cell(test.cached), TTFT: cell(0.1), GenerationTokens: cell(1), GenerationTime: cell(0)}
		var tally Accumulator
		tally.Add(&row)
		if figures := tally.Figures(); figures.Diagnostics.Uncached.Warm != test.warm {
			t.Errorf("%s: %d warm prompts, want %d", test.why, figures.Diagnostics.Uncached.Warm, test.warm)
		}
	}
}
