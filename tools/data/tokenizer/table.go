package tokenizer

import "math/bits"

// table is a map of two numbers to one, made once and then only read: several
// times as fast as Go's and half its size.
type table struct {
	slots []slot
	shift int
}

type slot struct{ key, value uint64 }

// absent is the value of what is not in the table.
const absent = ^uint64(0)

// newTable has room for n entries.
func newTable(n int) *table {
	size := bits.Len(uint(n*3/2 + 1))
	t := &table{slots: make([]slot, 1<<size), shift: 64 - size}
	for i := range t.slots {
		t.slots[i].value = absent
	}
	return t
}

func (t *table) find(a, b uint32) *slot {
	key := uint64(a)<<32 | uint64(b)
	mask := len(t.slots) - 1
	for i := int(key * 0x9e3779b97f4a7c15 >> t.shift); ; i++ {
		s := &t.slots[i&mask]
		if s.value == absent || s.key == key {
			return s
		}
	}
}

func (t *table) get(a, b uint32) uint64 {
	if s := t.find(a, b); s.value != absent {
		return s.value
	}
	return absent
}

func (t *table) set(a, b uint32, value uint64) {
	*t.find(a, b) = slot{uint64(a)<<32 | uint64(b), value}
}
