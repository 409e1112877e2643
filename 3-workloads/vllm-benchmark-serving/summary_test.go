package main

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const ms = time.Millisecond

func noCount(string) int { panic("no answer needs counting") }

// four returns the outcomes of three answers and a failure.
func four() *outcomes {
	o := newOutcomes(5, make([]time.Duration, 5))
	o.requests = []outcome{
		{sent: true, ok: true, promptTokens: 10, outputTokens: 3, events: []time.Duration{100 * ms, 200 * ms, 400 * ms}, ttft: 100 * ms, e2el: 400 * ms, start: 0, ended: 400 * ms},
		{sent: true, ok: true, promptTokens: 20, outputTokens: 2, events: []time.Duration{200 * ms, 300 * ms}, ttft: 200 * ms, e2el: 300 * ms, start: 100 * ms, ended: 400 * ms},
		{sent: true, ok: true, promptTokens: 30, outputTokens: 1, events: []time.Duration{300 * ms}, ttft: 300 * ms, e2el: 300 * ms, start: 400 * ms, ended: 700 * ms},
		{sent: true, promptTokens: 40, start: 500 * ms, ended: 2000 * ms, err: "status 500"},
		{}, // never sent
	}
	return &o
}

func TestSummaryComputedByHand(t *testing.T) {
	got := four().summarize(&figureOptions{goodput: goals{"ttft": 250, "tpot": 120}, percentiles: percentiles{50, 99}}, noCount)
	near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })
	third := math.Sqrt(2.0/3) * 100 // of three values, 100 apart
	want := summary{
		duration: 2, completed: 3, failed: 1, unsent: 1, input: 60, output: 6,
		requestRate: 1.5, outputRate: 3, tokenRate: 33,
		goodput: 0.5, // the first has a high TPOT, the last a high TTFT
		ttft:    stats{mean: 200, median: 200, std: third, percentiles: []float64{200, 298}, max: 300},
		tpot:    stats{mean: 125, median: 125, std: 25, percentiles: []float64{125, 149.5}, max: 150}, // a single token has no TPOT
		itl:     stats{mean: 400.0 / 3, median: 100, std: math.Sqrt(2) / 3 * 100, percentiles: []float64{100, 198}, max: 200},
		e2el:    stats{mean: 1000.0 / 3, median: 300, std: math.Sqrt(2) / 3 * 100, percentiles: []float64{300, 398}, max: 400},
		// In the first second: 3 + 2 + 1 events of three requests.
		peakTokens: 6, peakRequests: 3,
		maxInFlight: 2, // the third starts just when the others end
		wait:        stats{percentiles: []float64{0, 0}},
	}
	if diff := cmp.Diff(want, got, near, cmp.AllowUnexported(summary{}, stats{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestGoalsIncludeTheLimit(t *testing.T) {
	for limit, want := range map[float64]float64{100: 0.5, 200: 1, 299.999: 1, 300: 1.5} {
		if got := four().summarize(&figureOptions{goodput: goals{"ttft": limit}}, noCount).goodput; got != want {
			t.Errorf("ttft:%v: goodput %v, want %v", limit, got, want)
		}
	}
}

func TestAnswersWithoutUsageAreCounted(t *testing.T) {
	o := four()
	o.requests[0].outputTokens, o.requests[0].text = 0, "three whole words"
	f := o.summarize(&figureOptions{}, func(text string) int {
		if text != "three whole words" {
			t.Errorf("counted %q", text)
		}
		return 4
	})
	if f.output != 7 || math.Abs(f.tpot.max-100) > 1e-9 {
		t.Errorf("%d tokens, maximum TPOT %v, want 7 and 100", f.output, f.tpot.max)
	}
}

// The expected values are those of vLLM's calculate_metrics for 300 requests.
func TestSummaryMatchesVLLM(t *testing.T) {
	data, err := os.ReadFile("testdata/vllm_metrics.json")
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Requests []struct {
			OK             bool
			Start          time.Duration
			Events         []time.Duration
			Tokens, Prompt int
		}
		Goodput     goals
		Percentiles percentiles
		Want        map[string]json.RawMessage
	}
	if err := json.Unmarshal(data, &log); err != nil {
		t.Fatal(err)
	}
	o := newOutcomes(len(log.Requests), make([]time.Duration, len(log.Requests)))
	for i, r := range log.Requests {
		last := r.Events[len(r.Events)-1]
		o.requests[i] = outcome{sent: true, ok: r.OK, start: r.Start, ended: r.Start + last, promptTokens: r.Prompt, outputTokens: r.Tokens, events: r.Events, ttft: r.Events[0], e2el: last}
	}
	f := o.summarize(&figureOptions{goodput: log.Goodput, percentiles: log.Percentiles}, noCount)
	got := map[string]any{
		"completed": f.completed, "total_input": f.input, "total_output": f.output,
		"request_throughput": f.requestRate, "request_goodput": f.goodput, "output_throughput": f.outputRate, "total_token_throughput": f.tokenRate,
	}
	for _, name := range []string{"ttft", "tpot", "itl", "e2el"} {
		s := f.metric(name)
		got["mean_"+name+"_ms"], got["median_"+name+"_ms"], got["std_"+name+"_ms"], got["percentiles_"+name+"_ms"] = s.mean, s.median, s.std, s.percentiles
	}
	for key, want := range log.Want {
		have, err := json.Marshal(got[key])
		if err != nil {
			t.Fatal(err)
		}
		var a, b any
		if json.Unmarshal(want, &a) != nil || json.Unmarshal(have, &b) != nil {
			t.Fatalf("%s: %s, %s", key, want, have)
		}
		if diff := cmp.Diff(a, b); diff != "" { // to the last bit
			t.Errorf("%s (-vLLM +ours)\n%s", key, diff)
		}
	}
	if len(got) != len(log.Want) {
		t.Errorf("compared %d figures, want %d", len(got), len(log.Want))
	}
}

func TestHeading(t *testing.T) {
	for title, want := range map[string]string{
		" Serving Benchmark Result ": "============ Serving Benchmark Result ============",
		"Time to First Token":        "===============Time to First Token================",
	} {
		var line strings.Builder
		heading(&line, title, "=")
		if line.String() != want+"\n" {
			t.Errorf("%q, want %q", line.String(), want)
		}
	}
}
