package tokenizer

// merges joins neighbouring symbols until no known pair is left. The pair of lowest
// rank goes first, and of equal ranks the leftmost.
type merges struct {
	pairs *pairTable // rank and resulting id of each pair; see unpack
}

// unpack splits a value of merges.pairs.
func unpack(value uint64) (rank, id uint32) { return uint32(value >> 32), uint32(value) }

// maxScanned is the length up to which scanning all pairs is faster than a heap.
const maxScanned = 40

// merge merges symbols in place and returns the remaining ones.
func (m *merges) merge(symbols []uint32, w *workspace) []uint32 {
	switch {
	case len(symbols) < 2:
		return symbols
	case len(symbols) <= maxScanned:
		return m.mergeShort(symbols)
	}
	return m.mergeLong(symbols, w)
}

// mergeShort scans all pairs for the next one to merge.
func (m *merges) mergeShort(symbols []uint32) []uint32 {
	var values [maxScanned]uint64 // of the pair that starts at each symbol but the last
	n := len(symbols)
	for i := range n - 1 {
		values[i] = m.pairs.get(symbols[i], symbols[i+1])
	}
	for n > 1 {
		best := 0
		for i := 1; i < n-1; i++ {
			if values[i]>>32 < values[best]>>32 {
				best = i
			}
		}
		if values[best] == absent {
			break
		}
		_, symbols[best] = unpack(values[best])
		n--
		copy(symbols[best+1:n], symbols[best+2:n+1])
		copy(values[best:n-1], values[best+1:n])
		if best > 0 {
			values[best-1] = m.pairs.get(symbols[best-1], symbols[best])
		}
		if best < n-1 {
			values[best] = m.pairs.get(symbols[best], symbols[best+1])
		}
	}
	return symbols[:n]
}

// mergeLong keeps the pairs in a heap by rank and position. Entries of pairs that no
// longer exist stay in the heap and are detected by their rank.
func (m *merges) mergeLong(symbols []uint32, w *workspace) []uint32 {
	w.link(len(symbols))
	for i := range len(symbols) - 1 {
		w.push(m, symbols, i)
	}
	for len(w.heap) > 0 {
		top := w.heap.pop()
		i, rank := int(uint32(top)), uint32(top>>32)
		next := w.next[i]
		if next <= 0 { // removed, or the last symbol
			continue
		}
		value := m.pairs.get(symbols[i], symbols[next])
		if value == absent || uint32(value>>32) != rank {
			continue
		}
		_, symbols[i] = unpack(value)
		w.unlink(next)
		if before := w.prev[i]; before >= 0 {
			w.push(m, symbols, before)
		}
		w.push(m, symbols, i)
	}
	left := symbols[:0]
	for i := 0; i >= 0; i = w.next[i] {
		left = append(left, symbols[i])
	}
	return left
}

// workspace is the scratch memory that a model needs to encode a word.
type workspace struct {
	symbols    []uint32
	prev, next []int // indices of neighbours, -1 at the ends; next is 0 if the symbol was removed
	heap       minHeap
	ends       []path // of unigram
}

// link initializes the neighbours of n symbols.
func (w *workspace) link(n int) {
	w.prev, w.next, w.heap = w.prev[:0], w.next[:0], w.heap[:0]
	for i := range n {
		w.prev, w.next = append(w.prev, i-1), append(w.next, i+1)
	}
	w.next[n-1] = -1
}

// unlink removes symbol i, which must not be the first.
func (w *workspace) unlink(i int) {
	before, after := w.prev[i], w.next[i]
	w.next[before] = after
	if after > 0 {
		w.prev[after] = before
	}
	w.next[i] = 0
}

// push adds the pair that starts at i to the heap, if it is known.
func (w *workspace) push(m *merges, symbols []uint32, i int) {
	if next := w.next[i]; next > 0 {
		if value := m.pairs.get(symbols[i], symbols[next]); value != absent {
			w.heap.push(value>>32<<32 | uint64(i))
		}
	}
}

// minHeap is a binary heap of plain numbers. container/heap would box every one of them
// in an interface.
type minHeap []uint64

func (h *minHeap) push(x uint64) {
	*h = append(*h, x)
	s := *h
	i := len(s) - 1
	for i > 0 && s[(i-1)/2] > x {
		s[i] = s[(i-1)/2]
		i = (i - 1) / 2
	}
	s[i] = x
}

func (h *minHeap) pop() uint64 {
	s := *h
	top, x := s[0], s[len(s)-1]
	s = s[:len(s)-1]
	*h = s
	i := 0
	for {
		child := 2*i + 1
		if child >= len(s) {
			break
		}
		if child+1 < len(s) && s[child+1] < s[child] {
			child++
		}
		if s[child] >= x {
			break
		}
		s[i] = s[child]
		i = child
	}
	if len(s) > 0 {
		s[i] = x
	}
	return top
}
