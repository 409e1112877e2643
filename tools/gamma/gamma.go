// Package gamma draws from the gamma distribution.
package gamma

import (
	"math"
	"math/rand/v2"
)

// Draw is a draw of a shape above 0 and scale 1, by Marsaglia and Tsang (2000).
func Draw(random *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return Draw(random, shape+1) * math.Pow(1-random.Float64(), 1/shape)
	}
	d := shape - 1./3
	c := 1 / math.Sqrt(9*d)
	for {
		x := random.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-random.Float64()) < 0.5*x*x+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
