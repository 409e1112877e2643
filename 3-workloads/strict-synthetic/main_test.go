package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

func fresh() workload.Workload { return new(strict).workload() }

func positional(more ...string) []string {
	return append(strings.Fields("sim http://engine:30080 helm_x 4 3 5 30 6 8 1.0 completions suite 0 spec.yaml session-1"), more...)
}

func TestConforms(t *testing.T) {
	workloadtest.Conform(t, workloadtest.Case{
		New:   fresh,
		Sweep: positional("2.5", "2.6"),
		Flags: strings.Fields("--model sim --base-url http://engine:30080 --num-concurrent-users 4 --num-rounds-per-user 3 --shared-system-prompt-len 5 --first-prompt-len 30 --follow-up-prompts-len 6 --answer-len 8 --time-between-requests-per-user 2"),
	})
}

// result holds the parts of a result JSON that these tests check.
type result struct {
	Results struct {
		Successful int     `json:"successful_requests"`
		Planned    int     `json:"requests_planned"`
		Configured float64 `json:"request_throughput_req_per_s"`
		Offered    float64 `json:"offered_rate_req_per_s"`
		Achieved   float64 `json:"achieved_rate_req_per_s"`
		AllUsers   struct {
			Rate float64 `json:"request_throughput_req_per_s"`
		} `json:"all_users"`
	}
	Workload map[string]any
}

// read returns the only result that matches a pattern.
func read(t *testing.T, out *workloadtest.Outcome, pattern string) (r result) {
	t.Helper()
	files := out.Files(t, pattern)
	if len(files) != 1 {
		t.Fatalf("results %v, want exactly one\n%s", files, out.Stderr)
	}
	if err := json.Unmarshal([]byte(out.Read(t, files[0])), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// The second 20 users are measured, and rates count all users.
func TestRatesAndRecordedUsers(t *testing.T) {
	for _, takes := range []time.Duration{0, 12 * time.Second} { // a slow engine gets the same load
		args := strings.Fields("sim http://engine:30080 helm_x 20 15 5 30 6 8 1.0 completions suite 0 spec.yaml session-1 12")
		out := workloadtest.Harness{Workload: fresh(), Args: args, Engine: simengine.Config{BaseTTFT: takes}}.Run(t)
		r := read(t, &out, "4-latest-results/suite/helm_x_strict_synthetic_1.67_*.json")
		if r.Results.Successful != 20*15 || r.Results.Planned != 20*15 {
			t.Errorf("%d of %d planned requests measured, want 300 of 300", r.Results.Successful, r.Results.Planned)
		}
		if r.Results.Configured != 1.67 || r.Workload["QPS"] != 1.67 || r.Workload["IS_STRICT_SYNTHETIC"] != "true" {
			t.Errorf("configured rate %v, workload %v", r.Results.Configured, r.Workload)
		}
		for name, rate := range map[string]float64{"offered": r.Results.Offered, "achieved": r.Results.Achieved, "answered for all": r.Results.AllUsers.Rate} {
			if want := 20. / 12; math.Abs(rate/want-1) > 0.01 {
				t.Errorf("answers take %v: %s %v per second, want %v", takes, name, rate, want)
			}
		}
		for row, err := range record.Read(strings.NewReader(out.Read(t, "4-latest-results/helm_x_strict_synthetic_output_1.67.csv"))) {
			if err != nil {
				t.Fatal(err)
			}
			if row.UserID < 22 || row.UserID > 41 || row.RecordStats != "True" {
				t.Errorf("user %d, record_stats %q, want users 22 to 41", row.UserID, row.RecordStats)
			}
		}
	}
}

// In the original, a run with a failed request of a measured user never ends.
func TestEndsIfRequestsFail(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: positional("2"), Engine: simengine.Config{Faults: simengine.Faults{FailEvery: 3, HangEvery: 10}}}.Run(t)
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	if limit := 330 * time.Second; out.Elapsed > limit { // hung requests end by --stall-timeout
		t.Errorf("took %v, want at most %v", out.Elapsed, limit)
	}
}

// When the measured users are done, the requests of others are canceled.
func TestDoesNotWaitForOtherUsers(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: positional("2"), Engine: simengine.Config{BaseTTFT: 100 * time.Second}}.Run(t)
	// The eighth user arrives at 10.5 s and sends its last request at 14.5 s.
	if want := 114500 * time.Millisecond; out.Err != nil || out.Elapsed < want || out.Elapsed > want+time.Second {
		t.Errorf("took %v, want %v: %v", out.Elapsed, want, out.Err)
	}
}

