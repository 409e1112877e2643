package main

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// residentMemory returns the resident set size of this process in bytes, or 0 if it
// is unknown.
func residentMemory() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// A peak records the largest memory and the largest number of concurrent requests.
type peak struct {
	concurrent     atomic.Int64 // now
	memory         int64        // largest so far, in bytes above that at the start
	mostConcurrent int64        // largest so far
	stop, stopped  chan struct{}
}

// watchPeak samples until end is called.
func watchPeak() *peak {
	p := &peak{stop: make(chan struct{}), stopped: make(chan struct{})}
	idle := residentMemory()
	go func() {
		defer close(p.stopped)
		ticks := time.NewTicker(200 * time.Millisecond)
		defer ticks.Stop()
		for {
			p.memory = max(p.memory, residentMemory()-idle)
			p.mostConcurrent = max(p.mostConcurrent, p.concurrent.Load())
			select {
			case <-ticks.C:
			case <-p.stop:
				return
			}
		}
	}()
	return p
}

func (p *peak) end() {
	close(p.stop)
	<-p.stopped
}
