package workload

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/LMCache/LMBench/tools/results/eventlog"
)

// The writer is woken when it is worth it, and at the end.
func TestTheOutboxWakesItsWriter(t *testing.T) {
	tests := []struct {
		why   string
		each  bool
		adds  int
		woken bool
	}{
		{"nothing happened", false, 0, false},
		{"a few can wait for more", false, enough - 1, false},
		{"enough", false, enough, true},
		{"whoever reads a pipe waits for each", true, 1, true},
	}
	for _, test := range tests {
		b := newOutbox(test.each)
		b.leave(eventlog.Started{}) // alone never
		for range test.adds {
			b.add(eventlog.Unlisted{})
		}
		if woken := len(b.wake) == 1; woken != test.woken {
			t.Errorf("%s: woken %t, want %t", test.why, woken, test.woken)
		}
		b.end()
		if len(b.wake) != 1 {
			t.Errorf("%s: nobody is told of the end", test.why)
		}
		if all := b.take(batch{}); !all.last || len(all.events) != test.adds || len(all.left) != 1 {
			t.Errorf("%s: taken are %+v", test.why, all)
		}
	}
}

// All is taken once, in order; what is added meanwhile comes with the next.
func TestTheOutboxLosesNothing(t *testing.T) {
	b := newOutbox(false)
	var events, left []int
	var taken batch
	for i := range 10 {
		b.leave(eventlog.Started{User: 2 * i})
		b.leave(eventlog.Started{User: 2*i + 1})
		b.add(eventlog.Unlisted{User: i})
		if i%3 == 0 {
			taken = b.take(taken)
			for _, s := range taken.left {
				left = append(left, s.User)
			}
			for _, event := range taken.events {
				events = append(events, event.(eventlog.Unlisted).User)
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

// Only a request that is written is used again.
func TestTheOutboxUsesMemoryAgain(t *testing.T) {
	b := newOutbox(false)
	first := b.request()
	b.add(first)
	taken := b.take(batch{})
	if other := b.request(); other == first {
		t.Error("a request that is being written is used again")
	}
	b.take(taken)
	if again := b.request(); again != first {
		t.Error("a request that was written is not used again")
	}
	if other := b.request(); other == first {
		t.Error("it is used twice")
	}
}

// A disk that takes nothing holds up the sending when its queue is full, not before.
func TestTheOutboxHoldsUpTheSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newOutbox(false)
		for range queue {
			if held := b.add(eventlog.Unlisted{}); held != 0 {
				t.Fatalf("held up for %v, with room", held)
			}
		}
		time.AfterFunc(3*time.Second, func() { b.take(batch{}) })
		if held := b.add(eventlog.Unlisted{}); held != 3*time.Second {
			t.Errorf("held up for %v, want 3s", held)
		}
	})
}
