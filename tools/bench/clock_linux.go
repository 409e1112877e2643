package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// origin and originNS are the same instant on Go's monotonic clock, which differs
// between processes, and on the machine's, which all processes share.
var origin, originNS = readBothClocks()

// readBothClocks reads the pair that takes the least time of a hundred.
func readBothClocks() (time.Time, int64) {
	var best time.Time
	var at int64
	least := time.Hour
	for range 100 {
		var spec unix.Timespec
		before := time.Now()
		if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &spec); err != nil {
			panic(err) // Go itself needs this clock
		}
		if took := time.Since(before); took < least {
			least, best, at = took, before.Add(took/2), spec.Nano()
		}
	}
	return best, at
}

// timestamp returns an instant on the machine's monotonic clock, in nanoseconds.
func timestamp(t time.Time) int64 { return originNS + int64(t.Sub(origin)) }

// sleepUntil waits until an instant: it sleeps until just before, then spins.
func sleepUntil(t time.Time) {
	const early = 80 * time.Microsecond
	if time.Until(t) > early {
		spec := unix.NsecToTimespec(timestamp(t.Add(-early)))
		_ = unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &spec, nil) // a signal only ends the sleep early
	}
	spin(t)
}
