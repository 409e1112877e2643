package metrics

import (
	"testing"
	"time"
)

// A stall is seen before or after the first token. Long prompts are not a stall.
func TestWait(t *testing.T) {
	const pause = 2.0
	tests := []struct {
		why    string
		prompt func(i int) float64 // tokens
		ttft   func(at float64, i int) float64
		waited bool
	}{
		{"no stall", func(int) float64 { return 500 }, func(float64, int) float64 { return 0.1 }, false},
		{"the engine pauses after 30 s", func(int) float64 { return 500 }, func(at float64, _ int) float64 {
			if 30 <= at && at < 30+pause {
				return 30 + pause - at + 0.1
			}
			return 0.1
		}, true},
		{"four prompts take long because they are long", func(i int) float64 {
			if 150 <= i && i < 154 {
				return 10_000
			}
			return 500
		}, func(at float64, i int) float64 {
			if 150 <= i && i < 160 {
				return 30 + pause - at + 0.1 // and short ones behind them, of which two wait for a second
			}
			return 0.1
		}, false},
	}
	for _, test := range tests {
		var tally Accumulator
		for i := range 300 { // 5 a second, of 0.1 s each
			at := float64(i) / 5
			prompt := test.prompt(i)
			row := answered(prompt, 2, test.ttft(at, i), 0.02, 1000+at, 1000+at+1)
			row.Gaps = []time.Duration{20 * time.Millisecond}
			tally.Add(&row)
		}
		if wait := tally.Figures().Diagnostics.RequestStall; (wait.Seconds > 0) != test.waited {
			t.Errorf("%s: %+v", test.why, wait)
		}
	}
}
