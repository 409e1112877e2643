package main

import (
	"context"
	"io"
	"runtime"

	"golang.org/x/sys/unix"
)

// halves are two of p, each of which starts its children on half of the processors:
// what one does takes nothing from the other, and is not moved about. Both are p
// itself where there is one processor.
func (p *process) halves() (halves [2]*process) {
	var all unix.CPUSet
	if unix.SchedGetaffinity(0, &all) != nil || all.Count() < 2 {
		return [2]*process{p, p}
	}
	var sets [2]unix.CPUSet
	for cpu, n := 0, 0; n < all.Count(); cpu++ {
		if all.IsSet(cpu) {
			sets[2*n/all.Count()].Set(cpu)
			n++
		}
	}
	for k := range halves {
		half := *p
		half.spawn = func(ctx context.Context, stderr io.Writer, args ...string) (*child, error) {
			// A child is where the thread is that starts it.
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			if err := unix.SchedSetaffinity(0, &sets[k]); err != nil {
				return nil, err
			}
			defer unix.SchedSetaffinity(0, &all)
			return p.spawn(ctx, stderr, args...)
		}
		halves[k] = &half
	}
	return halves
}
