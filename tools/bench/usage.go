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

// cpu is the time that this process has had a processor.
func cpu() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// resident is the memory this process has now, in bytes; 0 where that is not known.
func resident() int64 {
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

// peak follows the memory and the requests under way.
type peak struct {
	underWay      atomic.Int64
	memory, most  int64
	stop, stopped chan struct{}
}

func watchPeak() *peak {
	p := &peak{stop: make(chan struct{}), stopped: make(chan struct{})}
	idle := resident()
	go func() {
		defer close(p.stopped)
		ticks := time.NewTicker(200 * time.Millisecond)
		defer ticks.Stop()
		for {
			p.memory = max(p.memory, resident()-idle)
			p.most = max(p.most, p.underWay.Load())
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

// pauses are the stops of the world for garbage collection so far, by how long
// they took.
type pauses struct {
	counts []uint64
	bounds []float64 // s; pause i took from bounds[i] to bounds[i+1]
}

func readPauses() pauses {
	sample := []metrics.Sample{{Name: "/sched/pauses/total/gc:seconds"}}
	metrics.Read(sample)
	histogram := sample[0].Value.Float64Histogram()
	return pauses{histogram.Counts, histogram.Buckets}
}

// since is how many there were after an earlier reading, and the longest.
func (p pauses) since(before pauses) (count uint64, longest time.Duration) {
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
