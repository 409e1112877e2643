package metrics

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/LMCache/LMBench/tools/record"
)

// TestColdModes looks at times alone: the engine says nothing of its cache.
func TestColdModes(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	tests := []struct {
		why  string
		ttft func(i int, tokens float64) float64 // s
		warm bool
	}{
		{"noise around one time", func(int, float64) float64 { return 0.1 * math.Exp(0.2*random.NormFloat64()) }, false},
		{"an even spread", func(int, float64) float64 { return 0.05 + 0.2*random.Float64() }, false},
		{"a heavy tail, as queues have", func(int, float64) float64 { return 0.05 + 0.1*random.ExpFloat64()*random.ExpFloat64() }, false},
		{"times that grow with length", func(_ int, tokens float64) float64 { return 0.02 + tokens/5000*math.Exp(0.1*random.NormFloat64()) }, false},
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
		var tally Tally
		for i := range 600 {
			tokens := 400 + 800*random.Float64()
			row := answered(tokens, 10, test.ttft(i, tokens), 1, float64(i+1), float64(i+2))
			row.Cold = 1
			tally.Add(&row)
		}
		figures := tally.Figures()
		if m := figures.Proof.Cold.Modes; (m.Upper > 0) != test.warm {
			t.Errorf("%s: modes %+v", test.why, m)
		}
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
	}
	for _, test := range tests {
		row := record.Row{Cold: test.cold, PromptTokens: cell(test.prompt), CachedTokens: cell(test.cached), TTFT: cell(0.1), GenerationTokens: cell(1), GenerationTime: cell(0)}
		var tally Tally
		tally.Add(&row)
		if figures := tally.Figures(); figures.Proof.Cold.Warm != test.warm {
			t.Errorf("%s: %d warm prompts, want %d", test.why, figures.Proof.Cold.Warm, test.warm)
		}
	}
}
