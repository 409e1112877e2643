package workload

import (
	"context"
	"runtime"
	"runtime/metrics"
	"syscall"
	"time"

	"github.com/LMCache/LMBench/tools/results/verdict"
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
func watchClock(_ context.Context, r *run) func(context.Context, *verdict.Facts) {
	began, wall := time.Now(), r.world.wall()
	return func(_ context.Context, facts *verdict.Facts) {
		elapsed := time.Since(began)
		facts.ElapsedSeconds = new(elapsed.Seconds())
		facts.Clock.StepMS = new(milliseconds(r.world.wall().Sub(wall) - elapsed))
	}
}

// watchProcess tells what this process itself needed.
func watchProcess(_ context.Context, r *run) func(context.Context, *verdict.Facts) {
	if r.world.CPU == nil {
		return func(context.Context, *verdict.Facts) {}
	}
	began, used, before := time.Now(), r.world.CPU(), readPauses()
	return func(_ context.Context, facts *verdict.Facts) {
		used := (r.world.CPU() - used).Seconds()
		facts.Client = verdict.Client{CPUSeconds: &used, CPUShare: verdict.Number(used / (time.Since(began).Seconds() * float64(runtime.GOMAXPROCS(0))))}
		longest, total := readPauses().since(before)
		facts.GCPause = verdict.GCPause{MaxMS: new(longest * 1000), TotalMS: new(total * 1000)}
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
