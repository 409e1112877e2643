package monitor

import (
	"context"
	"math"
	"runtime"
	"runtime/metrics"
	"syscall"
	"time"

	"github.com/LMCache/LMBench/tools/results/verdict"
)

// monitorProcess observes the CPU time and the garbage collector of this process.
func monitorProcess(_ context.Context, c *Config) func(context.Context, *verdict.Facts) {
	if c.CPU == nil {
		return nil
	}
	began, used, before := time.Now(), c.CPU(), ReadGCPauses()
	return func(_ context.Context, facts *verdict.Facts) {
		used := (c.CPU() - used).Seconds()
		facts.Client = verdict.Client{CPUSeconds: &used, CPUShare: verdict.Number(used / (time.Since(began).Seconds() * float64(runtime.GOMAXPROCS(0))))}
		_, longest, total := ReadGCPauses().Since(before)
		facts.GCPause = verdict.GCPause{MaxMS: new(longest * 1000), TotalMS: new(total * 1000)}
	}
}

// CPUTime returns the CPU time that this process has used.
func CPUTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// GCPauses are the pauses of this process for garbage collection so far, counted by
// their length.
type GCPauses struct {
	counts []uint64
	bounds []float64 // seconds; bucket i is from bounds[i] to bounds[i+1]
}

// ReadGCPauses returns the pauses so far.
func ReadGCPauses() GCPauses {
	sample := []metrics.Sample{{Name: "/sched/pauses/total/gc:seconds"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindFloat64Histogram {
		return GCPauses{}
	}
	histogram := sample[0].Value.Float64Histogram()
	return GCPauses{histogram.Counts, histogram.Buckets}
}

// Since returns the number of pauses after an earlier reading, and upper bounds of
// the longest one and of their sum in seconds, at the resolution of the runtime's
// buckets.
func (p GCPauses) Since(before GCPauses) (count uint64, longest, total float64) {
	for i, n := range p.counts {
		if i < len(before.counts) {
			n -= before.counts[i]
		}
		if n == 0 {
			continue
		}
		bound := p.bounds[i+1]
		if math.IsInf(bound, 0) {
			bound = p.bounds[i] // the last bucket has no end
		}
		count += n
		longest = bound
		total += float64(n) * bound
	}
	return count, longest, total
}