// The first measured user arrives after 6 s.
func TestTimeTooShort(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: append([]string{"--time", "5"}, positional("2")...)}.Run(t)
	const why = "requests were sent, but none of those to be measured: the time was over before the first of them was due"
	failed := out.Files(t, "4-latest-results/suite/*_failed.txt")
	if out.Code != 1 || len(failed) != 1 || !strings.Contains(out.Read(t, failed[0]), why) || !strings.Contains(out.Stdout, why) || strings.Contains(out.Stdout, "load_not_taken") {
		t.Errorf("exit code %d, %v\n%s%s", out.Code, failed, out.Stdout, out.Stderr)
	}

	out = workloadtest.Harness{Workload: fresh(), Args: append([]string{"--time", "8"}, positional("2")...)}.Run(t)
	if r := read(t, &out, "4-latest-results/suite/*.json"); r.Results.Planned != 2 || r.Results.Successful != 2 {
		t.Errorf("%d of %d requests, want those due at 6 and at 7.5 s", r.Results.Successful, r.Results.Planned)
	}

	file := t.TempDir() + "/one.csv"
	args := strings.Fields("--model sim --base-url http://engine:30080 --num-concurrent-users 4 --num-rounds-per-user 3 --shared-system-prompt-len 5 --first-prompt-len 30 --follow-up-prompts-len 6 --answer-len 8 --time-between-requests-per-user 2 --time 5 --output")
	out = workloadtest.Harness{Workload: fresh(), Args: append(args, file)}.Run(t)
	if out.Code != 1 || out.Err == nil || !strings.Contains(out.Err.Error(), why) {
		t.Errorf("a single run: exit code %d, %v", out.Code, out.Err)
	}
}

func TestLegacyCapLimitsUsers(t *testing.T) {
	slow := simengine.Config{BaseTTFT: 20 * time.Second}
	out := workloadtest.Harness{Workload: fresh(), Args: append([]string{"--legacy-cap"}, positional("2")...), Engine: slow}.Run(t)
	r := read(t, &out, "4-latest-results/suite/*.json")
	if r.Results.Achieved > 0.7*r.Results.Offered || r.Results.Successful != 12 {
		t.Errorf("achieved %v of %v per second with %d answers, want at most 70 %% and 12", r.Results.Achieved, r.Results.Offered, r.Results.Successful)
	}
}

func TestNoIntervalRunsNothing(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: positional()}.Run(t)
	if out.Code != 0 || out.Requests != 0 || !strings.Contains(out.Stdout, "nothing to run") {
		t.Errorf("exit code %d, %d requests, %q", out.Code, out.Requests, out.Stdout)
	}
}

func TestArguments(t *testing.T) {
	tests := []struct {
		why  string
		args string
		want []string
	}{
		{"fractions instead of whole numbers, a ratio above 1, an interval of 0",
			"sim http://engine x 4.5 3 5 30 6 8 1.5 completions suite 0 spec.yaml session-1 0 ten",
			[]string{"NUM_CONCURRENT_USERS (argument 4)", `KV_REUSE_RATIO (argument 10): want a number from 0 to 1, got "1.5"`,
				`TIME_BETWEEN_REQUESTS_PER_USER (argument 16): want a number above 0, got "0"`, `(argument 17)`}},
		{"absent keys", "sim http://engine x 4 0 None 30 6 None 1 completions suite 0 spec.yaml session-1 2",
			[]string{"NUM_ROUNDS_PER_USER (argument 5)", "SHARED_SYSTEM_PROMPT_LEN (argument 6)", "ANSWER_LEN (argument 9)"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			workloadtest.Harness{Workload: fresh(), Args: strings.Fields(test.args), Down: true}.Refused(t, 1, test.want)
		})
	}
}
