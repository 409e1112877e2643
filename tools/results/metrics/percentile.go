package metrics

import "math"

// Percentile is numpy's default rule over ascending values: linear between the
// two neighbours of position (n-1)*percent/100. Of nothing it is NaN.
func Percentile(sorted []float64, percent float64) float64 {
	return percentile(len(sorted), func(k int) float64 { return sorted[k] }, percent)
}

// Median is the mean of the middle two of ascending values. It can differ from
// Percentile(sorted, 50) in the last bit.
func Median(sorted []float64) float64 {
	return median(len(sorted), func(k int) float64 { return sorted[k] })
}

// percentile reads the k-th smallest of n values with at, k from 0.
func percentile(n int, at func(k int) float64, percent float64) float64 {
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

// between is numpy's interpolation, from the nearer end. float64 around the
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
