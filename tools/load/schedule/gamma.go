package schedule

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
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

// gamma draws from a gamma distribution of scale 1, by Marsaglia and Tsang's
// method ("A simple method for generating gamma variables", 2000).
func gamma(random *rand.Rand, shape float64) float64 {
	if shape == 1 {
		return random.ExpFloat64()
	}
	if shape < 1 {
		// Draw with shape+1, and scale it by a power of a uniform random number.
		return gamma(random, shape+1) * math.Pow(1-random.Float64(), 1/shape)
	}
	d := shape - 1./3
	c := 1 / math.Sqrt(9*d)
	for {
		x := random.NormFloat64()
		v := 1 + float64(c*x) // the conversion prevents fused rounding, which differs between CPUs
		if v <= 0 {
			continue
		}
		v = v * v * v
		if u := 1 - random.Float64(); math.Log(u) < x*x/2+d-float64(d*v)+float64(d*math.Log(v)) {
			return d * v
		}
	}
}
