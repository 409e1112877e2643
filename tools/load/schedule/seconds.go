package schedule

import (
	"math"
	"time"
)

// Seconds returns a number of seconds as a Duration, rounded to the nearest
// nanosecond.
func Seconds(s float64) time.Duration {
	return time.Duration(math.Round(s * float64(time.Second)))
}
