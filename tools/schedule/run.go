// Package schedule starts work at the instants it is due.
package schedule

import (
	"context"
	"math"
	"time"
)

// Plan says what is due when. Offsets count from the start of the run, so
// they are arithmetic and never drift. Only the goroutine of Run calls it.
type Plan[T any] interface {
	// Next is when the earliest item that is not started yet falls due;
	// false if none does before another item is done.
	Next() (due time.Duration, ok bool)
	// Start removes that item from the plan.
	Start() T
	// Done hands back an item whose work has ended.
	Done(item T)
}

// Run is how a plan is run.
type Run struct {
	Start   time.Time     // offset 0
	Until   time.Duration // items due at or after this offset are never started; 0: no end
	Precise bool          // wake within microseconds where the system can (see Alarm)
}

// Dispatch is how an item came to be started: reached - due is lateness of the
// alarm's if it was waited for, and else of whatever came before it.
type Dispatch struct {
	Due     time.Time
	Reached time.Time // when it was found to be due
	Waited  bool      // it was seen before it was due
}

// Do runs plan: each item, as soon as it is due, by do, in a goroutine that does
// nothing else meanwhile. An item that is late is started at once, never
// skipped or moved. Do returns when no work is under way and nothing more can
// start.
//
// The end of sending stops new items; the end of waiting is passed to do,
// which must then return soon.
func Do[T any](sending, waiting context.Context, run Run, plan Plan[T], do func(context.Context, T, Dispatch)) {
	alarm := NewAlarm(run.Precise)
	defer alarm.Stop()
	lead, early := newLead(), time.Duration(0)
	if run.Precise {
		early = lead.time()
	}
	crew := crew[T]{do: func(item T, how Dispatch) { do(waiting, item, how) }, done: make(chan ended[T], doneAhead)}
	defer crew.end()

	underWay := 0
	over := func(e ended[T]) {
		underWay--
		crew.rest(e.by)
		plan.Done(e.item)
	}

	look := func() { // what has ended does not wait until nothing else is to be done
		select {
		case e := <-crew.done:
			over(e)
		default:
		}
	}

	stop := sending.Done()
	var set time.Time // when the alarm rings; zero: it does not
	var rung <-chan time.Time
	waitedFor := time.Duration(math.MinInt64) // due time of the item seen last before it was due
	for {
		due, ok := plan.Next()
		ok = ok && sending.Err() == nil && (run.Until == 0 || due < run.Until)
		if !ok && underWay == 0 {
			return
		}
		var wake <-chan time.Time // never, without an item
		if ok {
			at, now := run.Start.Add(due), time.Now()
			wait := at.Sub(now)
			if wait <= 0 {
				dispatch := Dispatch{Due: at, Reached: now, Waited: due == waitedFor}
				underWay++
				crew.start(plan.Start(), dispatch)
				look()
				continue
			}
			waitedFor = due
			if wait <= early {
				linger(at)
				look()
				continue
			}
			if next := at.Add(-early); next != set {
				set, rung = next, alarm.Set(next)
			}
			wake = rung
		}
		select {
		case <-wake:
			if run.Precise {
				lead.learn(time.Since(set))
				early = lead.time()
			}
			set = time.Time{}
		case e := <-crew.done:
			over(e)
		case <-stop:
			stop = nil // seen; what is under way is still awaited
		}
	}
}
