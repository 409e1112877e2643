package pyrand

// Float64 is random.random and numpy's random_sample: 53 bits in [0, 1).
func (t *MT19937) Float64() float64 {
	high, low := t.Uint32()>>5, t.Uint32()>>6
	return float64(float64(high)*(1<<26)+float64(low)) / (1 << 53)
}

// Choices are the indices that random.choices draws of n things, with
// replacement, count of them.
func (t *MT19937) Choices(n, count int) []int {
	chosen := make([]int, count)
	for i := range chosen {
		chosen[i] = int(t.Float64() * float64(n))
	}
	return chosen
}

// Choice is the index that random.choice draws of n things.
func (t *MT19937) Choice(n int) int { return t.below(n) }
