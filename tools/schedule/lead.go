package schedule

import (
	"runtime"
	"time"
)

const (
	mostLead  = 80 * time.Microsecond // to wake from deep idle takes about half of it
	leastLead = 10 * time.Microsecond
)

// lead is how long before an item is due a precise run wakes up. It spends the
// rest awake, yielding to whoever can run. The processor is slow to wake up if
// it was idle and quick if it was not, so the lead follows what waking took:
// with the longest always, four thousand items a second would be waited for
// awake for most of the time.
type lead struct{ usual time.Duration }

func newLead() lead { return lead{mostLead / 2} }

// learn takes how late an alarm was. The usual rises fast and falls slowly, so
// that most are no later.
func (l *lead) learn(late time.Duration) {
	late = min(max(late, 0), mostLead)
	if late > l.usual {
		l.usual += (late - l.usual) / 4
	} else {
		l.usual -= (l.usual - late) / 32
	}
}

func (l *lead) time() time.Duration { return min(max(l.usual+l.usual/4, leastLead), mostLead) }

// linger passes some time before an instant, awake. Yielding wakes up another
// thread, which takes longer than there often is and half as much processor as
// the requests themselves: so it does without, but for once where it has long.
func linger(until time.Time) {
	const long = 30 * time.Microsecond
	if time.Until(until) > long {
		runtime.Gosched()
	}
	for wait := time.Until(until); 0 < wait && wait <= long; wait = time.Until(until) {
	}
}
