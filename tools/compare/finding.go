package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/suite"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// finding is one metric of a pair.
type finding struct {
	pair       *pair
	metric     string
	a, b       float64
	unit       string
	difference float64 // share of A, or of 1 where points says so
	points     bool    // of a hundred
	interval   interval
	word       word
	kept       bool   // there is an interval
	why        string // it was not judged
}

// word is what became of a metric. More is worse, for all of them.
type word string

const (
	better  word = "better"
	worse   word = "worse"
	unclear word = "no clear difference"
	open    word = "not judged"
)

// requests are what is compared of one side.
type requests struct {
	ttft, tpot, e2el []float64 // ms, ascending
	itl, failed      ratio
	n                int
}

func read(p *suite.Point) (*requests, error) {
	r := &requests{}
	for row, err := range p.Requests(nil) {
		if err != nil {
			return nil, err
		}
		r.add(&row)
	}
	for _, values := range [][]float64{r.ttft, r.tpot, r.e2el} {
		slices.Sort(values)
	}
	return r, nil
}

func (r *requests) add(row *record.Row) {
	failed := 0.0
	if !row.OK() {
		failed = 1
	}
	r.failed.add(r.n, failed, 1)
	r.n++
	if failed > 0 {
		return
	}
	if row.TTFT != nil {
		r.ttft = append(r.ttft, *row.TTFT*1000)
	}
	if tpot := metrics.TPOT(0, record.Value(row.GenerationTime), record.Value(row.GenerationTokens)); !math.IsNaN(tpot) {
		r.tpot = append(r.tpot, tpot*1000)
	}
	if row.Stamped() {
		r.e2el = append(r.e2el, (row.FinishTime-row.LaunchTime)*1000)
	}
	if len(row.Gaps) > 0 {
		sum := 0.0
		for _, gap := range row.Gaps {
			sum += gap.Seconds() * 1000
		}
		r.itl.add(r.n, sum, float64(len(row.Gaps)))
	}
}

// floor returns how many requests a quantile needs. A median is shown of any sample.
func floor(q float64) int {
	if q <= 0.5 {
		return 0
	}
	return metrics.Needed(100 * q)
}

// compare finds what differs; number makes its random numbers its own.
func (p *pair) compare(o options, number uint64) (all []finding, err error) {
	if p.a.Failed != nil || p.b.Failed != nil {
		return []finding{p.onlyOne()}, nil
	}
	a, err := read(p.a)
	if err != nil {
		return nil, err
	}
	b, err := read(p.b)
	if err != nil {
		return nil, err
	}
	random := rand.New(rand.NewPCG(o.seed, number))
	for _, metric := range []struct {
		name   string
		a, b   []float64
		ra, rb metrics.Distribution
	}{
		{"TTFT", a.ttft, b.ttft, p.a.Results.TTFT, p.b.Results.TTFT},
		{"TPOT", a.tpot, b.tpot, p.a.Results.TPOT, p.b.Results.TPOT},
		{"E2EL", a.e2el, b.e2el, p.a.Results.E2EL, p.b.Results.E2EL},
	} {
		for _, q := range []float64{0.5, 0.9, 0.99} {
			f := finding{metric: fmt.Sprintf("%s p%g", metric.name, q*100), unit: "ms",
				a: metrics.Percentile(metric.a, 100*q), b: metrics.Percentile(metric.b, 100*q)}
			switch enough := min(len(metric.a), len(metric.b)); {
			case enough == 0:
				f.a, f.b, f.why = recorded(metric.ra, q), recorded(metric.rb, q), "requests not kept"
			default:
				f.kept = true
				f.interval = between(o.resamples, func() float64 {
					return relative(resampledQuantile(random, metric.a, q), resampledQuantile(random, metric.b, q))
				})
				if enough < floor(q) {
					f.why = fmt.Sprintf("needs %d requests, has %d", floor(q), enough)
				}
			}
			f.difference = relative(f.a, f.b)
			all = append(all, f)
		}
	}
	if len(a.itl.over) > 0 && len(b.itl.over) > 0 {
		f := finding{metric: "ITL mean", unit: "ms", kept: true, a: a.itl.value(), b: b.itl.value()}
		f.difference = relative(f.a, f.b)
		f.interval = between(o.resamples, func() float64 { return relative(a.itl.resampled(random), b.itl.resampled(random)) })
		all = append(all, f)
	}
	if a.n > 0 && b.n > 0 {
		f := finding{metric: "failed", unit: "%", points: true, kept: true, a: 100 * a.failed.value(), b: 100 * b.failed.value()}
		f.difference = (f.b - f.a) / 100
		f.interval = between(o.resamples, func() float64 { return b.failed.resampled(random) - a.failed.resampled(random) })
		all = append(all, f)
	}
	for i := range all {
		all[i].pair = p
		all[i].judge()
	}
	return slices.DeleteFunc(all, func(f finding) bool { return math.IsNaN(f.a) && math.IsNaN(f.b) }), nil
}

func relative(a, b float64) float64 { return (b - a) / a }

// recorded is the result's figure.
func recorded(of metrics.Distribution, q float64) float64 {
	return of.P(math.Round(1000*q) / 10)
}

// onlyOne is the finding where a side has no result.
func (p *pair) onlyOne() finding {
	f := finding{pair: p, metric: "requests", a: float64(p.a.Results.OK), b: float64(p.b.Results.OK), difference: math.NaN()}
	switch {
	case p.a.Failed != nil && p.b.Failed != nil:
		f.word, f.why = open, "failed on both sides"
	case p.b.Failed != nil:
		f.word, f.why = worse, "B failed: "+p.b.Failed.Cause
	default:
		f.word, f.why = better, "A failed: "+p.a.Failed.Cause
	}
	return f
}

func (f *finding) judge() {
	// That requests failed is told of any point: it may be why it is INVALID.
	for i, point := range []*suite.Point{f.pair.a, f.pair.b} {
		if point.Verdict.Level == verdict.Invalid && !f.points {
			f.why = "AB"[i:i+1] + " is INVALID"
		}
	}
	switch {
	case f.why != "":
		f.word = open
	case f.interval.low > 0:
		f.word = worse
	case f.interval.high < 0:
		f.word = better
	default:
		f.word = unclear
	}
}

// regression tells whether all of the interval is beyond the limit.
func (f *finding) regression(limit float64) bool {
	return f.word == worse && (math.IsNaN(f.difference) || f.interval.low > limit)
}
