package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/LMCache/LMBench/tools/data/pyrand"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// resampledQuantile is the quantile of one resample: n of the n values, drawn with
// replacement. It draws only the two that matter. The k-th smallest of n uniform
// draws has a beta distribution of k and n+1-k, the next one lies above it by the
// smallest of the n-k draws that are left, and a resample's k-th smallest value is
// the value at that place: exactly the bootstrap, at a cost that n has no part in.
func resampledQuantile(random *rand.Rand, sorted []float64, q float64) float64 {
	n := len(sorted)
	position := float64(n-1) * q
	below := int(position)
	u := beta(random, float64(below+1), float64(n-below))
	value := func(u float64) float64 { return sorted[min(int(u*float64(n)), n-1)] }
	a := value(u)
	left := n - below - 1
	if left == 0 {
		return a
	}
	next := u + (1-u)*(1-math.Pow(1-random.Float64(), 1/float64(left)))
	return a + (value(next)-a)*(position-float64(below))
}

// beta is a draw from the beta distribution.
func beta(random *rand.Rand, a, b float64) float64 {
	x := pyrand.Gamma(random, a)
	return x / (x + pyrand.Gamma(random, b))
}

// ratio is a quotient of sums over requests, as all gaps by their number.
type ratio struct{ over, under []float64 }

// mostGroups keeps a resample of many requests cheap: they are dealt to so many
// groups, and groups are drawn. The sums' spread is the same.
const mostGroups = 2000

func (r *ratio) add(request int, over, under float64) {
	at := request % mostGroups
	for len(r.over) <= at {
		r.over, r.under = append(r.over, 0), append(r.under, 0)
	}
	r.over[at] += over
	r.under[at] += under
}

func (r *ratio) value() float64 {
	over, under := 0.0, 0.0
	for i := range r.over {
		over, under = over+r.over[i], under+r.under[i]
	}
	return over / under
}

func (r *ratio) resampled(random *rand.Rand) float64 {
	over, under := 0.0, 0.0
	for range r.over {
		i := random.IntN(len(r.over))
		over, under = over+r.over[i], under+r.under[i]
	}
	return over / under
}

// interval holds 95 % of the differences of resamples.
type interval struct{ low, high float64 }

// between resamples both sides.
func between(resamples int, difference func() float64) interval {
	all := make([]float64, 0, resamples)
	for range resamples {
		if d := difference(); !math.IsNaN(d) {
			all = append(all, d)
		}
	}
	slices.Sort(all)
	return interval{metrics.Percentile(all, 2.5), metrics.Percentile(all, 97.5)}
}
