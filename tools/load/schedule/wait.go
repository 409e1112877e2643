package schedule

import (
	"runtime"
	"time"
)

const (
	mostLead  = 80 * time.Microsecond // to wake from deep idle takes about half of it
	leastLead = 10 * time.Microsecond
)

// wait waits for one instant after the other: asleep until shortly before, if it
// is precise, and then awake.
type wait struct {
	alarm   *Alarm
	precise bool
	lead    lead
	set     time.Time // when the alarm rings; zero: it does not
	rung    <-chan time.Time
}

func newWait(precise bool) *wait {
	return &wait{alarm: NewAlarm(precise), precise: precise, lead: lead{mostLead / 2}}
}

func (w *wait) stop() { w.alarm.Stop() }

// until sets the alarm for an instant, or waits for it, or for a part of the
// time, and returns nil.
func (w *wait) until(at time.Time) <-chan time.Time {
	early := time.Duration(0)
	if w.precise {
		early = w.lead.time()
		if time.Until(at) <= early {
			linger(at)
			return nil
		}
	}
	if next := at.Add(-early); next != w.set {
		w.set, w.rung = next, w.alarm.Set(next)
	}
	return w.rung
}

// over is called when the alarm rang.
func (w *wait) over() {
	if w.precise {
		w.lead.learn(time.Since(w.set))
	}
	w.set = time.Time{}
}

// linger passes some time before an instant, awake. To yield wakes another thread
// up, which takes longer than there often is, and at thousands of items a second
// a fifth of all processor time: so it is done once, and only where there is long.
func linger(until time.Time) {
	const long = 30 * time.Microsecond
	if time.Until(until) > long {
		runtime.Gosched()
	}
	for left := time.Until(until); 0 < left && left <= long; left = time.Until(until) {
	}
}

// lead is how long before an instant a precise wait wakes up. The processor is
// slow to wake up if it was idle and quick if it was not, so the lead follows
// what waking took: with the longest always, four thousand items a second would
// be waited for awake a third of the time.
type lead struct{ usual time.Duration }

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
