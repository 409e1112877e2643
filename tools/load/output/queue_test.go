package output

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/LMCache/LMBench/tools/results/eventlog"
)

// The writer is woken for enough events, and at the end.
func TestQueueWakesItsWriter(t *testing.T) {
	tests := []struct {
		why   string
		each  bool
		adds  int
		woken bool
	}{
		{"no events", false, 0, false},
		{"a few events", false, wakeAt - 1, false},
		{"enough events", false, wakeAt, true},
		{"the reader of a pipe waits for each event", true, 1, true},
	}
	for _, test := range tests {
		q := NewQueue(test.each)
		q.Start(eventlog.Started{}) // a single event does not wake the writer
		for range test.adds {
			q.Add(eventlog.Unrecorded{})
		}
		if woken := len(q.wake) == 1; woken != test.woken {
			t.Errorf("%s: woken %t, want %t", test.why, woken, test.woken)
		}
		q.End()
		if len(q.wake) != 1 {
			t.Errorf("%s: the end does not wake the writer", test.why)
		}
		if all := q.take(batch{}); !all.last || len(all.events) != test.adds || len(all.started) != 1 {
			t.Errorf("%s: took %+v", test.why, all)
		}
	}
}

// The writer takes everything once and in order.
func TestQueueLosesNothing(t *testing.T) {
	q := NewQueue(false)
	var events, left []int
	var taken batch
	for i := range 10 {
		q.Start(eventlog.Started{User: 2 * i})
		q.Start(eventlog.Started{User: 2*i + 1})
		q.Add(eventlog.Unrecorded{User: i})
		if i%3 == 0 {
			taken = q.take(taken)
			for _, s := range taken.started {
				left = append(left, s.User)
			}
			for _, event := range taken.events {
				events = append(events, event.(eventlog.Unrecorded).User)
			}
		}
	}
	if want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}; !slices.Equal(events, want) {
		t.Errorf("events %v, want %v", events, want)
	}
	if len(left) != 20 || !slices.IsSorted(left) {
		t.Errorf("left %v, want 20 in order", left)
	}
}

// Only the memory of written requests is reused.
func TestQueueReusesMemory(t *testing.T) {
	q := NewQueue(false)
	first := q.Request()
	q.Add(first)
	taken := q.take(batch{})
	if other := q.Request(); other == first {
		t.Error("a request that is being written is reused")
	}
	q.take(taken)
	if again := q.Request(); again != first {
		t.Error("a written request is not reused")
	}
	if other := q.Request(); other == first {
		t.Error("a written request is reused twice")
	}
}

// A disk that accepts nothing blocks the sender once the queue is full, not before.
func TestAFullQueueBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(false)
		for range maxQueued {
			if blocked := q.Add(eventlog.Unrecorded{}); blocked != 0 {
				t.Fatalf("blocked for %v although there is room", blocked)
			}
		}
		time.AfterFunc(3*time.Second, func() { q.take(batch{}) })
		if blocked := q.Add(eventlog.Unrecorded{}); blocked != 3*time.Second {
			t.Errorf("blocked for %v, want 3s", blocked)
		}
	})
}
