package main

import (
	"encoding/json"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/data/prompt"
	"github.com/LMCache/LMBench/tools/data/trace"
	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

// without returns a simulated engine that has no endpoints at some paths.
func without(t *testing.T, paths ...string) http.Handler {
	engine, err := simengine.New(simengine.Config{CacheBlocks: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, path := range paths {
			if r.URL.Path == path {
				http.NotFound(w, r)
				return
			}
		}
		engine.ServeHTTP(w, r)
	})
}

// result is the part of the result JSON that concerns the replay.
type result struct {
	Results struct {
		Fidelity map[string]float64 `json:"trace_fidelity"`
	}
	Workload map[string]any
}

func resultOf(t *testing.T, out *workloadtest.Outcome) (r result) {
	t.Helper()
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	if err := json.Unmarshal([]byte(out.Read(t, out.Files(t, "4-latest-results/suite/*.json")[0])), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// With the trace's block size an engine's cache has the hits that the hash ids
// predict. Answers do not add any: no later prompt contains them.
func TestEngineCacheHitsAreThoseOfTheTrace(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: append(positional("DURATION", "-1"), "5"),
		Engine: simengine.Config{CacheBlocks: 1 << 20, BlockSize: 64, BaseTTFT: time.Millisecond}}.Run(t)
	r := resultOf(t, &out)
	f := r.Results.Fidelity
	if f["ideal_block_hit_ratio"] != f["sent_block_hit_ratio"] || math.Abs(f["ideal_block_hit_ratio"]-0.656) > 0.001 {
		t.Errorf("ideal %v, sent %v; want both 65.6 %%", f["ideal_block_hit_ratio"], f["sent_block_hit_ratio"])
	}
	// The engine caches full blocks only.
	cached, ideal := 0., 0.
	users := map[int]bool{}
	for _, row := range rows(t, &out) {
		users[row.UserID] = true
		cached += *row.CachedTokens
		ideal += float64(row.IdealCachedTokens / 64 * 64)
	}
	if len(users) != 60 {
		t.Errorf("%d users, want one for each of 60 conversations", len(users))
	}
	if math.Abs(cached/ideal-1) > 0.01 {
		t.Errorf("the engine reports %v cached tokens, want %v", cached, ideal)
	}
	for name, want := range map[string]float64{
		"requests": 240, "requests_left_out": 0, "block_size": 64, "prompt_lengths_exact": 1, "prompt_length_error_max_tokens": 0,
		"prompt_tokens_requested": 173752, "prompt_tokens_reported": 173752, "cached_tokens_reported": cached,
		"engine_cache_hit_tokens": cached, "engine_cache_queried_tokens": 173752, "send_lag_p99_ms": 0,
	} {
		if got, there := f[name]; !there || got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if r.Workload["CALIBRATION"] != "tokenize" || r.Workload["TRACE_FILE"] != "./traces/example.jsonl" || r.Workload["QPS"] != 5. {
		t.Errorf("workload %v", r.Workload)
	}
}

// Figures that the engine does not provide are absent.
func TestEngineWithoutMetrics(t *testing.T) {
	engine := without(t, "/tokenize", "/metrics")
	out := workloadtest.Harness{Workload: fresh(), Args: append(positional("DURATION", "2"), "5"), Handler: engine}.Run(t)
	r := resultOf(t, &out)
	for name := range r.Results.Fidelity {
		if strings.HasPrefix(name, "engine_") {
			t.Errorf("%s is there without /metrics", name)
		}
	}
	if r.Workload["CALIBRATION"] != "usage" {
		t.Errorf("calibrated by %v, want usage", r.Workload["CALIBRATION"])
	}
}

func TestTimedRunsRecordTheirMeanRate(t *testing.T) {
	tests := []struct {
		args []string
		want float64
	}{
		{positional("PRESERVE_TIMING", "true"), 4.95}, // 99 requests in 20 s
		{positional("PRESERVE_TIMING", "true", "TIME_SCALE", "0.3333333333333333"), 14.85},
		{positional("PRESERVE_TIMING", "true", "DURATION", "-1"), 3.643},                     // 240 in 65.874 s
		{positional("PRESERVE_TIMING", "true", "DURATION", "-1", "START_TIME", "60"), 3.235}, // 19 in the last 5.874 s,
	}
	for _, test := range tests {
		out := workloadtest.Harness{Workload: fresh(), Args: test.args}.Run(t)
		if r := resultOf(t, &out); r.Workload["QPS"] != test.want || r.Workload["MODE"] != "timed" {
			t.Errorf("%v: QPS %v, mode %v; want %v, timed", test.args, r.Workload["QPS"], r.Workload["MODE"], test.want)
		}
	}
}

// sentRatio returns the block hit ratio of a trace's texts, in percent, and fails if
// a prompt has the wrong length.
func sentRatio(t *testing.T, s *source, overhead int) float64 {
	prompts := promptBuilder{layout: s.layout, blocks: prompt.NewBlocks(prompt.Vocabulary(), s.layout.Size, 1), overhead: overhead}
	meter := newReuseMeter()
	var sent trace.Reuse
	for i := range s.trace.Requests {
		r := &s.trace.Requests[i]
		reuse := meter.add(prompts.text(r), prompts.blockLayout(r))
		if want := max(1, r.Input-overhead); reuse.Tokens != want {
			t.Fatalf("line %d: %d words, want %d", r.Line, reuse.Tokens, want)
		}
		sent.Add(reuse)
	}
	return 100 * sent.BlockRatio()
}

func TestTextsReproducePublicTraces(t *testing.T) {
	folder := os.Getenv("LMBENCH_TEST_TRACES")
	if folder == "" {
		t.Skip("set LMBENCH_TEST_TRACES to a folder with gmi_trace.jsonl and mooncake_trace.jsonl")
	}
	for file, want := range map[string]float64{"gmi_trace.jsonl": 64.5, "mooncake_trace.jsonl": 36.6} {
		read, err := trace.Open(filepath.Join(folder, file), trace.Auto)
		if err != nil {
			t.Fatal(err)
		}
		s := newSource(read, 0, 1)
		for _, overhead := range []int{0, 40} { // 40 is more than a block of GMI
			got := sentRatio(t, &s, overhead)
			t.Logf("%s, overhead %d: %.2f %%", file, overhead, got)
			if math.Abs(got-want) > 0.5 {
				t.Errorf("%s, overhead %d: %.2f %% of the blocks are repeated, want %.1f", file, overhead, got, want)
			}
		}
	}
}

// Texts repeat as the hash ids of a synthetic trace do.
func TestTextsReproduceSyntheticTraces(t *testing.T) {
	for _, size := range []int{8, 16, 100, 512} {
		generated := trace.Generate(trace.GenConfig{Seed: uint64(size), Requests: 300, Rate: 1, Variation: 1, Batch: 1,
			Input: trace.LogNormal{Median: float64(3 * size), Sigma: 1}, Output: trace.LogNormal{Median: 20, Sigma: 1},
			MaxTokens: 50 * size, BlockSize: size, SystemPrompts: 2, SystemBlocks: 2, Continue: 0.6})
		s := newSource(generated, 0, 1)
		var ideal trace.Reuse
		for _, reuse := range trace.IdealReuse(generated.Requests, size) {
			ideal.Add(reuse)
		}
		if got, want := sentRatio(t, &s, 0), 100*ideal.BlockRatio(); s.layout.Size != size || math.Abs(got-want) > 1e-9 {
			t.Errorf("block size %d, detected %d: %v %% of the text repeats, %v %% of the hash ids", size, s.layout.Size, got, want)
		}
	}
}

// The prompts of LMBench's script have more reuse than the trace.
func TestLegacyPromptsDifferFromTheTrace(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: append([]string{"--prompt-mode", "legacy"}, append(positional("DURATION", "-1"), "5")...)}.Run(t)
	f := resultOf(t, &out).Results.Fidelity
	if f["sent_block_hit_ratio"] == f["ideal_block_hit_ratio"] || f["prompt_lengths_exact"] > 0.1 {
		t.Errorf("legacy prompts have the trace's lengths and reuse: %v", f)
	}
}
