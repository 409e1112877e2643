package schedule

import (
	"errors"
	"time"
)

// Constant returns arrivals of n items at equal intervals, rate per second, the first at
// offset 0; n = 0 means unlimited. Each due time is computed from the start, so rounding
// errors do not add up.
func Constant(rate float64, n int) Arrivals {
	return Arrivals{N: n, At: func(i int) time.Duration { return Seconds(float64(i) / rate) }}
}

// ConstantRate is the Process with equal intervals.
type ConstantRate struct{}

// Draw implements Process. It needs no seed.
func (ConstantRate) Draw(rate float64, n int, _ uint64) Arrivals { return Constant(rate, n) }

func (ConstantRate) String() string { return "constant" }

func parseConstant(parameter string) (Process, error) {
	if parameter != "" {
		return nil, errors.New("takes no parameter")
	}
	return ConstantRate{}, nil
}
