package main

import (
	"container/heap"
	"time"

	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// ordered is a plan in which a round waits for the answer to the one before
// it in its conversation, or for that one's failure. It is due then, or at its
// own time if that is later.
type ordered struct {
	talks *talks
	due   schedule.Arrivals
	final func(*workload.Request)
	after []int // the next item of item i's conversation; 0: none
	ready waiting
	items map[*workload.Request]int // under way
}

func newOrdered(t *talks, due schedule.Arrivals, final func(*workload.Request)) *ordered {
	o := &ordered{talks: t, due: due, final: final, after: make([]int, len(t.items)), items: map[*workload.Request]int{}}
	last := map[int]int{} // item of each conversation
	for i := range t.items {
		if before, known := last[t.key(i)]; known {
			o.after[before] = i
		} else {
			at, _ := due.Due(i)
			o.ready = append(o.ready, ready{at, i}) // in order, so it is a heap
		}
		last[t.key(i)] = i
	}
	return o
}

// Next is part of schedule.Plan.
func (o *ordered) Next() (time.Duration, bool) {
	if len(o.ready) == 0 {
		return 0, false
	}
	return o.ready[0].due, true
}

// Start is part of schedule.Plan.
func (o *ordered) Start() *workload.Request {
	next := heap.Pop(&o.ready).(ready)
	turn := o.talks.turn(next.item, next.due)
	planned, _ := o.due.Due(next.item)
	turn.CarriedOver = next.due - planned
	o.items[turn] = next.item
	return turn
}

// Done is part of schedule.Plan.
func (o *ordered) Done(turn *workload.Request) {
	item := o.items[turn]
	delete(o.items, turn)
	if o.talks.delta && turn.Err == nil {
		o.talks.of[o.talks.key(item)].answered(turn.Reply.Text)
	}
	if next := o.after[item]; next > 0 {
		at, _ := o.due.Due(next)
		heap.Push(&o.ready, ready{max(at, turn.Ended), next})
	}
	o.final(turn)
}

// ready is an item that waits for nothing but its time.
type ready struct {
	due  time.Duration
	item int
}

// waiting is a heap, the earliest first.
type waiting []ready

func (w waiting) Len() int      { return len(w) }
func (w waiting) Swap(i, j int) { w[i], w[j] = w[j], w[i] }
func (w *waiting) Push(x any)   { *w = append(*w, x.(ready)) }

func (w waiting) Less(i, j int) bool {
	return w[i].due < w[j].due || w[i].due == w[j].due && w[i].item < w[j].item
}

func (w *waiting) Pop() any {
	last := (*w)[len(*w)-1]
	*w = (*w)[:len(*w)-1]
	return last
}
