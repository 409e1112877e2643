package main

import (
	"math"
	"time"

	"github.com/LMCache/LMBench/tools/data/pyrand"
	"github.com/LMCache/LMBench/tools/load/schedule"
)

// dueTimes returns when each of n requests is due. As in vLLM, intervals are drawn from a
// gamma distribution by numpy's legacy generator, from the stream that the prompts are
// drawn from. A schedule.Process, which has a seed of its own, would draw others.
func (s *serving) dueTimes(random *pyrand.RandomState, n int) []time.Duration {
	intervals := make([]float64, n) // after request i
	for i := range intervals {
		if rate := s.rateAt(i, n); !math.IsInf(rate, 1) {
			intervals[i] = random.Gamma(s.load.burstiness, 1/(rate*s.load.burstiness))
		}
	}
	due := make([]time.Duration, n)
	at, scale := 0.0, 1.0
	if s.load.arrivals == "vllm" {
		at, scale = s.scaled(intervals)
	}
	for i := range due {
		due[i] = schedule.Seconds(at * scale)
		if s.load.arrivals == "vllm" && i+1 < n {
			at += intervals[i+1]
		} else {
			at += intervals[i]
		}
	}
	return due
}

// scaled returns what vLLM has done since 2025: the first request waits too, and at a
// constant rate all times are scaled so that the last request is due after exactly
// NUM_PROMPTS/REQUEST_RATE seconds.
func (s *serving) scaled(intervals []float64) (first, scale float64) {
	total := 0.0
	for _, interval := range intervals {
		total += interval
	}
	if s.load.rampUp != "" || total == 0 {
		return intervals[0], 1
	}
	return intervals[0], float64(len(intervals)) / s.rate / total
}

// rateAt returns the rate, in requests a second, at request i of n.
func (s *serving) rateAt(i, n int) float64 {
	start, end := s.load.rampStart, s.load.rampEnd
	progress := float64(i) / float64(max(n-1, 1))
	switch s.load.rampUp {
	case "linear":
		return start + float64((end-start)*progress) // the conversion prevents a fused multiply-add
	case "exponential":
		return start * math.Pow(end/start, progress)
	}
	return s.rate
}
