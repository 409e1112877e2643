package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/record"
)

const second = time.Second

// written is a log of two requests that succeeded and one that did not:
//
//	due   launch   chunks after            tokens    n   end after
//	1000  1000.25  0.5, 0.75, 1.25 s       2, 2, 1   5   1.5 s
//	1002  1002     0.25, 0.5 s             unknown   2   0.5 s
//	1003  1003     failed                                1 s
func written(t *testing.T) string {
	t.Helper()
	request := func(user int, due, launch float64, n, input, end float64, arrivals ...time.Duration) *eventlog.Request {
		r := &eventlog.Request{Arrivals: arrivals, Row: record.Row{UserID: user, QuestionNumber: 1, ScheduledTime: due, LaunchTime: launch,
			FinishTime: launch + end, Latency: new(end), TTFT: new(arrivals[0].Seconds()), GenerationTime: new(end - arrivals[0].Seconds()),
			PromptTokens: new(input), GenerationTokens: new(n)}}
		for i := 1; i < len(arrivals); i++ {
			r.Row.Gaps = append(r.Row.Gaps, arrivals[i]-arrivals[i-1])
		}
		return r
	}
	one := request(1, 1000, 1000.25, 5, 10, 1.5, second/2, second*3/4, second*5/4)
	one.Tokens = []int{2, 2, 1}
	path := filepath.Join(t.TempDir(), "x.events")
	var file bytes.Buffer
	log, err := eventlog.NewWriter(&file, eventlog.Header{Workload: "w", Start: time.Unix(1000, 0).UTC(), Layout: record.Conversation()})
	for _, event := range []eventlog.Event{
		eventlog.Started{User: 1, Question: 1, At: second / 4}, one,
		eventlog.Sample{At: second, Values: []eventlog.Value{{Name: "running", Number: 2}}},
		request(2, 1002, 1002, 2, 20, 0.5, second/4, second/2),
		&eventlog.Request{Row: record.Row{UserID: 3, ScheduledTime: 1003, LaunchTime: 1003, FinishTime: 1004, Error: "no"}},
		eventlog.Unrecorded{User: 4, Question: 1}, eventlog.End{Pairs: []string{"QPS=1"}}, eventlog.Result{Path: "x.json"},
	} {
		if err == nil {
			err = log.Write(event)
		}
	}
	if err == nil {
		err = log.Flush()
	}
	if err == nil {
		err = os.WriteFile(path, file.Bytes(), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// runCommand runs a command line.
func runCommand(args ...string) (stdout, stderr string, exit int) {
	var out, errs bytes.Buffer
	err := run(context.Background(), args, command.Streams{Out: &out, Err: &errs})
	exit = command.Report("events", err, &errs)
	return out.String(), errs.String(), exit
}

// Each figure was computed by hand from the table above.
func TestScore(t *testing.T) {
	tests := map[string]map[string]float64{
		"vllm": {
			"duration": 4, "completed": 2, "failed": 1, "total_input_tokens": 30, "total_output_tokens": 7,
			"request_throughput": 0.5, "output_throughput": 1.75, "total_token_throughput": 9.25,
			"mean_ttft_ms": 375, "median_ttft_ms": 375, "std_ttft_ms": 125, "p99_ttft_ms": 497.5,
			"mean_tpot_ms": 218.75, "std_tpot_ms": 31.25, "p99_tpot_ms": 249.375,
			"mean_itl_ms": 1000.0 / 3, "median_itl_ms": 250, "std_itl_ms": 250 * math.Sqrt2 / 3, "p99_itl_ms": 495,
			"mean_e2el_ms": 875, "std_e2el_ms": 375, "p99_e2el_ms": 1242.5,
		},
		"sglang": {
			"input_throughput": 7.5, "total_throughput": 9.25, "concurrency": 0.5, "mean_e2e_latency_ms": 1000, "p90_e2e_latency_ms": 1400, "p90_ttft_ms": 475,
			"mean_tpot_ms": 250, "mean_itl_ms": 250, "median_itl_ms": 187.5, "std_itl_ms": math.Sqrt(23437.5), "p95_itl_ms": 462.5, "max_itl_ms": 500,
		},
		"guidellm": {
			"request_totals.successful": 2, "request_totals.errored": 1, "request_totals.total": 3,
			"requests_per_second.successful.mean": 2 / 3.75, "output_tokens_per_second.successful.mean": 7 / 3.75, "tokens_per_second.successful.mean": 37 / 3.75,
			"request_latency.successful.mean": 1, "request_latency.successful.std_dev": 0.5, "request_latency.successful.median": 0.5, "request_latency.successful.percentiles.p90": 1.5,
			"time_to_first_token_ms.successful.percentiles.p50": 250, "time_to_first_token_ms.successful.percentiles.p75": 500, "time_to_first_token_ms.successful.mode": 250,
			"time_per_output_token_ms.successful.mean": 250, "time_per_output_token_ms.successful.count": 7, // tokens
			"inter_token_latency_ms.successful.mean": 200, "inter_token_latency_ms.successful.count": 5, "inter_token_latency_ms.successful.std_dev": 25,
			"inter_token_latency_ms.successful.total_sum": 1000, "inter_token_latency_ms.successful.percentiles.p75": 187.5, "inter_token_latency_ms.successful.percentiles.p90": 250,
			"prompt_token_count.successful.max": 20, "total_token_count.successful.min": 15,
		},
		"aiperf": {
			"request_count.avg": 2, "error_request_count.avg": 1, "benchmark_duration.avg": 2.25, "request_throughput.avg": 2 / 2.25, "output_token_throughput.avg": 7 / 2.25,
			"time_to_second_token.avg": 250, "request_latency.avg": 875, "request_latency.p25": 687.5, "request_latency.std": 375, "inter_token_latency.avg": 250,
			"output_token_throughput_per_user.avg": 4, "inter_chunk_latency.avg": 1000.0 / 3, "inter_chunk_latency.count": 3, "inter_chunk_latency.sum": 1000,
			"output_sequence_length.min": 2, "total_osl.avg": 7, "total_isl.avg": 30,
		},
		"mlperf": {
			"result_query_count": 3, "result_scheduled_samples_per_sec": 1.0 / 3, "result_completed_samples_per_sec": 0.25, "Completed tokens per second": 1.75,
			"result_min_latency_ns": 5e8, "result_mean_latency_ns": 1.125e9, "result_50.00_percentile_latency_ns": 1.75e9,
			"result_first_token_max_latency_ns": 7.5e8, "result_first_token_99.00_percentile_latency_ns": 7.5e8,
			"result_time_to_output_token_mean": 2.5e8, "result_time_per_output_token_99.90_percentile_ns": 2.5e8,
		},
		"lmbench": {
			"successful_requests": 2, "benchmark_duration_s": 2.25, "request_throughput_req_per_s": 2 / 2.25, "total_generated_tokens": 7,
			"ttft_ms.mean": 375, "tpot_ms.mean": 250, "itl_ms.mean": 275, "itl_ms.p99": 299.5,
		},
	}
	path := written(t)
	for _, definitions := range tools() {
		t.Run(definitions.name, func(t *testing.T) {
			stdout, stderr, exit := runCommand("score", "--by", definitions.name, path)
			if exit != 0 {
				t.Fatal(stderr)
			}
			var made any
			if err := json.Unmarshal([]byte(stdout), &made); err != nil {
				t.Fatal(err)
			}
			if len(tests[definitions.name]) == 0 {
				t.Error("no figure is known")
			}
			for key, want := range tests[definitions.name] {
				if got, is := at(made, key).(float64); !is || math.Abs(got-want) > 1e-9*math.Abs(want) {
					t.Errorf("%s is %v, want %v", key, at(made, key), want)
				}
			}
		})
	}
}

// Where nothing succeeded no figure is below 0.
func TestScoreOfFailures(t *testing.T) {
	for _, definitions := range tools() {
		for _, f := range definitions.score(&load{failed: 2, lastDue: 1, lastFinish: 2}) {
			if value, is := f.value.(float64); is && value < 0 {
				t.Errorf("%s: %s is %v", definitions.name, f.key, value)
			}
		}
	}
}

// at is what lies in objects within objects.
func at(made any, path string) any {
	object, _ := made.(map[string]any)
	if value, there := object[path]; there {
		return value
	}
	key, rest, _ := strings.Cut(path, ".")
	if object[key] == nil {
		return nil
	}
	return at(object[key], rest)
}

func TestJSONL(t *testing.T) {
	stdout, stderr, exit := runCommand("export", "--jsonl", written(t))
	if exit != 0 {
		t.Fatal(stderr)
	}
	var kinds []string
	for line := range strings.Lines(stdout) {
		var event struct {
			Event string
			Data  map[string]any
		}
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, event.Event)
		switch {
		case event.Event == "request" && event.Data["user_id"] == 1.0:
			got := []any{event.Data["ttft"], event.Data["scheduled_time"], event.Data["arrivals_us"], event.Data["chunk_tokens"]}
			if diff := cmp.Diff([]any{0.5, 1000.0, []any{5e5, 7.5e5, 1.25e6}, []any{2.0, 2.0, 1.0}}, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		case event.Event == "request" && event.Data["user_id"] == 3.0:
			if ttft, there := event.Data["ttft"]; there || event.Data["error"] != "no" {
				t.Errorf("a failed request has ttft %v, error %v", ttft, event.Data["error"])
			}
		}
	}
	if diff := cmp.Diff([]string{"header", "started", "request", "sample", "request", "request", "unlisted", "end", "result"}, kinds); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestParquet(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.parquet")
	if _, stderr, exit := runCommand("export", "--parquet", "--output", file, written(t)); exit != 0 {
		t.Fatal(stderr)
	}
	type row struct {
		User     int64    `parquet:"user_id"`
		TTFT     *float64 `parquet:"ttft"`
		Error    string   `parquet:"error"`
		Arrivals []int64  `parquet:"arrivals_us"`
		Tokens   []int64  `parquet:"chunk_tokens"`
	}
	rows, err := parquet.ReadFile[row](file)
	if err != nil {
		t.Fatal(err)
	}
	want := []row{
		{1, new(0.5), "", []int64{500000, 750000, 1250000}, []int64{2, 2, 1}},
		{2, new(0.25), "", []int64{250000, 500000}, []int64{}},
		{3, nil, "no", []int64{}, []int64{}},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestCommandLines(t *testing.T) {
	path := written(t)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cut := path + ".cut"
	if err := os.WriteFile(cut, file[:len(file)-3], 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		why  string
		args []string
		exit int
		said string
	}{
		{"help", []string{"--help"}, 0, "USAGE"},
		{"help of a part", []string{"score", "--help"}, 0, "USAGE"},
		{"nothing", nil, 2, "want export, score or parquet"},
		{"another word", []string{"import"}, 2, `want export, score or parquet, got "import"`},
		{"no definitions", []string{"score", path}, 2, "--by: want one of vllm, sglang, guidellm, aiperf, mlperf, lmbench, got"},
		{"no form", []string{"export", path}, 2, "want one of --jsonl and --parquet"},
		{"Parquet to a terminal", []string{"export", "--parquet", path}, 2, "--output FILE"},
		{"two logs", []string{"score", "--by", "vllm", path, path}, 2, "want one event log, got 2"},
		{"no such file", []string{"score", "--by", "vllm", "none.events"}, 1, "none.events"},
		{"no log", []string{"score", "--by", "vllm", "help.txt"}, 1, "not an event log"},
		{"an unknown flag", []string{"score", "--of", "x"}, 2, "unknown flag --of"},
		{"a log that was cut off is scored with a warning", []string{"score", "--by", "vllm", cut}, 0, "warning: "},
		{"and exported", []string{"export", "--jsonl", cut}, 0, "warning: "},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			stdout, stderr, exit := runCommand(test.args...)
			if exit != test.exit || !strings.Contains(stdout+stderr, test.said) {
				t.Errorf("exit %d, want %d, and a word of %q in\n%s%s", exit, test.exit, test.said, stdout, stderr)
			}
			if exit == 0 && stdout == "" {
				t.Error("nothing was written")
			}
		})
	}
}
