package simengine

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// A batch admits requests to run at once, up to its capacity. Further requests
// wait in a queue, first come, first served.
type batch struct {
	capacity int

	mu      sync.Mutex
	running int
	waiting *list.List // of chan time.Time, the oldest in front
}

func newBatch(capacity int) *batch {
	return &batch{capacity: capacity, waiting: list.New()}
}

// enter takes a place for a request that arrived at the given time, and waits
// for one if the batch is full. It returns when the place became free, or the
// cause of ctx's end. After a successful enter the caller must call leave.
func (b *batch) enter(ctx context.Context, arrival time.Time) (time.Time, error) {
	b.mu.Lock()
	if b.running < b.capacity {
		b.running++
		b.mu.Unlock()
		return arrival, nil
	}
	admitted := make(chan time.Time, 1)
	position := b.waiting.PushBack(admitted)
	b.mu.Unlock()

	select {
	case start := <-admitted:
		return start, nil
	case <-ctx.Done():
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-admitted:
		b.passOn() // the place became free just as the client left
	default:
		b.waiting.Remove(position)
	}
	return time.Time{}, context.Cause(ctx)
}

// leave releases a place.
func (b *batch) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.passOn()
}

// passOn gives a place to the request that has waited longest, if any.
func (b *batch) passOn() {
	if first := b.waiting.Front(); first != nil {
		b.waiting.Remove(first).(chan time.Time) <- time.Now()
		return
	}
	b.running--
}

// counts returns the numbers of running and waiting requests.
func (b *batch) counts() (running, waiting int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.running, b.waiting.Len()
}
