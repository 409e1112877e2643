package main

import (
	"math"
	"os"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// cpuTime returns the CPU time of this process so far.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

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

// gcPauses is the histogram of stop-the-world pauses for garbage collection so far.
type gcPauses struct {
	counts []uint64
	bounds []float64 // in seconds; counts[i] pauses took bounds[i] to bounds[i+1]
}

func readGCPauses() gcPauses {
	sample := []metrics.Sample{{Name: "/sched/pauses/total/gc:seconds"}}
	metrics.Read(sample)
	histogram := sample[0].Value.Float64Histogram()
	return gcPauses{histogram.Counts, histogram.Buckets}
}

// since returns the number of pauses after an earlier reading, and an upper bound of
// the longest.
func (p gcPauses) since(before gcPauses) (count uint64, longest time.Duration) {
	for i, n := range p.counts {
		if n -= before.counts[i]; n == 0 {
			continue
		}
		count += n
		bound := p.bounds[i+1]
		if math.IsInf(bound, 0) {
			bound = p.bounds[i]
		}
		longest = time.Duration(bound * float64(time.Second))
	}
	return count, longest
}
