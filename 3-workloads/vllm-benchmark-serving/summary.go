package main

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/LMCache/LMBench/tools/results/goodput"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// summary holds the figures of vLLM's benchmark, by the formulas of calculate_metrics in
// its vllm/benchmarks/serve.py. As in vLLM, figures without a value are 0.
type summary struct {
	duration                  float64 // seconds from the start until the last request ended
	completed, failed, unsent int
	input, output             int // tokens of completed requests, counted by the engine
	requested                 int // tokens of their prompts, counted by the client; vLLM's input until 2025
	requestRate, goodput      float64
	outputRate, tokenRate     float64
	ttft, tpot, itl, e2el     stats
	peakTokens                float64 // events in the busiest second since the first launch
	peakRequests              int     // requests in flight during the busiest second since the first launch
	maxInFlight               int     // at any instant; vLLM has no such figure
	wait                      stats   // for a slot
}

// stats summarizes samples, in milliseconds.
type stats struct {
	mean, median, std float64
	percentiles       []float64 // in the order requested
	max               float64
}

// summarize computes the figures when all requests have ended. count counts the tokens of
// answers that the engine did not count.
func (o *outcomes) summarize(options *figureOptions, count func(text string) int) summary {
	var f summary
	var ttfts, tpots, itls, e2els, waits []float64
	good := 0
	for i := range o.requests {
		r := &o.requests[i]
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
		itls = r.appendITLs(itls)
		waits = append(waits, o.waits[i].Seconds())
		if goodput.Goals(options.goodput).Met(r.ttft.Seconds(), r.tpot(), r.e2el.Seconds()) {
			good++
		}
	}
	f.requestRate = rate(float64(f.completed), f.duration)
	f.goodput = rate(float64(good), f.duration)
	f.outputRate = rate(float64(f.output), f.duration)
	f.tokenRate = rate(float64(f.input+f.output), f.duration)
	f.ttft, f.tpot = statsOf(ttfts, options.percentiles), statsOf(tpots, options.percentiles)
	f.itl, f.e2el = statsOf(itls, options.percentiles), statsOf(e2els, options.percentiles)
	f.wait = statsOf(waits, percentiles{50, 99})
	f.peakTokens, f.peakRequests = o.peaks()
	f.maxInFlight = o.maxInFlight()
	return f
}

// metric returns the stats of ttft, tpot, itl or e2el.
func (f *summary) metric(name string) stats {
	switch name {
	case "ttft":
		return f.ttft
	case "tpot":
		return f.tpot
	case "itl":
		return f.itl
	}
	return f.e2el
}

func rate(amount, over float64) float64 {
	if !(over > 0) {
		return 0
	}
	return amount / over
}

// statsOf summarizes seconds. Like numpy it computes in seconds and then multiplies.
func statsOf(values []float64, of percentiles) stats {
	s := stats{percentiles: make([]float64, len(of))}
	if len(values) == 0 {
		return s
	}
	s.mean, s.std = metrics.Mean(values)*1000, metrics.StdDev(values)*1000
	sorted := slices.Sorted(slices.Values(values))
	s.median, s.max = metrics.Median(sorted)*1000, sorted[len(sorted)-1]*1000
	for i, p := range of {
		s.percentiles[i] = metrics.Percentile(sorted, p) * 1000
	}
	return s
}

// peaks returns the most events, and the most requests in flight, during one second since
// the first launch. As in vLLM, requests that only follow one another within the second
// are counted together.
func (o *outcomes) peaks() (events float64, requests int) {
	first := time.Duration(math.MaxInt64)
	for i := range o.requests {
		if r := &o.requests[i]; r.ok {
			first = min(first, r.start)
		}
	}
	second := func(at time.Duration) time.Duration { return (at - first) / time.Second }
	eventsIn, requestsIn := map[time.Duration]int{}, map[time.Duration]int{}
	for i := range o.requests {
		r := &o.requests[i]
		if !r.ok {
			continue
		}
		times := r.events
		if len(times) == 0 {
			times = []time.Duration{r.ttft}
		}
		for _, at := range times {
			eventsIn[second(r.start+at)]++
		}
		for s := second(r.start); s <= second(r.start+r.e2el); s++ {
			requestsIn[s]++
		}
	}
	for _, n := range eventsIn {
		events = max(events, float64(n))
	}
	for _, n := range requestsIn {
		requests = max(requests, n)
	}
	return events, requests
}

// maxInFlight returns the most requests in flight at any instant. A request that ends
// just when another starts is not counted together with it.
func (o *outcomes) maxInFlight() (most int) {
	type change struct {
		at time.Duration
		by int
	}
	var changes []change
	for i := range o.requests {
		if r := &o.requests[i]; r.ok {
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
