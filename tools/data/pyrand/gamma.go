package pyrand

import (
	"math"
	"math/rand/v2"
)

// Gamma draws from the gamma distribution with the given shape > 0 and scale 1,
// by the method of Marsaglia and Tsang (2000). It is not numpy's generator: see
// RandomState.Gamma for that.
func Gamma(random *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return Gamma(random, shape+1) * math.Pow(1-random.Float64(), 1/shape)
	}
	d := shape - 1./3
	c := 1 / math.Sqrt(9*d)
	for {
		x := random.NormFloat64()
		v := 1 + float64(c*x) // conversions prevent fused rounding, which differs between CPUs
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-random.Float64()) < float64(0.5*x*x)+d-float64(d*v)+float64(d*math.Log(v)) {
			return d * v
		}
	}
}
