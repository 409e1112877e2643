package runner

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/load/console"
)

// drainTimeout is how long the first signal waits for requests under way.
const drainTimeout = 30 * time.Second

// An interrupt turns signals into the end of two contexts. The first signal ends
// sending, and after drainTimeout waiting; the second one ends waiting at once.
type interrupt struct {
	sending, waiting context.Context
	since            time.Time // of the first signal; valid once interrupted
	stop             func()
	watching         sync.WaitGroup
}

// watchSignals starts watching for signals. The caller must end it.
func watchSignals(ctx context.Context, signals <-chan os.Signal, console *console.Console) *interrupt {
	waiting, stopWaiting := context.WithCancel(ctx)
	sending, stopSending := context.WithCancel(waiting)
	i := &interrupt{sending: sending, waiting: waiting, stop: stopWaiting}
	i.watching.Go(func() {
		select {
		case s := <-signals:
			fmt.Fprintf(console.Log, "\n%v: no more requests are sent; waiting up to %v for those under way (again: stop at once)\n", s, drainTimeout)
			i.since = time.Now()
			console.Collector.SetEnding()
			stopSending()
		case <-waiting.Done():
			return
		}
		timeout := time.NewTimer(drainTimeout)
		defer timeout.Stop()
		select {
		case <-signals:
		case <-timeout.C:
		case <-waiting.Done():
		}
		stopWaiting()
	})
	return i
}

// interrupted reports whether a signal came.
func (i *interrupt) interrupted() bool { return i.sending.Err() != nil }

// sleep waits, or returns early when a signal comes.
func (i *interrupt) sleep(d time.Duration) {
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

// late returns a context for what must be done even after waiting has ended, such
// as writing the result.
func (i *interrupt) late() context.Context { return context.WithoutCancel(i.waiting) }
