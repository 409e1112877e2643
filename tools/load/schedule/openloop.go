package schedule

import "time"

// An OpenLoop is a Plan of items that are due independently of each other: it
// waits for no answer.
type OpenLoop[T any] struct {
	Arrivals Arrivals
	// Item returns item i, due at an offset. It is called once, when the item is due.
	Item func(i int, due time.Duration) T
	// Final is called for each item whose work is done.
	Final func(T)

	started int
}

// Next implements Plan.
func (o *OpenLoop[T]) Next() (time.Duration, bool) { return o.Arrivals.Due(o.started) }

// Start implements Plan.
func (o *OpenLoop[T]) Start() T {
	i := o.started
	due, _ := o.Arrivals.Due(i)
	o.started++
	return o.Item(i, due)
}

// Done implements Plan.
func (o *OpenLoop[T]) Done(item T) { o.Final(item) }
