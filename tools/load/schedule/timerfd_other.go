//go:build !linux

package schedule

import "time"

// timerFD needs Linux.
type timerFD struct{}

func newTimerFD() *timerFD         { return nil }
func (*timerFD) arm(time.Duration) {}
func (*timerFD) close()            {}
