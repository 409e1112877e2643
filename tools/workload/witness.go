package workload

import (
	"context"
	"runtime/metrics"
	"syscall"
	"time"

	"github.com/LMCache/LMBench/tools/verdict"
)

// witness watches a measured stage for what its rows cannot tell. It begins
// before the first request is due; what it returns is called after the last
// one is over, and adds the facts that it found.
type witness func(ctx context.Context, r *run) (end func(ctx context.Context, facts *verdict.Facts))

// witnesses are all there are, in the order in which their facts are told.
func witnesses() []witness {
	return []witness{watchProcess, watchClock, watchEngine}
}

// watch starts the witnesses and returns what ends them.
func (r *run) watch(ctx context.Context) (end func(context.Context) verdict.Facts) {
	var ends []func(context.Context, *verdict.Facts)
	for _, begin := range witnesses() {
		ends = append(ends, begin(ctx, r))
	}
	return func(ctx context.Context) (facts verdict.Facts) {
		for _, end := range ends {
			end(ctx, &facts)
		}
		return facts
	}
}

// watchClock compares the wall clock with the monotonic one: a step between them
// is a clock that was set while requests were under way.
func watchClock(context.Context, *run) func(context.Context, *verdict.Facts) {
	began := time.Now()
	return func(_ context.Context, facts *verdict.Facts) {
		now := time.Now()
		step := now.Round(0).Sub(began.Round(0)) - now.Sub(began)
		facts.Add("clock_step_ms", float64(step.Round(time.Microsecond))/1e6)
	}
}

// watchProcess tells what this process itself needed.
func watchProcess(context.Context, *run) func(context.Context, *verdict.Facts) {
	began, before := cpuTime(), readPauses()
	return func(_ context.Context, facts *verdict.Facts) {
		facts.Add("client_cpu_seconds", (cpuTime() - began).Seconds())
		longest, total := readPauses().since(before)
		facts.Add("gc_pause_max_ms", longest*1000)
		facts.Add("gc_pause_total_ms", total*1000)
	}
}

// cpuTime is what this process has used of all processors.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// pauses is how often the garbage collector stopped the program how long.
type pauses struct {
	counts []uint64
	bounds []float64 // s; pause i took from bounds[i] to bounds[i+1]
}

func readPauses() pauses {
	sample := []metrics.Sample{{Name: "/sched/pauses/total/gc:seconds"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindFloat64Histogram {
		return pauses{}
	}
	histogram := sample[0].Value.Float64Histogram()
	return pauses{histogram.Counts, histogram.Buckets}
}

// since is the longest pause after an earlier reading and the time of all, as
// finely as the runtime keeps them: both from above.
func (p pauses) since(before pauses) (longest, total float64) {
	for i, count := range p.counts {
		if i < len(before.counts) {
			count -= before.counts[i]
		}
		if count > 0 {
			most := p.bounds[i+1]
			if most > 1e6 {
				most = p.bounds[i] // the last bucket has no end
			}
			longest = most
			total += float64(count) * most
		}
	}
	return longest, total
}
