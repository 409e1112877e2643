package pyrand

import "math/bits"

// MT19937 is the random number generator of Python's random.Random, for text
// that must come out as the original's: MT19937 (Matsumoto and Nishimura,
// 1998), seeded by an array as CPython does for a small int.
type MT19937 struct {
	state [624]uint32
	next  int
}

const middle = 397

// NewMT19937 is random.Random(seed).
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

// Seed is numpy.random.seed(seed), which the array's seeding begins with.
func (t *MT19937) Seed(seed uint32) {
	t.state[0] = seed
	for i := 1; i < len(t.state); i++ {
		t.state[i] = 1812433253*(t.state[i-1]^t.state[i-1]>>30) + uint32(i)
	}
	t.next = len(t.state)
}

// step is the index after i in the seeding, which skips 0.
func (t *MT19937) step(i int) int {
	if i++; i == len(t.state) {
		t.state[0] = t.state[i-1]
		return 1
	}
	return i
}

// Uint32 is genrand_uint32.
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

// below is _randbelow: a number in [0, n), n > 0, by rejection on top bits.
func (t *MT19937) below(n int) int {
	drop := 32 - bits.Len(uint(n))
	for {
		if r := int(t.Uint32() >> drop); r < n {
			return r
		}
	}
}

// Shuffle is random.shuffle: Fisher and Yates, from the end.
func (t *MT19937) Shuffle(n int, swap func(i, j int)) {
	for i := n - 1; i >= 1; i-- {
		swap(i, t.below(i+1))
	}
}
