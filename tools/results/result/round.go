package result

import (
	"math"
	"strconv"
)

// The original rounds some figures as Python floats and some as numpy floats.
// Both are to even on a tie; they differ in what they take for one.

// roundPython looks at the exact binary value: 2.675 lies below and gives 2.67.
func roundPython(v float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', 2, 64), 64)
	if err != nil {
		return v
	}
	return rounded
}

// roundNumpy scales first, which can make a tie: 2.675 gives 2.68.
func roundNumpy(v float64) float64 { return scaled(v, 100) }

// roundMillis keeps whole microseconds.
func roundMillis(v float64) float64 { return scaled(v, 1000) }

func scaled(v, by float64) float64 {
	return math.RoundToEven(float64(v*by)) / by
}

// significant keeps six digits, so that a rate of one request in an hour is not
// rounded away.
func significant(v float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	if err != nil {
		return v
	}
	return rounded
}

// exact is no rounding.
func exact(v float64) float64 { return v }

// rounding is what a point's figures of the original are rounded with.
type rounding struct{ request, throughput, latency func(float64) float64 }

var (
	roundingOfRequests = rounding{roundPython, roundNumpy, roundNumpy}
	roundingOfMetrics  = rounding{exact, exact, roundPython}
)
