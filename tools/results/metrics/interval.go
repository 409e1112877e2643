package metrics

import "math"

// Interval is where a percentile of what was sampled lies with 95 % confidence,
// whatever the distribution, if the samples are independent. An end that so few
// samples cannot give is NaN.
type Interval struct{ Lower, Upper float64 }

// interval takes the order statistics between which the percentile lies: the
// number of samples below it is binomial.
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

// ranks are the largest l and the smallest u, counted from 1, such that of n
// samples fewer than l, and u or more, lie below the p-quantile with a
// probability of at most 2.5 % each. l is 0 and u is n+1 if there is none.
func ranks(n int, p float64) (l, u int) {
	const tail = 0.025
	mean, spread := float64(n)*p, math.Sqrt(float64(n)*p*(1-p))
	k := max(0, int(mean-12*spread-12)) // below this lies less than rounding shows
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

// logBinomial is the logarithm of the chance of exactly k of n.
func logBinomial(n, k int, p float64) float64 {
	gamma := func(v int) float64 { g, _ := math.Lgamma(float64(v) + 1); return g }
	return gamma(n) - gamma(k) - gamma(n-k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p)
}

// Needed is how many samples a percentile needs: with fewer, one exception more
// than none could not tell 99 % sure that the percentile holds. It is the rule
// that MLPerf's early stopping derives its least counts from: 64 for p90, 662
// for p99, 6,636 for p99.9.
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

// Supports tells whether a count of samples is enough for a percentile.
func (d *Distribution) Supports(percent float64) bool { return d.Count >= Needed(percent) }
