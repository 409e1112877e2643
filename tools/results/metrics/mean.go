package metrics

import "math"

// Mean returns the mean of values, or NaN without values. It adds pairwise as numpy 2.3
// and later do, so that it agrees with pandas to the last bit, which decides rounding
// ties. (Older versions of numpy started a new sum every 8,192 values.)
func Mean(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	return sum(values) / float64(len(values))
}

// StdDev returns the standard deviation of all values, as numpy.std does: that of the
// population, not of a sample.
func StdDev(values []float64) float64 { return math.Sqrt(variance(values)) }

func variance(values []float64) float64 {
	mean := Mean(values)
	squares := make([]float64, len(values))
	for i, v := range values {
		squares[i] = (v - mean) * (v - mean)
	}
	return Mean(squares)
}

// sum splits values in half, at a multiple of 8, until at most 128 are left, which it adds
// in eight interleaved sums.
func sum(values []float64) float64 {
	n := len(values)
	if n > 128 {
		half := n / 2
		half -= half % 8
		return sum(values[:half]) + sum(values[half:])
	}
	if n < 8 {
		total := 0.0
		for _, v := range values {
			total += v
		}
		return total
	}
	var lane [8]float64
	copy(lane[:], values)
	i := 8
	for ; i+8 <= n; i += 8 {
		for j := range lane {
			lane[j] += values[i+j]
		}
	}
	total := ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]))
	for ; i < n; i++ {
		total += values[i]
	}
	return total
}
