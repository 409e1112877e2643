package tokenizer

// merges joins neighbouring symbols, the pair of lowest rank first and of
// equal ones the leftmost, until no pair is left that it knows.
type merges struct {
	// pairs holds, for the ids of a pair, its rank and the id it makes.
	pairs *table
}

// made is a table's value taken apart.
func made(value uint64) (rank, id uint32) { return uint32(value >> 32), uint32(value) }

// short is up to which length looking at every pair beats a heap.
const short = 40

// merge joins the symbols in place and returns those that are left.
func (m *merges) merge(symbols []uint32, w *workspace) []uint32 {
	switch {
	case len(symbols) < 2:
		return symbols
	case len(symbols) <= short:
		return m.mergeShort(symbols)
	}
	return m.mergeLong(symbols, w)
}

func (m *merges) mergeShort(symbols []uint32) []uint32 {
	var values [short]uint64 // of each pair, the last one excepted
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
		_, symbols[best] = made(values[best])
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

// mergeLong keeps the pairs in a heap by rank and place. What became of a
// pair's symbols is seen when it is taken: the rank is another one then.
func (m *merges) mergeLong(symbols []uint32, w *workspace) []uint32 {
	w.link(len(symbols))
	for i := range len(symbols) - 1 {
		w.offer(m, symbols, i)
	}
	for len(w.heap) > 0 {
		top := w.heap.pop()
		i, rank := int(uint32(top)), uint32(top>>32)
		next := w.next[i]
		if next <= 0 { // gone, or the last
			continue
		}
		value := m.pairs.get(symbols[i], symbols[next])
		if value == absent || uint32(value>>32) != rank {
			continue
		}
		_, symbols[i] = made(value)
		w.unlink(next)
		if before := w.prev[i]; before >= 0 {
			w.offer(m, symbols, before)
		}
		w.offer(m, symbols, i)
	}
	left := symbols[:0]
	for i := 0; i >= 0; i = w.next[i] {
		left = append(left, symbols[i])
	}
	return left
}

// workspace is the memory of one goroutine's merging.
type workspace struct {
	symbols    []uint32
	prev, next []int // places of neighbours; -1: none. next 0: the symbol is gone
	heap       heap
	ends       []end // see unigram
}

// link makes n symbols neighbours.
func (w *workspace) link(n int) {
	w.prev, w.next, w.heap = w.prev[:0], w.next[:0], w.heap[:0]
	for i := range n {
		w.prev, w.next = append(w.prev, i-1), append(w.next, i+1)
	}
	w.next[n-1] = -1
}

// unlink takes symbol i, which is not the first, out.
func (w *workspace) unlink(i int) {
	before, after := w.prev[i], w.next[i]
	w.next[before] = after
	if after > 0 {
		w.prev[after] = before
	}
	w.next[i] = 0
}

// offer puts the pair that starts at i into the heap.
func (w *workspace) offer(m *merges, symbols []uint32, i int) {
	if next := w.next[i]; next > 0 {
		if value := m.pairs.get(symbols[i], symbols[next]); value != absent {
			w.heap.push(value>>32<<32 | uint64(i))
		}
	}
}

// heap is a binary heap, the smallest first.
type heap []uint64

func (h *heap) push(x uint64) {
	*h = append(*h, x)
	s := *h
	i := len(s) - 1
	for i > 0 && s[(i-1)/2] > x {
		s[i] = s[(i-1)/2]
		i = (i - 1) / 2
	}
	s[i] = x
}

func (h *heap) pop() uint64 {
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
