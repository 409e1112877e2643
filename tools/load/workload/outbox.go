package workload

import (
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/results/eventlog"
)

const (
	// queue is how many events may wait for the disk before it holds up the
	// sending, which would then show as send lag.
	queue = 16384

	// enough is how many wait until the writer is woken: to wake it for each
	// costs more than to write one, and many would take a processor for long.
	enough = 32
)

// outbox is what happened and is not written yet. Those who send add to it; the
// writer, who owns the files, takes it.
type outbox struct {
	wake chan struct{} // ready when the writer is to look

	mu    sync.Mutex // of all below
	room  sync.Cond  // events were taken
	now   batch
	least int                 // events, at which the writer is woken
	spare []*eventlog.Request // written: their memory is used again
}

// batch is some of it, in order of time; what has left has left before what ended.
type batch struct {
	left   []eventlog.Started
	events []eventlog.Event
	last   bool // nothing comes after it
}

// newOutbox is for a writer that is woken for each event, or for some.
func newOutbox(each bool) *outbox {
	b := &outbox{wake: make(chan struct{}, 1), least: enough}
	if each {
		b.least = 1
	}
	b.room.L = &b.mu
	return b
}

// leave adds a request that leaves.
func (b *outbox) leave(s eventlog.Started) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now.left = append(b.now.left, s)
}

// add adds an event. To wait for room means that the disk is too slow, and that
// what is due now leaves late; it says how long it waited.
func (b *outbox) add(event eventlog.Event) (held time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.now.events) >= queue {
		began := time.Now()
		for len(b.now.events) >= queue {
			b.room.Wait()
		}
		held = time.Since(began)
	}
	b.now.events = append(b.now.events, event)
	if len(b.now.events) >= b.least {
		b.rouse()
	}
	return held
}

// end says that nothing more is added.
func (b *outbox) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now.last = true
	b.rouse()
}

func (b *outbox) rouse() {
	select {
	case b.wake <- struct{}{}:
	default: // it looks anyway
	}
}

// take returns all there is. What comes next goes to the memory of written, of
// which nothing is needed any more.
func (b *outbox) take(written batch) batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, event := range written.events {
		if request, is := event.(*eventlog.Request); is && len(b.spare) < 2*enough {
			b.spare = append(b.spare, request)
		}
		written.events[i] = nil
	}
	taken := b.now
	b.now = batch{left: written.left[:0], events: written.events[:0], last: taken.last}
	b.room.Broadcast()
	return taken
}

// request is one to be filled, with memory for gaps.
func (b *outbox) request() *eventlog.Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.spare)
	if n == 0 {
		return new(eventlog.Request)
	}
	request := b.spare[n-1]
	b.spare = b.spare[:n-1]
	return request
}
