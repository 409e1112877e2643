package main

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/LMCache/LMBench/tools/results/metrics"
)

// figures are those of vLLM's benchmark, by the formulas of calculate_metrics in
// its vllm/benchmarks/serve.py. Times are milliseconds, rates a second. As in
// vLLM, what has no value is 0.
type figures struct {
	duration                  float64 // s, from the start until the last request is over
	completed, failed, unsent int
	input, output             int // tokens of the completed requests, as the engine counts them
	requested                 int // tokens of their prompts by the client's tokenizer: vLLM's input until 2025
	requestRate, goodput      float64
	outputRate, tokenRate     float64
	ttft, tpot, itl, e2el     spread
	peakTokens                float64 // events in the busiest second since the first launch
	peakRequests              int     // under way in the busiest second since the first launch
	atOnce                    int     // most requests under way at one instant; vLLM has no such figure
	wait                      spread  // for a slot
}

// spread is what is said of one quantity.
type spread struct {
	mean, median, std float64
	percentiles       []float64 // as asked for, in that order
	max               float64
}

// compute is called when all requests are over. Tokens that no engine counted
// are counted by the last argument.
func (t *tally) compute(asked *figureOptions, count func(text string) int) figures {
	var f figures
	var ttfts, tpots, itls, e2els, waits []float64
	good := 0
	for i := range t.requests {
		r := &t.requests[i]
		f.duration = max(f.duration, r.ended.Seconds())
		switch {
		case !r.sent:
			f.unsent++
			continue
		case !r.ok:
			f.failed++
			continue
		}
		if r.outputTokens == 0 {
			r.outputTokens = count(r.text)
		}
		f.completed++
		f.input += r.promptTokens
		f.requested += r.requestedTokens
		f.output += r.outputTokens
		ttfts = append(ttfts, r.ttft.Seconds())
		e2els = append(e2els, r.e2el.Seconds())
		if r.outputTokens > 1 {
			tpots = append(tpots, r.tpot())
		}
		itls = r.gaps(itls)
		waits = append(waits, t.waits[i].Seconds())
		if r.keeps(asked.goodput) {
			good++
		}
	}
	f.requestRate = rate(float64(f.completed), f.duration)
	f.goodput = rate(float64(good), f.duration)
	f.outputRate = rate(float64(f.output), f.duration)
	f.tokenRate = rate(float64(f.input+f.output), f.duration)
	f.ttft, f.tpot = spreadOf(ttfts, asked.percentiles), spreadOf(tpots, asked.percentiles)
	f.itl, f.e2el = spreadOf(itls, asked.percentiles), spreadOf(e2els, asked.percentiles)
	f.wait = spreadOf(waits, percentiles{50, 99})
	f.peakTokens, f.peakRequests = t.peaks()
	f.atOnce = t.atOnce()
	return f
}

// keeps tells whether a request keeps all limits.
func (r *served) keeps(limits goals) bool {
	for name, value := range map[string]float64{"ttft": r.ttft.Seconds(), "tpot": r.tpot(), "e2el": r.e2el.Seconds()} {
		if limit, set := limits[name]; set && limit/1000 < value {
			return false
		}
	}
	return true
}

func rate(amount, over float64) float64 {
	if !(over > 0) {
		return 0
	}
	return amount / over
}

// spreadOf takes seconds. As numpy does it, each figure is computed in seconds
// and then multiplied.
func spreadOf(values []float64, asked percentiles) spread {
	s := spread{percentiles: make([]float64, len(asked))}
	if len(values) == 0 {
		return s
	}
	mean := metrics.Mean(values)
	squares := make([]float64, len(values))
	for i, v := range values {
		squares[i] = (v - mean) * (v - mean)
	}
	s.mean, s.std = mean*1000, math.Sqrt(metrics.Mean(squares))*1000
	sorted := slices.Sorted(slices.Values(values))
	s.median, s.max = metrics.Median(sorted)*1000, sorted[len(sorted)-1]*1000
	for i, p := range asked {
		s.percentiles[i] = metrics.Percentile(sorted, p) * 1000
	}
	return s
}

// peaks are the most events, and the most requests under way at any time, in
// one second since the first launch, as vLLM counts them: requests that only
// follow one another within the second count together.
func (t *tally) peaks() (events float64, requests int) {
	first := time.Duration(math.MaxInt64)
	for i := range t.requests {
		if r := &t.requests[i]; r.ok {
			first = min(first, r.start)
		}
	}
	second := func(at time.Duration) time.Duration { return (at - first) / time.Second }
	arrived, underWay := map[time.Duration]int{}, map[time.Duration]int{}
	for i := range t.requests {
		r := &t.requests[i]
		if !r.ok {
			continue
		}
		times := r.events
		if len(times) == 0 {
			times = []time.Duration{r.ttft}
		}
		for _, at := range times {
			arrived[second(r.start+at)]++
		}
		for s := second(r.start); s <= second(r.start+r.e2el); s++ {
			underWay[s]++
		}
	}
	for _, n := range arrived {
		events = max(events, float64(n))
	}
	for _, n := range underWay {
		requests = max(requests, n)
	}
	return events, requests
}

// atOnce is the most requests under way at one instant: one that ends just when
// another starts is not counted with it.
func (t *tally) atOnce() (most int) {
	type change struct {
		at time.Duration
		by int
	}
	var changes []change
	for i := range t.requests {
		if r := &t.requests[i]; r.ok {
			changes = append(changes, change{r.start, 1}, change{r.start + r.e2el, -1})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.by, b.by)) })
	now := 0
	for _, c := range changes {
		now += c.by
		most = max(most, now)
	}
	return most
}
