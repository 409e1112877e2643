package metrics

import "math"

// Interval is the 95 % confidence interval of a percentile, for independent samples of any
// distribution. A bound for which there are too few samples is NaN.
type Interval struct{ Lower, Upper float64 }

// interval returns the order statistics between which the percentile lies: the number of
// samples below it has a binomial distribution.
func interval(n int, at func(k int) float64, percent float64) Interval {
	below, above := ranks(n, percent/100)
	bounds := Interval{math.NaN(), math.NaN()}
	if below >= 1 {
		bounds.Lower = at(below - 1)
	}
	if above <= n {
		bounds.Upper = at(above - 1)
	}
	return bounds
}

// ranks returns the largest l and the smallest u, from 1, such that fewer than l of n
// samples lie below the p-quantile with a probability of at most 2.5 %, and u or more
// likewise. Without such a rank l is 0 and u is n+1.
func ranks(n int, p float64) (l, u int) {
	const tail = 0.025
	mean, spread := float64(n)*p, math.Sqrt(float64(n)*p*(1-p))
	k := max(0, int(mean-12*spread-12)) // what lies below is smaller than rounding errors
	chance := math.Exp(logBinomial(n, k, p))
	cumulated := 0.0
	for ; k <= n; k++ {
		cumulated += chance // P(at most k below)
		if cumulated <= tail {
			l = k + 1
		}
		if cumulated >= 1-tail {
			return l, k + 1
		}
		chance *= float64(n-k) / float64(k+1) * p / (1 - p)
	}
	return l, n + 1
}

// logBinomial returns the logarithm of the probability of exactly k of n.
func logBinomial(n, k int, p float64) float64 {
	gamma := func(v int) float64 { g, _ := math.Lgamma(float64(v) + 1); return g }
	return gamma(n) - gamma(k) - gamma(n-k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p)
}

// Needed returns the number of samples that a percentile needs by the rule of MLPerf's
// early stopping: with so many samples, and at most one of them beyond the bound, the
// percentile holds with 99 % confidence. That is 64 for p90, 662 for p99 and 6,636 for
// p99.9.
func Needed(percent float64) int {
	beyond := 1 - percent/100
	// P(at most one of n beyond) falls with n.
	at := func(n int) float64 {
		none := math.Exp(float64(n) * math.Log1p(-beyond))
		return none * (1 + float64(n)*beyond/(1-beyond))
	}
	low, high := 1, 2
	for at(high) > 0.01 {
		low, high = high, 2*high
	}
	for low+1 < high {
		if middle := (low + high) / 2; at(middle) > 0.01 {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// Supports reports whether the distribution has enough samples for a percentile.
func (d *Distribution) Supports(percent float64) bool { return d.Count >= Needed(percent) }
