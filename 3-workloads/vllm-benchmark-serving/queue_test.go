package main

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/data/dataset"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

// The expected values, in ns, are numpy's with seed 0 after the draws of six random
// prompts.
func TestDueTimes(t *testing.T) {
	tests := []struct {
		why  string
		load loadOptions
		rate float64
		want []time.Duration
	}{
		{"Poisson", loadOptions{burstiness: 1, arrivals: "lmbench"}, 8, []time.Duration{0, 98400144, 167281205, 297051117, 368991017, 646931569}},
		{"bursts", loadOptions{burstiness: 0.5, arrivals: "lmbench"}, 8, []time.Duration{0, 74809631, 187875730, 588051289, 624808138, 694970470}},
		{"nearly even", loadOptions{burstiness: 4, arrivals: "lmbench"}, 8, []time.Duration{0, 25390878, 239730323, 448002470, 534902049, 680978211}},
		{"vLLM since 2025: the last after 6/8 s", loadOptions{burstiness: 1, arrivals: "vllm"}, 8, []time.Duration{69537750, 118214855, 209921100, 260759835, 457175815, 750000000}},
		{"all at once", loadOptions{burstiness: 1, arrivals: "lmbench"}, math.Inf(1), make([]time.Duration, 6)},
		{"all at once, as vLLM since 2025", loadOptions{burstiness: 1, arrivals: "vllm"}, math.Inf(1), make([]time.Duration, 6)},
		{"exponential ramp", loadOptions{burstiness: 1, arrivals: "lmbench", rampUp: "exponential", rampStart: 2, rampEnd: 16}, 8, []time.Duration{0, 393600576, 575378787, 801321327, 883958571, 1094598121}},
		{"linear ramp", loadOptions{burstiness: 1, arrivals: "lmbench", rampUp: "linear", rampStart: 2, rampEnd: 16}, 8, []time.Duration{0, 393600576, 508402345, 645002252, 700340637, 868789456}},
	}
	for _, test := range tests {
		draws := dataset.NewDraws(0)
		draws.Numpy.Ints(20, 21, 6)
		draws.Numpy.Ints(4, 5, 6)
		draws.Numpy.Ints(0, 1<<20, 6)
		s := &serving{options: options{rate: test.rate, load: test.load}}
		if diff := cmp.Diff(test.want, s.dueTimes(&draws.Numpy, 6)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.why, diff)
		}
	}
}

func TestSlotWaits(t *testing.T) {
	const s = time.Second
	q := &queue{
		due: schedule.Times([]time.Duration{0, 0, 1 * s, 1 * s, 9 * s}), limit: 2, waits: make([]time.Duration, 5),
		request: func(i int) *workload.Request { return &workload.Request{Question: i} }, final: func(*workload.Request) {},
	}
	start := func(want int) *workload.Request {
		t.Helper()
		if due, ok := q.Next(); !ok || due != q.due.At(want) {
			t.Fatalf("want request %d next, got one due at %v (%v)", want, due, ok)
		}
		return q.Start()
	}
	full := func() {
		t.Helper()
		if _, ok := q.Next(); ok {
			t.Fatal("a third request starts")
		}
	}
	first, second := start(0), start(1)
	full()
	first.Ended = 3 * s
	q.Done(first)
	third := start(2)
	full()
	second.Ended = 4 * s
	q.Done(second)
	fourth := start(3)
	full() // the fifth is not due yet
	third.Ended, fourth.Ended = 5*s, 6*s
	q.Done(third)
	q.Done(fourth)
	start(4)
	if diff := cmp.Diff([]time.Duration{0, 0, 2 * s, 3 * s, 0}, q.waits); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, ok := q.Next(); ok {
		t.Error("a sixth request starts")
	}
}

func TestAConcurrencyLimitHolds(t *testing.T) {
	slow := engine()
	slow.BaseTTFT = time.Second
	out := run(t, workloadtest.Harness{Engine: slow}, positional("vllm", "random", "", "20", "inf", "--max-concurrency", "4", "--random-output-len", "1", "--random-input-len", "1"))
	csv := out.Read(t, "4-latest-results/helm_x_vllm_benchmark_inf_20000101-0000.csv")
	for _, line := range []string{"\nmax_concurrency,4\n", "\nmax_requests_at_once,4\n", "\nmax_slot_wait_ms,4", "\nmean_slot_wait_ms,2"} {
		if out.Err != nil || !strings.Contains(csv, line) {
			t.Errorf("%v: want the line %q in\n%s", out.Err, line, csv)
		}
	}
	requests := out.Read(t, "4-latest-results/helm_x_vllm_benchmark_inf_20000101-0000_requests.csv")
	last := strings.Split(strings.Split(strings.TrimSpace(requests), "\n")[20], ",")
	if wait, err := strconv.ParseFloat(last[16], 64); err != nil || wait < 4 || wait > 4.1 || strings.HasPrefix(last[17], "4") {
		t.Errorf("the last request waited %s s and has a vllm_ttft of %s s, want 4 s that are not part of it", last[16], last[17])
	}
}

func BenchmarkDueTimes(b *testing.B) {
	const requests = 100_000
	s := &serving{options: options{rate: 1000, load: loadOptions{burstiness: 0.5, arrivals: "vllm"}}}
	draws := dataset.NewDraws(0)
	for b.Loop() {
		s.dueTimes(&draws.Numpy, requests)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*requests), "ns/request")
}
