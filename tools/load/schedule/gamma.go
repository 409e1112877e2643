package schedule

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/LMCache/LMBench/tools/data/pyrand"
)

// Gamma is the Process whose intervals have a gamma distribution. The shape is
// what vLLM calls burstiness: 1 is a Poisson process, smaller values are burstier, larger
// ones more even.
type Gamma struct{ Shape float64 }

// Draw implements Process.
func (g Gamma) Draw(rate float64, n int, seed uint64) Arrivals {
	random := rand.New(rand.NewPCG(seed, 0))
	return drawIntervals(n, func() float64 { return gamma(random, g.Shape) / (g.Shape * rate) })
}

func (g Gamma) String() string {
	if g.Shape == 1 {
		return "poisson"
	}
	return "gamma:" + strconv.FormatFloat(g.Shape, 'g', -1, 64)
}

func parsePoisson(parameter string) (Process, error) {
	if parameter != "" {
		return nil, errors.New("takes no parameter")
	}
	return Gamma{1}, nil
}

func parseGamma(parameter string) (Process, error) {
	shape, err := strconv.ParseFloat(parameter, 64)
	if err != nil || !(shape > 0) || math.IsInf(shape, 0) {
		return nil, fmt.Errorf("want a shape above 0, like gamma:0.5, got %q", parameter)
	}
	return Gamma{shape}, nil
}

// gamma draws from the gamma distribution with scale 1.
func gamma(random *rand.Rand, shape float64) float64 {
	if shape == 1 {
		return random.ExpFloat64()
	}
	return pyrand.Gamma(random, shape)
}
