//go:build !linux

package main

import "time"

// timestamp returns an instant on a clock that all processes share. Without Linux's
// monotonic clock that is the wall clock, in nanoseconds.
func timestamp(t time.Time) int64 { return t.UnixNano() }

func sleepUntil(t time.Time) {
	time.Sleep(time.Until(t) - time.Millisecond)
	spin(t)
}
