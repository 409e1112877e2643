package metrics

import (
	"math"
	"math/bits"
)

// column holds numbers exactly and in order, in half the memory of floats or less: clocks
// have a resolution, and so have the times read from them. A block of numbers that are
// multiples of a unit is held as integers, counted from the smallest, in as many bits as
// the largest needs.
type column struct {
	packed []block
	open   []float64 // the last ones, fewer than a block
}

// blockLength is long enough for a block's own memory not to matter, and short enough for
// its numbers to be similar.
const blockLength = 512

// block is blockLength numbers.
type block struct {
	unit  unit
	first int64    // the smallest number
	width uint8    // bits of each
	gaps  bool     // 0 stands for NaN, and numbers start with 1
	words []uint64 // empty if all numbers are the same: then first has the bits of each
}

// unit is what the integers count: 2 to this power, or one of the two below.
type unit int16

const (
	nanoseconds unit = math.MaxInt16 - iota // divided by a billion, as Go's durations are
	asIs                                    // the integers are the bits of floats
)

func (c *column) add(v float64) {
	if c.open == nil {
		c.open = make([]float64, 0, blockLength)
	}
	if c.open = append(c.open, v); len(c.open) == blockLength {
		c.packed = append(c.packed, pack(c.open))
		c.open = c.open[:0]
	}
}

func (c *column) len() int { return len(c.packed)*blockLength + len(c.open) }

// block returns the numbers of block i, which may be in room.
func (c *column) block(i int, room *[blockLength]float64) []float64 {
	if i == len(c.packed) {
		return c.open
	}
	c.packed[i].unpack(room)
	return room[:]
}

func (c *column) blocks() int { return len(c.packed) + 1 }

// pack chooses the narrowest form that keeps every bit.
func pack(values []float64) block {
	if allSame(values) {
		return block{unit: asIs, first: int64(math.Float64bits(values[0]))}
	}
	best := block{unit: asIs, width: 64}
	step, most, gaps, plain := finest(values)
	if plain {
		if b, fits := measure(values, step, gaps, most); fits {
			best = b
		}
		if best.width > 24 { // a power of two is the unit of integers, of most clocks and of few decimals
			if b, fits := measure(values, nanoseconds, gaps, most); fits && b.width < best.width {
				best = b
			}
		}
	}
	best.words = make([]uint64, (len(values)*int(best.width)+63)/64)
	best.encode(values)
	return best
}

func allSame(values []float64) bool {
	first := values[0]
	for _, v := range values {
		if math.Float64bits(v) != math.Float64bits(first) && (v == v || first == first) {
			return false
		}
	}
	return true
}

// finest returns the largest power of two of which all values are multiples, and the
// largest value. Infinity and -0 are not plain.
func finest(values []float64) (step unit, most float64, gaps, plain bool) {
	lowest := 1024
	for _, v := range values {
		if v != v {
			gaps = true
			continue
		}
		if v == 0 || math.IsInf(v, 0) {
			if math.Float64bits(v) != 0 {
				return 0, 0, gaps, false
			}
			continue
		}
		bits64 := math.Float64bits(v)
		exponent := int(bits64 >> 52 & 0x7ff)
		fraction := bits64 & (1<<52 - 1)
		if exponent == 0 {
			return 0, 0, gaps, false // subnormal: no time is that short
		}
		lowest = min(lowest, exponent-1075+bits.TrailingZeros64(fraction|1<<52))
		most = max(most, math.Abs(v))
	}
	if lowest == 1024 { // only 0
		lowest = 0
	}
	return unit(lowest), most, gaps, true
}

// measure returns a block without its words, and reports whether the unit fits all values.
func measure(values []float64, u unit, gaps bool, most float64) (b block, fits bool) {
	b = block{unit: u, gaps: gaps, first: math.MaxInt64}
	if !(most*u.inverse() < 1<<62) {
		return b, false
	}
	last, inverse := int64(math.MinInt64), u.inverse()
	for _, v := range values {
		if v != v {
			continue
		}
		n := int64(v * inverse)
		if u == nanoseconds {
			if n = int64(math.RoundToEven(v * inverse)); float64(n)/inverse != v {
				return b, false
			}
		}
		b.first, last = min(b.first, n), max(last, n)
	}
	if b.first > last { // only NaN
		b.first, last = 0, -1
	}
	span := uint64(last - b.first)
	if gaps {
		span++
	}
	b.width = uint8(bits.Len64(span))
	return b, true
}

// inverse returns 1 / unit. For powers of two it is exact, as is a product with it, within
// the range of normal numbers; measure rejects others.
func (u unit) inverse() float64 {
	if u == nanoseconds {
		return 1e9
	}
	return math.Ldexp(1, -int(u))
}

// encode packs the values into words.
func (b *block) encode(values []float64) {
	width := int(b.width)
	inverse, first := b.unit.inverse(), b.first
	if b.gaps {
		first--
	}
	for i, v := range values {
		var code uint64
		switch {
		case b.unit == asIs:
			code = math.Float64bits(v)
		case v != v:
		case b.unit == nanoseconds:
			code = uint64(int64(math.RoundToEven(v*inverse)) - first)
		default:
			code = uint64(int64(v*inverse) - first)
		}
		at := i * width
		word, shift := at/64, at%64
		b.words[word] |= code << shift
		if shift+width > 64 {
			b.words[word+1] |= code >> (64 - shift)
		}
	}
}

func (b *block) unpack(values *[blockLength]float64) {
	if b.words == nil {
		for i := range values {
			values[i] = math.Float64frombits(uint64(b.first))
		}
		return
	}
	width := int(b.width)
	mask := uint64(1)<<width - 1 // for a width of 64 all bits
	var inverse, scale float64
	if b.unit != asIs {
		inverse = b.unit.inverse()
		scale = 1 / inverse
	}
	first := b.first
	if b.gaps {
		first--
	}
	for i := range values {
		at := i * width
		word, shift := at/64, at%64
		code := b.words[word] >> shift
		if shift+width > 64 {
			code |= b.words[word+1] << (64 - shift)
		}
		code &= mask
		switch {
		case b.unit == asIs:
			values[i] = math.Float64frombits(code)
		case b.gaps && code == 0:
			values[i] = math.NaN()
		case b.unit == nanoseconds:
			values[i] = float64(first+int64(code)) / inverse
		default:
			values[i] = float64(first+int64(code)) * scale
		}
	}
}
