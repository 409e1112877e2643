package metrics

import "math"

// Percentile returns a percentile of ascending values as numpy.percentile does: by
// linear interpolation between the two neighbours of position (n-1)*percent/100. Of
// no values it is NaN.
func Percentile(sorted []float64, percent float64) float64 {
	return PercentileFunc(len(sorted), func(k int) float64 { return sorted[k] }, percent)
}

// Median returns the mean of the middle two of ascending values, as numpy.median
// does. It can differ from Percentile(sorted, 50) in the last bit.
func Median(sorted []float64) float64 {
	return median(len(sorted), func(k int) float64 { return sorted[k] })
}

// PercentileFunc is Percentile for values of any form: at returns the k-th smallest
// of n, k from 0.
func PercentileFunc(n int, at func(k int) float64, percent float64) float64 {
	if n == 0 {
		return math.NaN()
	}
	position := float64(float64(n-1) * (percent / 100))
	below := math.Floor(position)
	if int(below) >= n-1 {
		return at(n - 1)
	}
	return between(at(int(below)), at(int(below)+1), position-below)
}

// between interpolates from the nearer end, as numpy does. float64 around the
// products forbids a fused multiply-add, which would differ on arm64.
func between(a, b, t float64) float64 {
	if t >= 0.5 {
		return b - float64((b-a)*(1-t))
	}
	return a + float64((b-a)*t)
}

func median(n int, at func(k int) float64) float64 {
	if n == 0 {
		return math.NaN()
	}
	if n%2 == 1 {
		return at(n / 2)
	}
	return (at(n/2-1) + at(n/2)) / 2
}
