package result

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/results/spec"
)

// TestMetricsWithTheirRequests has of a CSV of metrics what the requests alone say,
// where their CSV is beside it or named.
func TestMetricsWithTheirRequests(t *testing.T) {
	rows, err := os.ReadFile("testdata/full.csv")
	if err != nil {
		t.Fatal(err)
	}
	ours := []string{"failures", "e2el_ms", "inter_token_latency_ms", "send_lag_ms", "connect_ms", "cached_tokens", "cached_token_share", "tokens_from_chunks", "attempts_extra", "percentile_intervals"}
	tests := []struct {
		why, at string // where the requests are
		named   bool   // by the options
		want    bool
	}{
		{"beside", "in_requests.csv", false, true},
		{"elsewhere", "other.csv", true, true},
		{"in another folder that is not named", "other.csv", false, false},
	}
	for _, test := range tests {
		root := t.TempDir()
		at := filepath.Join(root, test.at)
		metrics := "metric,value\ncompleted,4\nfailed,3\nduration,2.0\nmean_ttft_ms,5.0\np99_itl_ms,6.0\n"
		if err := errors.Join(os.WriteFile(at, rows, 0o644), os.WriteFile(filepath.Join(root, "in.csv"), []byte(metrics), 0o644)); err != nil {
			t.Fatal(err)
		}
		point := Options{Root: root, CSV: filepath.Join(root, "in.csv"), Now: now, Pairs: []string{"NAME=suite", "KEY=k", "WORKLOAD=vllm_random", "REQUEST_RATE=2"}}
		if test.named {
			point.Requests = at
		}
		got := resultsOf(t, point)
		point.CSV, point.Requests = at, ""
		want := resultsOf(t, point) // of the requests alone
		for _, key := range ours {
			theirs, _ := want.Get(key)
			mine, there := got.Get(key)
			if theirs == nil || there != test.want || there && !cmp.Equal(theirs, mine) {
				t.Errorf("%s: %s is %v, of the requests alone %v", test.why, key, mine, theirs)
			}
		}
		for _, key := range []string{"ttft_percentiles_ms", "tpot_percentiles_ms"} {
			if value, there := got.Get(key); there {
				t.Errorf("%s: %s %v, and ttft_ms is by other definitions", test.why, key, value)
			}
		}
		if ttft := figure(got, "ttft_ms mean"); ttft != "5.0" {
			t.Errorf("%s: ttft_ms is %s, want vLLM's", test.why, ttft)
		}
	}
}

// A point of which the requests are all there is has the rate as its QPS too.
func TestRequestsOfVLLMHaveAQPS(t *testing.T) {
	root := t.TempDir()
	report, err := Write(Options{Root: root, CSV: "testdata/full.csv", Now: now, Pairs: []string{"NAME=suite", "KEY=k", "WORKLOAD=vllm_random", "REQUEST_RATE=2.5"}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(report.Path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `"QPS": 2.5`) {
		t.Errorf("no QPS in\n%s", text)
	}
}

// resultsOf is the block of that name of a point's result.
func resultsOf(t *testing.T, point Options) spec.Map {
	t.Helper()
	report, err := Write(point)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(report.Path)
	if err != nil {
		t.Fatal(err)
	}
	results, _ := parsed(t, text).Get("results")
	return results.(spec.Map)
}

func TestMetricsByBothDefinitions(t *testing.T) {
	tests := []struct {
		why, csv string
		file     string // written
		want     []string
		fails    bool
	}{
		{"vLLM's figures are the result's, LMBench's stand beside them",
			"metric,value\ncompleted,3\nfailed,1\nduration,2.0\nmean_itl_ms,5.0\nmedian_itl_ms,5.0\np99_itl_ms,6.0\nlmbench_mean_itl_ms,7.12345\nlmbench_p99_itl_ms,8.0\nlmbench_mean_ttft_ms,\n",
			"k_vllm_random_inf_20000101-0000.json",
			[]string{`"itl_ms": {` + "\n" + `      "mean": 5.0`, `"lmbench_definitions_ms": {` + "\n" + `      "itl": {` + "\n" + `        "mean": 7.123,` + "\n" + `        "p99": 8.0`}, false},
		{"a point without a success has the rate in its name too", "metric,value\ncompleted,0\nfailed,4\n", "k_vllm_random_inf_20000101-0000_failed.txt", nil, true},
	}
	for _, test := range tests {
		root := t.TempDir()
		csv := filepath.Join(root, "in.csv")
		if err := os.WriteFile(csv, []byte(test.csv), 0o644); err != nil {
			t.Fatal(err)
		}
		report, err := Write(Options{Root: root, CSV: csv, Now: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
			Pairs: []string{"NAME=suite", "KEY=k", "WORKLOAD=vllm_random", "REQUEST_RATE=inf"}})
		if (err != nil) != test.fails || filepath.Base(report.Path) != test.file {
			t.Errorf("%s: %v, wrote %s, want %s", test.why, err, report.Path, test.file)
			continue
		}
		data, err := os.ReadFile(report.Path)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range test.want {
			if !strings.Contains(string(data), text) {
				t.Errorf("%s: no %s in\n%s", test.why, text, data)
			}
		}
	}
}
