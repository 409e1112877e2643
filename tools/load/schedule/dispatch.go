// Package schedule starts work at the instants it is due.
package schedule

import (
	"context"
	"math"
	"time"
)

// A Plan says which items are due when. Offsets count from the start of the run,
// so they are exact and never drift. Only the goroutine of Do calls a Plan.
type Plan[T any] interface {
	// Next returns when the earliest unstarted item is due. It returns false if no
	// item is due before another is done.
	Next() (due time.Duration, ok bool)
	// Start removes that item from the plan and returns it.
	Start() T
	// Done gives back an item whose work is done.
	Done(item T)
}

// Options say how a plan is run.
type Options struct {
	Start   time.Time     // offset 0
	Until   time.Duration // items due at or after this offset are not started; 0: no limit
	Precise bool          // wake up within microseconds where the system can (see Timer)
}

// A Dispatch says how an item was started. If the dispatcher waited for the item, the
// time from Due to Reached is lateness of the timer. Otherwise the dispatcher was busy
// with earlier items.
type Dispatch struct {
	Due     time.Time
	Reached time.Time // when the dispatcher found it to be due
	Waited  bool      // the dispatcher saw it before it was due
}

// Do runs a plan: it calls do for each item as soon as the item is due, in a
// goroutine of its own. A late item is started at once, never skipped or moved.
// Do returns when all started work is done and no more items can start.
//
// When sending is done, no more items are started. Calls of do get waiting, and
// must return soon after it is done.
func Do[T any](sending, waiting context.Context, options Options, plan Plan[T], do func(context.Context, T, Dispatch)) {
	d := &dispatcher[T]{options: options, plan: plan, sleeper: newSleeper(options.Precise), early: math.MinInt64}
	defer d.sleeper.stop()
	d.pool = pool[T]{do: func(item T, how Dispatch) { do(waiting, item, how) }, done: make(chan completed[T], doneBuffer)}
	defer d.pool.close()

	stop := sending.Done()
	for {
		due, ok := plan.Next()
		ok = ok && sending.Err() == nil && (options.Until == 0 || due < options.Until)
		if !ok && d.underWay == 0 {
			return
		}
		var fired <-chan time.Time // blocks forever without an item
		if ok {
			if d.startIfDue(due) {
				continue
			}
			if fired = d.sleeper.until(options.Start.Add(due)); fired == nil {
				d.poll() // the item is nearly due
				continue
			}
		}
		select {
		case <-fired:
			d.sleeper.onFired()
		case c := <-d.pool.done:
			d.onDone(c)
		case <-stop:
			stop = nil // no more items start; those under way are awaited
		}
	}
}

// A dispatcher is the state of Do.
type dispatcher[T any] struct {
	options  Options
	plan     Plan[T]
	pool     pool[T]
	sleeper  *sleeper
	underWay int
	early    time.Duration // due time of the item last found before it was due
}

// startIfDue starts the next item and reports whether it was due.
func (d *dispatcher[T]) startIfDue(due time.Duration) bool {
	at, now := d.options.Start.Add(due), time.Now()
	if at.After(now) {
		d.early = due
		return false
	}
	d.underWay++
	d.pool.start(d.plan.Start(), Dispatch{Due: at, Reached: now, Waited: due == d.early})
	return true
}

// poll handles an item that is done, if there is one.
func (d *dispatcher[T]) poll() {
	select {
	case c := <-d.pool.done:
		d.onDone(c)
	default:
	}
}

func (d *dispatcher[T]) onDone(c completed[T]) {
	d.underWay--
	d.pool.release(c.by)
	d.plan.Done(c.item)
}
