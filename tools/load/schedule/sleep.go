package schedule

import (
	"runtime"
	"time"
)

// Limits of the wake-up margin. Waking up from deep idle takes about maxMargin/2.
const (
	maxMargin = 80 * time.Microsecond
	minMargin = 10 * time.Microsecond
)

// A sleeper waits for one instant after another. If it is precise, it sleeps until
// shortly before the instant and spins for the rest.
type sleeper struct {
	timer   *Timer
	precise bool
	margin  margin
	set     time.Time // when the timer fires; zero: it is not set
	fired   <-chan time.Time
}

func newSleeper(precise bool) *sleeper {
	return &sleeper{timer: NewTimer(precise), precise: precise, margin: margin{maxMargin / 2}}
}

func (s *sleeper) stop() { s.timer.Stop() }

// until returns a channel that is ready shortly before an instant. If the instant
// is near, it spins for some or all of the time instead and returns nil.
func (s *sleeper) until(at time.Time) <-chan time.Time {
	early := time.Duration(0)
	if s.precise {
		early = s.margin.time()
		if time.Until(at) <= early {
			spin(at)
			return nil
		}
	}
	if next := at.Add(-early); next != s.set {
		s.set, s.fired = next, s.timer.Set(next)
	}
	return s.fired
}

// onFired must be called when the timer has fired.
func (s *sleeper) onFired() {
	if s.precise {
		s.margin.learn(time.Since(s.set))
	}
	s.set = time.Time{}
}

// spin waits for an instant, or for part of the time until then, without sleeping.
// Yielding wakes another thread, which often takes longer than the time left, and cost a
// fifth of all CPU time at thousands of items per second. So spin yields at most once,
// and only if there is enough time.
func spin(until time.Time) {
	const much = 30 * time.Microsecond
	if time.Until(until) > much {
		runtime.Gosched()
	}
	for left := time.Until(until); 0 < left && left <= much; left = time.Until(until) {
	}
}

// A margin is how long before an instant a precise sleeper wakes up. A CPU wakes up
// slowly from idle and quickly otherwise, so the margin follows the measured lateness:
// with a fixed maxMargin, 4,000 items per second would spin a third of the time.
type margin struct{ usual time.Duration }

// learn updates the usual lateness with that of one wake-up. It rises fast and falls
// slowly, so that most wake-ups are within it.
func (m *margin) learn(late time.Duration) {
	late = min(max(late, 0), maxMargin)
	if late > m.usual {
		m.usual += (late - m.usual) / 4
	} else {
		m.usual -= (m.usual - late) / 32
	}
}

func (m *margin) time() time.Duration { return min(max(m.usual+m.usual/4, minMargin), maxMargin) }
