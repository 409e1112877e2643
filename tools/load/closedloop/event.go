package closedloop

import (
	"container/heap"
	"time"
)

// An event is a question that becomes due: of a user, or of the next user of a slot.
type event struct {
	due   time.Duration
	order int   // in which events were planned, to order simultaneous ones
	slot  *slot // where the question is asked
	user  *user // nil if a new user arrives
}

// events implements heap.Interface, the earliest event first.
type events struct {
	list    []event
	planned int
}

func (e *events) add(next event) {
	next.order = e.planned
	e.planned++
	heap.Push(e, next)
}

func (e *events) Len() int      { return len(e.list) }
func (e *events) Swap(i, j int) { e.list[i], e.list[j] = e.list[j], e.list[i] }
func (e *events) Push(x any)    { e.list = append(e.list, x.(event)) }

func (e *events) Less(i, j int) bool {
	a, b := e.list[i], e.list[j]
	return a.due < b.due || a.due == b.due && a.order < b.order
}

func (e *events) Pop() any {
	last := e.list[len(e.list)-1]
	e.list = e.list[:len(e.list)-1]
	return last
}
