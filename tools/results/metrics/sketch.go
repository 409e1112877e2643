package metrics

import (
	"math"
	"slices"
)

const (
	// exactUpTo is the number of values that a sketch keeps exactly.
	exactUpTo = 1 << 16
	// Further values are counted in classes a thousandth wide. In milliseconds the classes
	// reach from a nanosecond to twelve days.
	classBits   = 10
	lowestClass = (1023 - 20) << classBits // 2^-20
	classes     = 50 << classBits
)

// sketch is a distribution in bounded memory: exact for few values, then accurate to a
// thousandth of each value. Count, mean, minimum and maximum stay exact.
type sketch struct {
	values   []float64
	counts   []uint32 // per class; nil while values holds all
	n        int
	sum      float64
	min, max float64
}

// add adds a value, unless it is NaN or infinite.
func (s *sketch) add(v float64) {
	if !finite(v) {
		return
	}
	if s.n == 0 {
		s.min, s.max = v, v
	}
	s.n++
	s.sum += v
	s.min, s.max = min(s.min, v), max(s.max, v)
	if s.counts == nil && len(s.values) < exactUpTo {
		s.values = append(s.values, v)
		return
	}
	if s.counts == nil {
		s.counts = make([]uint32, classes)
		for _, kept := range s.values {
			s.counts[class64(kept)]++
		}
		s.values = nil
	}
	s.counts[class64(v)]++
}

// class64 numbers values by exponent and first bits, in the order of the values.
func class64(v float64) int {
	if v <= 0 {
		return 0
	}
	return min(max(0, int(math.Float64bits(v)>>(52-classBits))-lowestClass), classes-1)
}

// middle returns the value in the middle of a class.
func middle(class int) float64 {
	bits := uint64(class+lowestClass) << (52 - classBits)
	return math.Float64frombits(bits | 1<<(51-classBits))
}

// distribution may be called more than once.
func (s *sketch) distribution() Distribution {
	if s.counts == nil {
		return Distribute(s.values)
	}
	return distribution(s.n, s.sum/float64(s.n), s.smallest())
}

// latest returns the value that one in a hundred, and at least two, reach; NaN if there
// are fewer.
func (s *sketch) latest() float64 {
	beyond := max(2, (s.n+99)/100)
	if s.n < beyond {
		return math.NaN()
	}
	return s.smallest()(s.n - beyond)
}

// smallest returns a function for the k-th smallest value, k from 0.
func (s *sketch) smallest() func(k int) float64 {
	if s.counts == nil {
		slices.Sort(s.values)
		return func(k int) float64 { return s.values[k] }
	}
	through := make([]int, 0, 1024) // number of values up to and including that class
	var filled []float64
	n := 0
	for class, count := range s.counts {
		if count > 0 {
			n += int(count)
			through = append(through, n)
			filled = append(filled, middle(class))
		}
	}
	return func(k int) float64 {
		switch k {
		case 0:
			return s.min
		case s.n - 1:
			return s.max
		}
		i, _ := slices.BinarySearch(through, k+1)
		return min(max(filled[i], s.min), s.max)
	}
}
