//go:build !linux

package main

import "time"

// stampOf is an instant as both processes know it: the wall clock must do.
func stampOf(t time.Time) int64 { return t.UnixNano() }

func sleepUntil(t time.Time) {
	time.Sleep(time.Until(t) - time.Millisecond)
	spin(t)
}
