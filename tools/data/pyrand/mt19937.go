package pyrand

import "math/bits"

// MT19937 is Python's random.Random: the Mersenne Twister of Matsumoto and
// Nishimura (1998), seeded as CPython seeds it from a small int. gonum has the
// generator too, but neither this seeding nor Python's draws.
type MT19937 struct {
	state [624]uint32
	next  int
}

// middle is the distance between the words that a new word is made from.
const middle = 397

// NewMT19937 returns random.Random(seed).
func NewMT19937(seed uint32) *MT19937 {
	t := &MT19937{}
	t.Seed(19650218)
	i := 1
	for range len(t.state) {
		t.state[i] = (t.state[i] ^ (t.state[i-1]^t.state[i-1]>>30)*1664525) + seed
		i = t.step(i)
	}
	for range len(t.state) - 1 {
		t.state[i] = (t.state[i] ^ (t.state[i-1]^t.state[i-1]>>30)*1566083941) - uint32(i)
		i = t.step(i)
	}
	t.state[0] = 1 << 31
	return t
}

// Seed does what numpy.random.seed(seed) does, which is also the first step of
// CPython's seeding.
func (t *MT19937) Seed(seed uint32) {
	t.state[0] = seed
	for i := 1; i < len(t.state); i++ {
		t.state[i] = 1812433253*(t.state[i-1]^t.state[i-1]>>30) + uint32(i)
	}
	t.next = len(t.state)
}

// step returns the index that follows i in the seeding, which skips 0.
func (t *MT19937) step(i int) int {
	if i++; i == len(t.state) {
		t.state[0] = t.state[i-1]
		return 1
	}
	return i
}

// Uint32 returns the next 32 bits (genrand_uint32).
func (t *MT19937) Uint32() uint32 {
	if t.next == len(t.state) {
		t.refill()
	}
	y := t.state[t.next]
	t.next++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

func (t *MT19937) refill() {
	const n = len(t.state)
	for i := range n - middle {
		t.state[i] = t.state[i+middle] ^ twist(t.state[i], t.state[i+1])
	}
	for i := n - middle; i < n-1; i++ {
		t.state[i] = t.state[i+middle-n] ^ twist(t.state[i], t.state[i+1])
	}
	t.state[n-1] = t.state[middle-1] ^ twist(t.state[n-1], t.state[0])
	t.next = 0
}

func twist(high, low uint32) uint32 {
	y := high&(1<<31) | low&(1<<31-1)
	return y>>1 ^ -(y&1)&0x9908b0df
}

// Float64 returns random.random(), which is also numpy's random_sample(): 53
// random bits in [0, 1).
func (t *MT19937) Float64() float64 {
	high, low := t.Uint32()>>5, t.Uint32()>>6
	return float64(float64(high)*(1<<26)+float64(low)) / (1 << 53)
}

// below returns _randbelow(n), a number in [0, n) for n > 0. It rejects numbers
// of as many bits as n that are too large.
func (t *MT19937) below(n int) int {
	drop := 32 - bits.Len(uint(n))
	for {
		if r := int(t.Uint32() >> drop); r < n {
			return r
		}
	}
}

// Choice returns the index that random.choice draws from n items.
func (t *MT19937) Choice(n int) int { return t.below(n) }

// Choices returns the indices that random.choices draws from n items with
// replacement.
func (t *MT19937) Choices(n, count int) []int {
	chosen := make([]int, count)
	for i := range chosen {
		chosen[i] = int(t.Float64() * float64(n))
	}
	return chosen
}

// Shuffle does what random.shuffle does: Fisher-Yates from the end.
func (t *MT19937) Shuffle(n int, swap func(i, j int)) {
	for i := n - 1; i >= 1; i-- {
		swap(i, t.below(i+1))
	}
}
