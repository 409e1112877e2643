package schedule

import "sync"

// doneAhead is how many may have ended before the owner of the plan looks at
// them. Nobody waits for it to do so.
const doneAhead = 256

// crew is the goroutines that work on a plan's items. One that has ended its
// item is given the next: its stack has grown by then to what a request takes,
// and growing it anew took a tenth of the time of a short one. Only the owner
// of the plan calls its methods.
type crew[T any] struct {
	do      func(T, Dispatch)
	done    chan ended[T]
	idle    []*worker[T] // the one that ended last, whose stack is in the caches, at the end
	working sync.WaitGroup
}

// worker is one goroutine. It holds at most one item, so next never blocks.
type worker[T any] struct{ next chan started[T] }

type started[T any] struct {
	item T
	how  Dispatch
}

type ended[T any] struct {
	item T
	by   *worker[T]
}

// start has an item worked on.
func (c *crew[T]) start(item T, how Dispatch) {
	if n := len(c.idle); n > 0 {
		w := c.idle[n-1]
		c.idle = c.idle[:n-1]
		w.next <- started[T]{item, how}
		return
	}
	w := &worker[T]{make(chan started[T], 1)}
	w.next <- started[T]{item, how}
	c.working.Go(func() { c.work(w) })
}

func (c *crew[T]) work(w *worker[T]) {
	for s := range w.next {
		c.do(s.item, s.how)
		c.done <- ended[T]{s.item, w}
	}
}

// rest takes back a worker whose item has ended.
func (c *crew[T]) rest(w *worker[T]) { c.idle = append(c.idle, w) }

// end ends the goroutines, all of which are idle.
func (c *crew[T]) end() {
	for _, w := range c.idle {
		close(w.next)
	}
	c.working.Wait()
}
