package tokenizer

// trie finds which of many texts another text starts with.
type trie struct {
	edges *growing
	ids   []uint32 // of the text that ends in each node; none: no text does
}

// root is the node of the empty text.
const root = uint32(0)

func newTrie() *trie { return &trie{edges: newGrowing(), ids: []uint32{none}} }

func (t *trie) add(text string, id uint32) {
	node := root
	for i := range len(text) {
		next := t.step(node, text[i])
		if next == none {
			next = uint32(len(t.ids))
			t.ids = append(t.ids, none)
			t.edges.set(node, uint32(text[i]), uint64(next))
		}
		node = next
	}
	t.ids[node] = id
}

// step is the node one byte further; none: no text goes on so.
func (t *trie) step(node uint32, b byte) uint32 { return uint32(t.edges.get(node, uint32(b))) }

// find is the id of a text; none: it is not there.
func (t *trie) find(text string) uint32 {
	node := root
	for i := range len(text) {
		if node = t.step(node, text[i]); node == none {
			return none
		}
	}
	return t.ids[node]
}

// longest is the id and length of the longest text that another starts with.
func (t *trie) longest(text string) (id uint32, length int) {
	id = none
	node := root
	for i := range len(text) {
		if node = t.step(node, text[i]); node == none {
			break
		}
		if t.ids[node] != none {
			id, length = t.ids[node], i+1
		}
	}
	return id, length
}

// growing is a table whose number of entries is not known before.
type growing struct {
	table
	n int
}

func newGrowing() *growing { return &growing{table: *newTable(256)} }

func (g *growing) set(a, b uint32, value uint64) {
	if g.n*3/2 >= len(g.slots) {
		old := g.slots
		g.table = *newTable(2 * g.n)
		for _, s := range old {
			if s.value != absent {
				g.table.set(uint32(s.key>>32), uint32(s.key), s.value)
			}
		}
	}
	g.n++
	g.table.set(a, b, value)
}
