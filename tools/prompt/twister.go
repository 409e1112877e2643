package prompt

// Twister is the random number generator of Python's random.Random, for text
// that must come out as the original's: MT19937 (Matsumoto and Nishimura,
// 1998), seeded by an array as CPython does for a small int.
type Twister struct {
	state [624]uint32
	next  int
}

const middle = 397

// NewTwister is random.Random(seed).
func NewTwister(seed uint32) *Twister {
	t := &Twister{}
	t.seed(19650218)
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

func (t *Twister) seed(seed uint32) {
	t.state[0] = seed
	for i := 1; i < len(t.state); i++ {
		t.state[i] = 1812433253*(t.state[i-1]^t.state[i-1]>>30) + uint32(i)
	}
	t.next = len(t.state)
}

// step is the index after i in the seeding, which skips 0.
func (t *Twister) step(i int) int {
	if i++; i == len(t.state) {
		t.state[0] = t.state[i-1]
		return 1
	}
	return i
}

// Uint32 is genrand_uint32.
func (t *Twister) Uint32() uint32 {
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

func (t *Twister) refill() {
	for i := range t.state {
		y := t.state[i]&(1<<31) | t.state[(i+1)%len(t.state)]&(1<<31-1)
		next := t.state[(i+middle)%len(t.state)] ^ y>>1
		if y&1 != 0 {
			next ^= 0x9908b0df
		}
		t.state[i] = next
	}
	t.next = 0
}

// below is _randbelow: a number in [0, n), n > 0, by rejection on top bits.
func (t *Twister) below(n int) int {
	bits := 0
	for m := n; m > 0; m >>= 1 {
		bits++
	}
	for {
		if r := int(t.Uint32() >> (32 - bits)); r < n {
			return r
		}
	}
}

// Shuffle is random.shuffle: Fisher and Yates, from the end.
func (t *Twister) Shuffle(n int, swap func(i, j int)) {
	for i := n - 1; i >= 1; i-- {
		swap(i, t.below(i+1))
	}
}
