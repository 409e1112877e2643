package main

import (
	"container/heap"
	"time"

	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// An orderedPlan keeps the rounds of a conversation in order. A round is due when
// the previous one has been answered or has failed, but not before its own time.
type orderedPlan struct {
	conversations *conversations
	arrivals      schedule.Arrivals
	final         func(*workload.Request)
	next          []int // index of the next round after each, or 0
	ready         readyHeap
	sent          map[*workload.Request]int // index of each request in flight
}

func newOrderedPlan(c *conversations, arrivals schedule.Arrivals, final func(*workload.Request)) *orderedPlan {
	o := &orderedPlan{conversations: c, arrivals: arrivals, final: final, next: make([]int, len(c.requests)), sent: map[*workload.Request]int{}}
	last := map[int]int{} // round of each conversation
	for i := range c.requests {
		if previous, known := last[c.id(i)]; known {
			o.next[previous] = i
		} else {
			due, _ := arrivals.Due(i)
			o.ready = append(o.ready, readyRound{due, i}) // sorted, therefore a heap
		}
		last[c.id(i)] = i
	}
	return o
}

// Next implements workload.Plan.
func (o *orderedPlan) Next() (time.Duration, bool) {
	if len(o.ready) == 0 {
		return 0, false
	}
	return o.ready[0].due, true
}

// Start implements workload.Plan.
func (o *orderedPlan) Start() *workload.Request {
	round := heap.Pop(&o.ready).(readyRound)
	request := o.conversations.request(round.index, round.due)
	planned, _ := o.arrivals.Due(round.index)
	request.CarriedOver = round.due - planned
	o.sent[request] = round.index
	return request
}

// Done implements workload.Plan.
func (o *orderedPlan) Done(request *workload.Request) {
	i := o.sent[request]
	delete(o.sent, request)
	if o.conversations.delta && request.Err == nil {
		o.conversations.open[o.conversations.id(i)].addAnswer(request.Reply.Text)
	}
	if next := o.next[i]; next > 0 {
		due, _ := o.arrivals.Due(next)
		heap.Push(&o.ready, readyRound{max(due, request.Ended), next})
	}
	o.final(request)
}

// A readyRound waits for its time only.
type readyRound struct {
	due   time.Duration
	index int
}

// readyHeap implements heap.Interface with the earliest round first.
type readyHeap []readyRound

func (h readyHeap) Len() int      { return len(h) }
func (h readyHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *readyHeap) Push(x any)   { *h = append(*h, x.(readyRound)) }

func (h readyHeap) Less(i, j int) bool {
	return h[i].due < h[j].due || h[i].due == h[j].due && h[i].index < h[j].index
}

func (h *readyHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
