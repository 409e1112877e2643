package output

import (
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/results/eventlog"
)

const (
	// maxQueued is how many events may wait for the disk before adding one blocks
	// the sender, which shows as scheduling delay.
	maxQueued = 16384

	// wakeAt is how many events wake the writer. Waking it for each costs more than
	// writing one, and many at once would occupy a processor for long.
	wakeAt = 32
)

// A Queue holds events that are not written yet. Senders add to it; the writer,
// which owns the files, takes from it.
type Queue struct {
	wake chan struct{} // wakes the writer

	mu     sync.Mutex // guards the following
	room   sync.Cond  // signals that events were taken
	now    batch
	wakeAt int                 // events at which the writer is woken
	spare  []*eventlog.Request // written ones, for reuse
}

// A batch is what the writer takes at once. The requests that started come before
// the events.
type batch struct {
	started []eventlog.Started
	events  []eventlog.Event
	last    bool // nothing follows
}

// NewQueue returns an empty queue. If each, its writer is woken for every event.
func NewQueue(each bool) *Queue {
	q := &Queue{wake: make(chan struct{}, 1), wakeAt: wakeAt}
	if each {
		q.wakeAt = 1
	}
	q.room.L = &q.mu
	return q
}

// Start adds a request that is being sent.
func (q *Queue) Start(s eventlog.Started) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.now.started = append(q.now.started, s)
}

// Add adds an event. It blocks while the queue is full, that is if the disk is too
// slow, and returns for how long.
func (q *Queue) Add(event eventlog.Event) (blocked time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.now.events) >= maxQueued {
		began := time.Now()
		for len(q.now.events) >= maxQueued {
			q.room.Wait()
		}
		blocked = time.Since(began)
	}
	q.now.events = append(q.now.events, event)
	if len(q.now.events) >= q.wakeAt {
		q.wakeWriter()
	}
	return blocked
}

// End says that nothing more is added.
func (q *Queue) End() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.now.last = true
	q.wakeWriter()
}

func (q *Queue) wakeWriter() {
	select {
	case q.wake <- struct{}{}:
	default: // it is awake
	}
}

// take returns all that was added. The memory of written, which the writer needs no
// more, is reused.
func (q *Queue) take(written batch) batch {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, event := range written.events {
		if request, is := event.(*eventlog.Request); is && len(q.spare) < 2*wakeAt {
			q.spare = append(q.spare, request)
		}
		written.events[i] = nil
	}
	taken := q.now
	q.now = batch{started: written.started[:0], events: written.events[:0], last: taken.last}
	q.room.Broadcast()
	return taken
}

// Request returns a request to fill in and add. It may have memory for gaps.
func (q *Queue) Request() *eventlog.Request {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := len(q.spare)
	if n == 0 {
		return new(eventlog.Request)
	}
	request := q.spare[n-1]
	q.spare = q.spare[:n-1]
	return request
}
