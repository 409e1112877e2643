package tokenizer

import (
	"math/bits"
)

// trie finds the longest of many texts that another text starts with.
type trie struct {
	edges *growingTable
	ids   []uint32 // by node: id of the text that ends there, or noToken
}

// root is the node of the empty text.
const root = uint32(0)

func newTrie() *trie { return &trie{edges: newGrowingTable(), ids: []uint32{noToken}} }

func (t *trie) add(text string, id uint32) {
	node := root
	for i := range len(text) {
		next := t.step(node, text[i])
		if next == noToken {
			next = uint32(len(t.ids))
			t.ids = append(t.ids, noToken)
			t.edges.set(node, uint32(text[i]), uint64(next))
		}
		node = next
	}
	t.ids[node] = id
}

// step returns the child of a node, or noToken if no text continues with b.
func (t *trie) step(node uint32, b byte) uint32 { return uint32(t.edges.get(node, uint32(b))) }

// find returns the id of a text, or noToken.
func (t *trie) find(text string) uint32 {
	node := root
	for i := range len(text) {
		if node = t.step(node, text[i]); node == noToken {
			return noToken
		}
	}
	return t.ids[node]
}

// longest returns the id and length of the longest prefix of text, or noToken.
func (t *trie) longest(text string) (id uint32, length int) {
	id = noToken
	node := root
	for i := range len(text) {
		if node = t.step(node, text[i]); node == noToken {
			break
		}
		if t.ids[node] != noToken {
			id, length = t.ids[node], i+1
		}
	}
	return id, length
}

// growingTable is a pairTable that grows as entries are added.
type growingTable struct {
	pairTable
	n int
}

func newGrowingTable() *growingTable { return &growingTable{pairTable: *newPairTable(256)} }

func (g *growingTable) set(a, b uint32, value uint64) {
	if g.n*3/2 >= len(g.slots) {
		old := g.slots
		g.pairTable = *newPairTable(2 * g.n)
		for _, s := range old {
			if s.value != absent {
				g.pairTable.set(uint32(s.key>>32), uint32(s.key), s.value)
			}
		}
	}
	g.n++
	g.pairTable.set(a, b, value)
}

// pairTable is a hash table from pairs of numbers to numbers. For a table that is only
// read once built, it is several times faster than a Go map and half its size.
type pairTable struct {
	slots []slot
	shift int
}

type slot struct{ key, value uint64 }

// absent is the value of keys that are not in the table.
const absent = ^uint64(0)

// newPairTable returns a table with room for n entries.
func newPairTable(n int) *pairTable {
	size := bits.Len(uint(n*3/2 + 1))
	t := &pairTable{slots: make([]slot, 1<<size), shift: 64 - size}
	for i := range t.slots {
		t.slots[i].value = absent
	}
	return t
}

func (t *pairTable) find(a, b uint32) *slot {
	key := uint64(a)<<32 | uint64(b)
	mask := len(t.slots) - 1
	for i := int(key * 0x9e3779b97f4a7c15 >> t.shift); ; i++ {
		s := &t.slots[i&mask]
		if s.value == absent || s.key == key {
			return s
		}
	}
}

func (t *pairTable) get(a, b uint32) uint64 {
	if s := t.find(a, b); s.value != absent {
		return s.value
	}
	return absent
}

func (t *pairTable) set(a, b uint32, value uint64) {
	*t.find(a, b) = slot{uint64(a)<<32 | uint64(b), value}
}
