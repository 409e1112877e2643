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
	o := &owner[T]{run: run, plan: plan, wait: newWait(run.Precise), seen: math.MinInt64}
	defer o.wait.stop()
	o.crew = crew[T]{do: func(item T, how Dispatch) { do(waiting, item, how) }, done: make(chan ended[T], doneAhead)}
	defer o.crew.end()

	stop := sending.Done()
	for {
		due, ok := plan.Next()
		ok = ok && sending.Err() == nil && (run.Until == 0 || due < run.Until)
		if !ok && o.underWay == 0 {
			return
		}
		var rung <-chan time.Time // never, without an item
		if ok {
			if o.started(due) {
				continue
			}
			if rung = o.wait.until(run.Start.Add(due)); rung == nil {
				o.look() // it is nearly due
				continue
			}
		}
		select {
		case <-rung:
			o.wait.over()
		case e := <-o.crew.done:
			o.over(e)
		case <-stop:
			stop = nil // seen; what is under way is still awaited
		}
	}
}

// owner is who runs a plan.
type owner[T any] struct {
	run      Run
	plan     Plan[T]
	crew     crew[T]
	wait     *wait
	underWay int
	seen     time.Duration // due time of the item seen last before it was due
}

// started starts the next item if it is due.
func (o *owner[T]) started(due time.Duration) bool {
	at, now := o.run.Start.Add(due), time.Now()
	if at.After(now) {
		o.seen = due
		return false
	}
	o.underWay++
	o.crew.start(o.plan.Start(), Dispatch{Due: at, Reached: now, Waited: due == o.seen})
	return true
}

// look takes one that has ended, if any.
func (o *owner[T]) look() {
	select {
	case e := <-o.crew.done:
		o.over(e)
	default:
	}
}

func (o *owner[T]) over(e ended[T]) {
	o.underWay--
	o.crew.rest(e.by)
	o.plan.Done(e.item)
}
