package simengine

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// batch is the requests that run at once, and the queue of those that wait for
// a place, first come first served.
type batch struct {
	capacity int

	mu      sync.Mutex
	running int
	waiting *list.List // of chan time.Time, the oldest in front
}

func newBatch(capacity int) *batch {
	return &batch{capacity: capacity, waiting: list.New()}
}

// enter takes a place for a request that arrived at the given time, waiting
// for one if need be. It returns when the place became the request's own, or
// the reason why the client gave up waiting. Whoever entered must leave.
func (b *batch) enter(ctx context.Context, arrival time.Time) (time.Time, error) {
	b.mu.Lock()
	if b.running < b.capacity {
		b.running++
		b.mu.Unlock()
		return arrival, nil
	}
	turn := make(chan time.Time, 1)
	place := b.waiting.PushBack(turn)
	b.mu.Unlock()

	select {
	case since := <-turn:
		return since, nil
	case <-ctx.Done():
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-turn:
		// The place came just as the client went.
		b.pass()
	default:
		b.waiting.Remove(place)
	}
	return time.Time{}, context.Cause(ctx)
}

// leave gives a place back.
func (b *batch) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pass()
}

// pass hands a place to the request that has waited longest.
func (b *batch) pass() {
	if first := b.waiting.Front(); first != nil {
		b.waiting.Remove(first).(chan time.Time) <- time.Now()
		return
	}
	b.running--
}

// counts returns how many requests run and how many wait.
func (b *batch) counts() (running, waiting int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.running, b.waiting.Len()
}
