package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/LMCache/LMBench/tools/data/pyrand"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// interval holds 95 % of the differences between resamples.
type interval struct{ low, high float64 }

// bootstrap estimates the interval of a difference. Each call of difference compares new
// resamples of both sides.
func bootstrap(resamples int, difference func() float64) interval {
	all := make([]float64, 0, resamples)
	for range resamples {
		if d := difference(); !math.IsNaN(d) {
			all = append(all, d)
		}
	}
	slices.Sort(all)
	return interval{metrics.Percentile(all, 2.5), metrics.Percentile(all, 97.5)}
}

// resampledPercentile returns a percentile of one resample: n of the n values, drawn
// with replacement. It draws only the two order statistics that the percentile needs,
// so that its cost does not depend on n and its result is still exactly the bootstrap's:
// the k-th smallest of n uniform draws has the distribution Beta(k, n+1-k), the next one
// exceeds it by the smallest of the n-k draws above it, and the resample's k-th smallest
// value is the value at that position.
func resampledPercentile(random *rand.Rand, sorted []float64, percent float64) float64 {
	n := len(sorted)
	position := float64(n-1) * (percent / 100)
	below := int(position)
	u := beta(random, float64(below+1), float64(n-below))
	value := func(u float64) float64 { return sorted[min(int(u*float64(n)), n-1)] }
	a := value(u)
	above := n - below - 1
	if above == 0 {
		return a
	}
	next := u + (1-u)*(1-math.Pow(1-random.Float64(), 1/float64(above)))
	return a + (value(next)-a)*(position-float64(below))
}

// beta draws from the distribution Beta(a, b).
func beta(random *rand.Rand, a, b float64) float64 {
	x := pyrand.Gamma(random, a)
	return x / (x + pyrand.Gamma(random, b))
}

// ratio is a ratio of two sums over requests, such as the sum of all gaps and their
// number.
type ratio struct{ numerators, denominators []float64 } // sums by group

// maxGroups bounds the cost of a resample: requests are assigned to groups, and groups
// are resampled, which leaves the variance of the sums unchanged.
const maxGroups = 2000

func (r *ratio) add(request int, numerator, denominator float64) {
	group := request % maxGroups
	for len(r.numerators) <= group {
		r.numerators, r.denominators = append(r.numerators, 0), append(r.denominators, 0)
	}
	r.numerators[group] += numerator
	r.denominators[group] += denominator
}

func (r *ratio) known() bool { return len(r.numerators) > 0 }

func (r *ratio) value() float64 {
	numerator, denominator := 0.0, 0.0
	for i := range r.numerators {
		numerator, denominator = numerator+r.numerators[i], denominator+r.denominators[i]
	}
	return numerator / denominator
}

// resampled returns the ratio of one resample of the groups.
func (r *ratio) resampled(random *rand.Rand) float64 {
	numerator, denominator := 0.0, 0.0
	for range r.numerators {
		i := random.IntN(len(r.numerators))
		numerator, denominator = numerator+r.numerators[i], denominator+r.denominators[i]
	}
	return numerator / denominator
}
