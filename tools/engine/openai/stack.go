package openai

import "sync"

// stack has what waits to be used again: the one that was used last comes first.
type stack[T any] struct {
	mu    sync.Mutex
	items []*T
}

// take is nil where there is none.
func (s *stack[T]) take() *T {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.items)
	if n == 0 {
		return nil
	}
	last := s.items[n-1]
	s.items[n-1] = nil
	s.items = s.items[:n-1]
	return last
}

func (s *stack[T]) put(item *T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items = append(s.items, item)
}

// shed takes out those that were used longest ago, as far as old is true of them.
func (s *stack[T]) shed(old func(*T) bool) (shed []*T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.items) > 0 && old(s.items[0]) {
		shed = append(shed, s.items[0])
		s.items[0] = nil
		s.items = s.items[1:]
	}
	return shed
}
