package pyrand

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// Mean and variance of the distribution both equal its shape.
func TestGammaMoments(t *testing.T) {
	for _, shape := range []float64{0.2, 0.9, 1, 1.5, 40, 1e4} {
		t.Run(fmt.Sprint(shape), func(t *testing.T) {
			const n = 200_000
			random := rand.New(rand.NewPCG(1, uint64(shape)))
			sum, squares := 0.0, 0.0
			for range n {
				v := Gamma(random, shape)
				sum += v
				squares += (v - shape) * (v - shape)
			}
			// Five standard errors; the fourth central moment is 3·shape² + 6·shape.
			if off := math.Abs(sum/n - shape); off > 5*math.Sqrt(shape/n) {
				t.Errorf("mean %v, want about %v", sum/n, shape)
			}
			if off := math.Abs(squares/n - shape); off > 5*math.Sqrt((2*shape*shape+6*shape)/n) {
				t.Errorf("variance %v, want about %v", squares/n, shape)
			}
		})
	}
}
