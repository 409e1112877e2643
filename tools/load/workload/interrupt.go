package workload

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// drain is how long a first signal waits for what is under way.
const drain = 30 * time.Second

// interrupt turns signals into two deadlines: the first signal ends the
// sending, and a while later the waiting; the second ends the waiting at once.
type interrupt struct {
	sending, waiting context.Context
	since            time.Time // the first signal; to be read when interrupted
	stop             func()
	watching         sync.WaitGroup
}

// watch starts watching. The caller must end it.
func watch(ctx context.Context, world World) *interrupt {
	waiting, stopWaiting := context.WithCancel(ctx)
	sending, stopSending := context.WithCancel(waiting)
	i := &interrupt{sending: sending, waiting: waiting, stop: stopWaiting}
	i.watching.Go(func() {
		select {
		case s := <-world.Signals:
			fmt.Fprintf(world.Stderr, "\n%v: nothing more is sent; waiting up to %v for answers under way (again: stop at once)\n", s, drain)
			i.since = time.Now()
			world.view.collector.SetEnding()
			stopSending()
		case <-waiting.Done():
			return
		}
		patience := time.NewTimer(drain)
		defer patience.Stop()
		select {
		case <-world.Signals:
		case <-patience.C:
		case <-waiting.Done():
		}
		stopWaiting()
	})
	return i
}

// interrupted tells whether a signal came.
func (i *interrupt) interrupted() bool { return i.sending.Err() != nil }

// pause waits, or returns early when interrupted.
func (i *interrupt) pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-i.sending.Done():
	}
}

// end stops watching.
func (i *interrupt) end() {
	i.stop()
	i.watching.Wait()
}

// late is a context for what is still to be done after the waiting has ended:
// making the result.
func (i *interrupt) late() context.Context { return context.WithoutCancel(i.waiting) }
