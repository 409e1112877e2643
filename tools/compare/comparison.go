package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/suite"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// percents are the percentiles that are compared. Higher ones need more requests than a
// run usually has.
var percents = [...]float64{50, 90, 99}

// comparison compares one metric of a pair. For every metric, more is worse.
type comparison struct {
	pair        *pair
	metric      string
	a, b        float64
	unit        string
	difference  float64 // (b-a)/a, or b-a if inPoints
	inPoints    bool    // a and b are fractions, compared in percentage points
	interval    interval
	hasInterval bool
	conclusion  conclusion
	reason      string // why it is inconclusive
}

type conclusion string

const (
	better       conclusion = "better"
	worse        conclusion = "worse"
	noDifference conclusion = "no significant difference"
	inconclusive conclusion = "inconclusive"
)

// compare compares the metrics of a pair. The stream gives each pair random numbers of
// its own, so that its intervals do not depend on the other pairs.
func (p *pair) compare(o options, stream uint64) ([]comparison, error) {
	if p.a.Failed != nil || p.b.Failed != nil {
		return []comparison{p.compareFailed()}, nil
	}
	a, err := readSample(p.a)
	if err != nil {
		return nil, err
	}
	b, err := readSample(p.b)
	if err != nil {
		return nil, err
	}
	random := rand.New(rand.NewPCG(o.seed, stream))
	var all []comparison
	for _, metric := range []struct {
		name                 string
		a, b                 []float64
		recordedA, recordedB metrics.Distribution
	}{
		{"TTFT", a.ttft, b.ttft, p.a.Results.TTFT, p.b.Results.TTFT},
		{"TPOT", a.tpot, b.tpot, p.a.Results.TPOT, p.b.Results.TPOT},
		{"E2EL", a.e2el, b.e2el, p.a.Results.E2EL, p.b.Results.E2EL},
	} {
		for _, percent := range percents {
			c := comparison{metric: metric.name + " " + metrics.PercentName(percent), unit: "ms"}
			if n := min(len(metric.a), len(metric.b)); n > 0 {
				c.a, c.b = metrics.Percentile(metric.a, percent), metrics.Percentile(metric.b, percent)
				c.estimate(o.resamples, func() float64 {
					return relative(resampledPercentile(random, metric.a, percent), resampledPercentile(random, metric.b, percent))
				})
				if needed := metrics.Needed(percent); percent > 50 && n < needed { // a median is shown for any sample
					c.reason = fmt.Sprintf("needs %d requests, has %d", needed, n)
				}
			} else {
				c.a, c.b, c.reason = metric.recordedA.P(percent), metric.recordedB.P(percent), "request records not kept"
			}
			c.difference = relative(c.a, c.b)
			if !math.IsNaN(c.a) || !math.IsNaN(c.b) {
				all = append(all, c)
			}
		}
	}
	if a.itl.known() && b.itl.known() {
		c := comparison{metric: "ITL mean", unit: "ms", a: a.itl.value(), b: b.itl.value()}
		c.difference = relative(c.a, c.b)
		c.estimate(o.resamples, func() float64 { return relative(a.itl.resampled(random), b.itl.resampled(random)) })
		all = append(all, c)
	}
	if a.n > 0 && b.n > 0 {
		c := comparison{metric: "failed", unit: "%", inPoints: true, a: 100 * a.failed.value(), b: 100 * b.failed.value()}
		c.difference = (c.b - c.a) / 100
		c.estimate(o.resamples, func() float64 { return b.failed.resampled(random) - a.failed.resampled(random) })
		all = append(all, c)
	}
	for i := range all {
		all[i].pair = p
		all[i].conclude()
	}
	return all, nil
}

func relative(a, b float64) float64 { return (b - a) / a }

// compareFailed compares a pair of which at least one side has no result.
func (p *pair) compareFailed() comparison {
	c := comparison{pair: p, metric: "requests", a: float64(p.a.Results.OK), b: float64(p.b.Results.OK), difference: math.NaN()}
	switch {
	case p.a.Failed != nil && p.b.Failed != nil:
		c.conclusion, c.reason = inconclusive, "both A and B failed"
	case p.b.Failed != nil:
		c.conclusion, c.reason = worse, "B failed: "+p.b.Failed.Cause
	default:
		c.conclusion, c.reason = better, "A failed: "+p.a.Failed.Cause
	}
	return c
}

func (c *comparison) estimate(resamples int, difference func() float64) {
	c.interval, c.hasInterval = bootstrap(resamples, difference), true
}

// conclude decides by the interval of the difference.
func (c *comparison) conclude() {
	// The share of failed requests is compared even if a point is INVALID: it may be
	// the very reason.
	for i, point := range []*suite.Point{c.pair.a, c.pair.b} {
		if point.Verdict.Level == verdict.Invalid && !c.inPoints {
			c.reason = "AB"[i:i+1] + " is INVALID"
		}
	}
	switch {
	case c.reason != "":
		c.conclusion = inconclusive
	case c.interval.low > 0:
		c.conclusion = worse
	case c.interval.high < 0:
		c.conclusion = better
	default:
		c.conclusion = noDifference
	}
}

// isRegression reports whether the whole interval lies above the limit, or whether only
// B failed.
func (c *comparison) isRegression(limit float64) bool {
	return c.conclusion == worse && (math.IsNaN(c.difference) || c.interval.low > limit)
}
