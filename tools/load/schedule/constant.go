package schedule

import (
	"errors"
	"time"
)

// Constant returns arrivals at equal intervals, the first at once: rate items a
// second, n in all, or without end if n is 0. Each due time is computed by
// itself, so rounding errors do not add up.
func Constant(rate float64, n int) Arrivals {
	return Arrivals{N: n, At: func(i int) time.Duration { return Seconds(float64(i) / rate) }}
}

// ConstantRate is the Process with equal intervals.
type ConstantRate struct{}

// Arrivals implements Process. It needs no seed.
func (ConstantRate) Arrivals(rate float64, n int, _ uint64) Arrivals { return Constant(rate, n) }

func (ConstantRate) String() string { return "constant" }

func parseConstant(parameter string) (Process, error) {
	if parameter != "" {
		return nil, errors.New("has no parameter")
	}
	return ConstantRate{}, nil
}
