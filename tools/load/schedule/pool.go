package schedule

import "sync"

// doneBuffer is the number of completed items that can wait for the dispatcher without
// blocking a worker.
const doneBuffer = 256

// A pool holds the goroutines that work on a plan's items. A worker that is done gets
// the next item, because its stack has already grown to what a request needs; growing
// a new stack took a tenth of the time of a short request. Only the dispatcher calls
// its methods.
type pool[T any] struct {
	do      func(T, Dispatch)
	done    chan completed[T]
	idle    []*worker[T] // most recently used last, since its stack is likely in the CPU cache
	working sync.WaitGroup
}

// A worker is one goroutine. It has at most one item, so sending to next never
// blocks.
type worker[T any] struct{ next chan task[T] }

// A task is an item for a worker.
type task[T any] struct {
	item     T
	dispatch Dispatch
}

// completed is an item whose work is done.
type completed[T any] struct {
	item T
	by   *worker[T]
}

// start gives an item to an idle worker, or to a new one.
func (p *pool[T]) start(item T, dispatch Dispatch) {
	if n := len(p.idle); n > 0 {
		w := p.idle[n-1]
		p.idle = p.idle[:n-1]
		w.next <- task[T]{item, dispatch}
		return
	}
	w := &worker[T]{make(chan task[T], 1)}
	w.next <- task[T]{item, dispatch}
	p.working.Go(func() { p.work(w) })
}

// work runs in a worker's goroutine, until the pool closes.
func (p *pool[T]) work(w *worker[T]) {
	for t := range w.next {
		p.do(t.item, t.dispatch)
		p.done <- completed[T]{t.item, w}
	}
}

// release takes back a worker that is done.
func (p *pool[T]) release(w *worker[T]) { p.idle = append(p.idle, w) }

// close ends the workers, all of which are idle.
func (p *pool[T]) close() {
	for _, w := range p.idle {
		close(w.next)
	}
	p.working.Wait()
}
