// Package pyrand draws random numbers: those of Python's random.Random and
// numpy's RandomState bit for bit, and from distributions that math/rand/v2 lacks.
package pyrand

import "math"

// RandomState is numpy.random.RandomState, which numpy keeps as it is for good:
// the same seed gives the same numbers in every version. What numpy's global
// functions draw after numpy.random.seed(seed) is the same.
type RandomState struct {
	MT19937
	spare    float64 // the second normal number of a pair
	hasSpare bool
}

// NewRandomState is numpy.random.RandomState(seed). It seeds otherwise than
// random.Random(seed), which has another stream.
func NewRandomState(seed uint32) *RandomState {
	s := &RandomState{}
	s.Seed(seed)
	return s
}

// Int is randint(low, high), low < high, whose span fits 32 bits: numbers under
// the span's mask are drawn until one is inside.
func (s *RandomState) Int(low, high int) int {
	span := uint32(high - low - 1)
	if span == 0 {
		return low // without a draw
	}
	mask := span
	for shift := 1; shift < 32; shift *= 2 {
		mask |= mask >> shift
	}
	for {
		if n := s.Uint32() & mask; n <= span {
			return low + int(n)
		}
	}
}

// Ints is randint(low, high, size=n).
func (s *RandomState) Ints(low, high, n int) []int {
	ints := make([]int, n)
	for i := range ints {
		ints[i] = s.Int(low, high)
	}
	return ints
}

// Shuffle is shuffle: Fisher and Yates, from the end.
func (s *RandomState) Shuffle(n int, swap func(i, j int)) {
	for i := n - 1; i >= 1; i-- {
		swap(i, s.Int(0, i+1))
	}
}

// Permutation is permutation(n).
func (s *RandomState) Permutation(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	s.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
	return order
}

// Gamma is gamma(shape, scale), both above 0.
func (s *RandomState) Gamma(shape, scale float64) float64 {
	return float64(scale * s.standardGamma(shape))
}

func (s *RandomState) standardExponential() float64 { return -logarithm(1 - s.Float64()) }

// standardGamma is by Ahrens and Dieter (1974) below a shape of 1 and by
// Marsaglia and Tsang (2000) above. The conversions to float64 forbid a fused
// multiply-add, which would differ on arm64.
func (s *RandomState) standardGamma(shape float64) float64 {
	switch {
	case shape == 1:
		return s.standardExponential()
	case shape < 1:
		return s.smallGamma(shape)
	}
	b := shape - 1./3
	c := 1 / math.Sqrt(9*b)
	for {
		x := s.normal()
		v := 1 + float64(c*x)
		if v <= 0 {
			continue
		}
		v = float64(v * v * v)
		u := s.Float64()
		xx := x * x
		if u < 1-float64(float64(0.0331*xx)*xx) {
			return b * v
		}
		if logarithm(u) < float64(float64(0.5*x)*x)+float64(b*(1-v+logarithm(v))) {
			return b * v
		}
	}
}

func (s *RandomState) smallGamma(shape float64) float64 {
	for {
		u := s.Float64()
		v := s.standardExponential()
		if u <= 1-shape {
			if x := power(u, 1/shape); x <= v {
				return x
			}
			continue
		}
		y := -logarithm((1 - u) / shape)
		if x := power(1-shape+float64(shape*y), 1/shape); x <= v+y {
			return x
		}
	}
}

// normal is standard_normal, by Marsaglia's polar method.
func (s *RandomState) normal() float64 {
	if s.hasSpare {
		s.hasSpare = false
		return s.spare
	}
	for {
		x := float64(2*s.Float64()) - 1
		y := float64(2*s.Float64()) - 1
		r := float64(x*x) + float64(y*y)
		if r >= 1 || r == 0 {
			continue
		}
		f := math.Sqrt(float64(-2*logarithm(r)) / r)
		s.spare, s.hasSpare = f*x, true
		return f * y
	}
}
