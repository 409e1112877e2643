package schedule

import (
	"math"
	"time"
)

// Seconds returns a number of seconds as a Duration, rounded to the nearest
// nanosecond. Values that exceed the range of a Duration become the longest one.
func Seconds(s float64) time.Duration {
	if ns := math.Round(s * float64(time.Second)); ns < math.MaxInt64 {
		return time.Duration(ns)
	}
	return math.MaxInt64
}
