// Package pyrand draws random numbers: bit for bit those of Python's random.Random
// and numpy's RandomState, and a few more that math/rand/v2 lacks.
package pyrand

import "math"

// RandomState is numpy.random.RandomState. numpy has frozen it: a seed gives the
// same numbers in every version. numpy's global functions draw the same numbers
// after numpy.random.seed(seed).
type RandomState struct {
	MT19937
	spare    float64 // second normal number of a pair, not yet returned
	hasSpare bool
}

// NewRandomState returns numpy.random.RandomState(seed). Its stream differs from
// that of random.Random(seed), which seeds the generator in another way.
func NewRandomState(seed uint32) *RandomState {
	s := &RandomState{}
	s.Seed(seed)
	return s
}

// Int returns randint(low, high) for low < high and a span of at most 32 bits. It
// draws numbers under the span's bit mask until one is within the span.
func (s *RandomState) Int(low, high int) int {
	span := uint32(high - low - 1)
	if span == 0 {
		return low // numpy draws nothing here
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

// Ints returns randint(low, high, size=n).
func (s *RandomState) Ints(low, high, n int) []int {
	ints := make([]int, n)
	for i := range ints {
		ints[i] = s.Int(low, high)
	}
	return ints
}

// Shuffle does what numpy's shuffle does: Fisher-Yates from the end.
func (s *RandomState) Shuffle(n int, swap func(i, j int)) {
	for i := n - 1; i >= 1; i-- {
		swap(i, s.Int(0, i+1))
	}
}

// Permutation returns permutation(n).
func (s *RandomState) Permutation(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	s.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
	return order
}

// Gamma returns gamma(shape, scale); both must be above 0.
func (s *RandomState) Gamma(shape, scale float64) float64 {
	return float64(scale * s.standardGamma(shape))
}

func (s *RandomState) standardExponential() float64 { return -logarithm(1 - s.Float64()) }

// standardGamma uses Ahrens and Dieter (1974) for shapes below 1 and Marsaglia and
// Tsang (2000) above. The float64 conversions keep the compiler from fusing
// multiply-adds, which would change results on arm64.
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

// normal returns standard_normal(), by Marsaglia's polar method.
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
