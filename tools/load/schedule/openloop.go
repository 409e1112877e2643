package schedule

import (
	"math"
	"sort"
	"time"
)

// OpenLoop is a plan of items that are each due by themselves, whatever
// becomes of the others.
type OpenLoop[T any] struct {
	// Due is when item i falls due, i counting from 0; false: there is none.
	// It never decreases with i.
	Due func(i int) (time.Duration, bool)
	// Item makes item i, once, when it is due.
	Item func(i int) T
	// Final is told each item whose work has ended.
	Final func(T)

	started int
}

// Next is part of Plan.
func (o *OpenLoop[T]) Next() (time.Duration, bool) { return o.Due(o.started) }

// Start is part of Plan.
func (o *OpenLoop[T]) Start() T {
	o.started++
	return o.Item(o.started - 1)
}

// Done is part of Plan.
func (o *OpenLoop[T]) Done(item T) { o.Final(item) }

// Constant is exactly rate items a second, the first at once; n of them, or
// without end if n is 0. Each due time is computed by itself, so that no error
// adds up.
func Constant(rate float64, n int) func(i int) (time.Duration, bool) {
	return func(i int) (time.Duration, bool) {
		return time.Duration(math.Round(float64(i) / rate * float64(time.Second))), n == 0 || i < n
	}
}

// Count is how many items are due before an offset, or in all if that is 0; 0
// if there is no end of them.
func Count(due func(i int) (time.Duration, bool), before time.Duration) int {
	late := func(i int) bool {
		at, ok := due(i)
		return !ok || before > 0 && at >= before
	}
	bound := 1
	for !late(bound) {
		if bound *= 2; bound > 1<<40 {
			return 0
		}
	}
	return sort.Search(bound, late)
}
