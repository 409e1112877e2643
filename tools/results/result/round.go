package result

import (
	"math"
	"strconv"
)

// LMBench rounds some figures as Python floats and some as numpy floats. Both round ties to
// even; they differ in what a tie is.

// roundPython uses the exact binary value: 2.675 is slightly less and gives 2.67.
func roundPython(v float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', 2, 64), 64)
	if err != nil {
		return v
	}
	return rounded
}

// roundNumpy scales first, which can produce a tie: 2.675 gives 2.68.
func roundNumpy(v float64) float64 { return scaled(v, 100) }

// roundMillis rounds milliseconds to whole microseconds.
func roundMillis(v float64) float64 { return scaled(v, 1000) }

func scaled(v, by float64) float64 {
	return math.RoundToEven(float64(v*by)) / by
}

// significant rounds to six significant digits, so that a rate of one request per hour is
// kept.
func significant(v float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	if err != nil {
		return v
	}
	return rounded
}

// exact does not round.
func exact(v float64) float64 { return v }

// rounding has the functions that round LMBench's figures of a point.
type rounding struct{ request, throughput, latency func(float64) float64 }

var (
	roundingOfRequests = rounding{roundPython, roundNumpy, roundNumpy}
	roundingOfMetrics  = rounding{exact, exact, roundPython}
)
