package eventlog

import (
	"encoding/binary"
	"math"
	"math/bits"
	"time"

	"github.com/LMCache/LMBench/tools/results/record"
)

// appendRow writes a row without its gaps: for each list of fields a bitmap of those that
// differ from what is expected, then their values.
func (h *history) appendRow(to []byte, r *record.Row) []byte {
	before := h.base
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
		if *text != h.last[i] {
			changed |= 1 << i
		}
	}
	for _, bitmap := range [...]uint64{filled, nonzero, counted, set, changed} {
		to = binary.AppendUvarint(to, bitmap)
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
		to = h.appendText(to, *texts[i])
		h.last[i] = *texts[i]
	}
	return to
}

// row reads what appendRow wrote.
func (h *history) row(from *decoder, r *record.Row) {
	before := h.base
	for _, stamp := range stamps(r) {
		before += uint64(from.varint())
		*stamp = math.Float64frombits(before)
	}
	cells, floats, numbers, flags, texts := cells(r), floats(r), numbers(r), flags(r), texts(r)
	filled, nonzero, counted := from.bitmap(len(cells)), from.bitmap(len(floats)), from.bitmap(len(numbers))
	set, changed := from.bitmap(len(flags)), from.bitmap(len(texts))
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
		h.last[bits.TrailingZeros64(changed)] = h.text(from)
	}
	for i, text := range texts {
		*text = h.last[i]
	}
}

// The form of a float, in the lowest two bits of the uvarint that holds it.
const (
	whole    = iota // a whole number, at least 0
	nanos           // nanoseconds
	negative        // nanoseconds, negated
	raw             // the 8 bytes of the float follow
)

// appendFloat writes whole numbers and times of nanoseconds in few bytes, and any other
// float as its 8 bytes.
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

func (d *decoder) float() float64 {
	switch v := d.uvarint(); v & 3 {
	case whole:
		return float64(v >> 2)
	case nanos:
		return time.Duration(v >> 2).Seconds()
	case negative:
		return (-time.Duration(v >> 2)).Seconds()
	default:
		return math.Float64frombits(binary.LittleEndian.Uint64(d.bytes(8)))
	}
}
