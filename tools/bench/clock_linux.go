package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// epoch is where Go's monotonic clock of this process stands on the machine's,
// which is the same for all processes.
var origin, epoch = anchor()

func anchor() (time.Time, int64) {
	var best time.Time
	var at int64
	least := time.Hour
	for range 100 { // the pair that was read in the shortest time
		var spec unix.Timespec
		before := time.Now()
		if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &spec); err != nil {
			panic(err) // the clock that Go itself runs on
		}
		if took := time.Since(before); took < least {
			least, best, at = took, before.Add(took/2), spec.Nano()
		}
	}
	return best, at
}

// stampOf is an instant on the machine's monotonic clock, in nanoseconds.
func stampOf(t time.Time) int64 { return epoch + int64(t.Sub(origin)) }

// sleepUntil waits for an instant as exactly as the system can without
// spinning for long.
func sleepUntil(t time.Time) {
	const early = 80 * time.Microsecond
	if time.Until(t) > early {
		spec := unix.NsecToTimespec(stampOf(t.Add(-early)))
		_ = unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &spec, nil) // a signal only wakes it early
	}
	spin(t)
}
