package eventlog

import (
	"encoding/binary"
	"math"
	"math/bits"
	"time"

	"github.com/LMCache/LMBench/tools/results/record"
)

// appendRow writes a row without its gaps: per list of fields a mask of those
// that are not as expected, then these.
func (c *context) appendRow(to []byte, r *record.Row) []byte {
	before := c.base
	for _, stamp := range stamps(r) {
		now := math.Float64bits(*stamp)
		to = binary.AppendVarint(to, int64(now-before))
		before = now
	}
	cells, floats, numbers, flags, texts := cells(r), floats(r), numbers(r), flags(r), texts(r)
	var filled, nonzero, counted, set, changed uint64
	for i, cell := range cells {
		if *cell != nil {
			filled |= 1 << i
		}
	}
	for i, f := range floats {
		if math.Float64bits(*f) != 0 {
			nonzero |= 1 << i
		}
	}
	for i, n := range numbers {
		if *n != 0 {
			counted |= 1 << i
		}
	}
	for i, flag := range flags {
		if *flag {
			set |= 1 << i
		}
	}
	for i, text := range texts {
		if *text != c.last[i] {
			changed |= 1 << i
		}
	}
	for _, mask := range [...]uint64{filled, nonzero, counted, set, changed} {
		to = binary.AppendUvarint(to, mask)
	}
	for ; filled != 0; filled &= filled - 1 {
		to = appendFloat(to, **cells[bits.TrailingZeros64(filled)])
	}
	for ; nonzero != 0; nonzero &= nonzero - 1 {
		to = appendFloat(to, *floats[bits.TrailingZeros64(nonzero)])
	}
	for ; counted != 0; counted &= counted - 1 {
		to = binary.AppendVarint(to, int64(*numbers[bits.TrailingZeros64(counted)]))
	}
	for ; changed != 0; changed &= changed - 1 {
		i := bits.TrailingZeros64(changed)
		to = c.appendText(to, *texts[i])
		c.last[i] = *texts[i]
	}
	return to
}

// row reads what appendRow wrote.
func (c *context) row(from *cursor, r *record.Row) {
	before := c.base
	for _, stamp := range stamps(r) {
		before += uint64(from.varint())
		*stamp = math.Float64frombits(before)
	}
	cells, floats, numbers, flags, texts := cells(r), floats(r), numbers(r), flags(r), texts(r)
	filled, nonzero, counted := from.mask(len(cells)), from.mask(len(floats)), from.mask(len(numbers))
	set, changed := from.mask(len(flags)), from.mask(len(texts))
	values := make([]float64, bits.OnesCount64(filled)) // one allocation for all cells
	for k := range values {
		values[k] = from.float()
		*cells[bits.TrailingZeros64(filled)] = &values[k]
		filled &= filled - 1
	}
	for ; nonzero != 0; nonzero &= nonzero - 1 {
		*floats[bits.TrailingZeros64(nonzero)] = from.float()
	}
	for ; counted != 0; counted &= counted - 1 {
		*numbers[bits.TrailingZeros64(counted)] = int(from.varint())
	}
	for i, flag := range flags {
		*flag = set&(1<<i) != 0
	}
	for ; changed != 0; changed &= changed - 1 {
		c.last[bits.TrailingZeros64(changed)] = c.text(from)
	}
	for i, text := range texts {
		*text = c.last[i]
	}
}

// How a float is written: in the lowest two bits of a uvarint, which holds it.
const (
	whole    = iota // a whole number from 0
	nanos           // that many nanoseconds, in seconds
	negative        // the same below 0
	raw             // as its 8 bytes, which follow
)

// appendFloat writes tokens and times in as few bytes as they have digits, and
// every other float as it is.
func appendFloat(to []byte, f float64) []byte {
	const most = 1 << 53
	if n := uint64(max(0, min(f, most))); n < most && same(float64(n), f) {
		return binary.AppendUvarint(to, n<<2)
	}
	ns := math.Round(f * 1e9)
	if n := time.Duration(max(-most, min(ns, most))); same(n.Seconds(), f) {
		if n < 0 {
			return binary.AppendUvarint(to, uint64(-n)<<2|negative)
		}
		return binary.AppendUvarint(to, uint64(n)<<2|nanos)
	}
	return binary.LittleEndian.AppendUint64(append(to, raw), math.Float64bits(f))
}

func same(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

func (c *cursor) float() float64 {
	switch v := c.uvarint(); v & 3 {
	case whole:
		return float64(v >> 2)
	case nanos:
		return time.Duration(v >> 2).Seconds()
	case negative:
		return (-time.Duration(v >> 2)).Seconds()
	default:
		return math.Float64frombits(binary.LittleEndian.Uint64(c.bytes(8)))
	}
}
