package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

func fresh() workload.Workload { return newReplayer().workload() }

// timedTwice has two points at the trace's times instead of one, because the
// conformance test needs two.
func timedTwice() workload.Workload {
	w := fresh()
	w.SweepPoints = func([]string) []string { return []string{"timed", "again"} }
	w.File = func(point string) string { return "trace_replayer_" + point }
	return w
}

// positional returns the script's arguments up to the points, with some changed.
func positional(changes ...string) []string {
	args := strings.Fields("sim http://engine:30080/ helm_x suite 0 spec.yaml session-1 traces/example.jsonl 0 20 false 1.0 completions None")
	for i := 0; i < len(changes); i += 2 {
		for j, name := range fresh().Positional {
			if name == changes[i] {
				args[j] = changes[i+1]
			}
		}
	}
	return args
}

// fixed are flags that make the prompts independent of clock and engine.
var fixed = []string{"--seed", "7", "--trust-vocabulary"}

func TestConforms(t *testing.T) {
	t.Run("QPS", func(t *testing.T) {
		workloadtest.Conform(t, workloadtest.Case{
			New:   fresh,
			Fixed: fixed,
			Sweep: append(positional(), "2", "3.50"),
			Flags: strings.Fields("--model sim --base-url http://engine:30080/v1 --trace-file traces/example.jsonl --duration 20 --qps 3"),
		})
	})
	t.Run("timed", func(t *testing.T) {
		if testing.Short() {
			t.Skip("conforms as QPS does, for another plan")
		}
		workloadtest.Conform(t, workloadtest.Case{
			New:   timedTwice,
			Fixed: fixed, Fingerprints: "fingerprints-timed.txt",
			Sweep: positional("PRESERVE_TIMING", "true"),
			Flags: strings.Fields("--model sim --base-url http://engine:30080/v1 --trace-file traces/example.jsonl --duration 20 --preserve-timing"),
		})
	})
}

// rows returns the rows of the only CSV.
func rows(t *testing.T, out *workloadtest.Outcome) (rows []record.Row) {
	t.Helper()
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	for row, err := range record.Read(strings.NewReader(out.Read(t, out.Files(t, "4-latest-results/*.csv")[0]))) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

// The files of a small sweep in each timing mode match golden files.
func TestSweepWritesTheseFiles(t *testing.T) {
	for name, args := range map[string][]string{
		"timed": append([]string{"--seed", "1"}, positional("PRESERVE_TIMING", "True", "DURATION", "3", "TIME_SCALE", "0.5", "MAX_DELAY", "0.5", "API_TYPE", "chat")...),
		"qps":   append([]string{"--seed", "1"}, append(positional("DURATION", "2", "START_TIME", "5"), "4.50")...),
	} {
		t.Run(name, func(t *testing.T) {
			out := workloadtest.Harness{
				Workload: fresh(), Args: args,
				Engine: simengine.Config{BaseTTFT: 20 * time.Millisecond, PrefillPer1k: 100 * time.Millisecond, ITL: 5 * time.Millisecond, CacheBlocks: 4096},
			}.Run(t)
			if out.Err != nil {
				t.Fatalf("%v\n%s", out.Err, out.Stderr)
			}
			for _, file := range append(out.Files(t, "4-latest-results/*.csv"), out.Files(t, "4-latest-results/*/*.json")...) {
				workloadtest.Golden(t, strings.TrimPrefix(file, "4-latest-results/"), out.Read(t, file))
			}
			workloadtest.Golden(t, name+"-stderr.txt", strings.ReplaceAll(out.Stderr, out.Root, "ROOT"))
		})
	}
}

// LMBench's script waits for each answer and would send 1.4 requests per second here.
func TestQPSDoesNotWaitForAnswers(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: append(positional("DURATION", "-1"), "5"),
		Engine: simengine.Config{BaseTTFT: 500 * time.Millisecond}}.Run(t)
	got := rows(t, &out)
	if len(got) != 240 {
		t.Fatalf("%d requests, want 240", len(got))
	}
	if rate := float64(len(got)-1) / (got[len(got)-1].LaunchTime - got[0].LaunchTime); rate < 4.995 || rate > 5.005 {
		t.Errorf("%v requests per second, want 5.00", rate)
	}
	if result := out.Read(t, out.Files(t, "4-latest-results/suite/*.json")[0]); !strings.Contains(result, `"offered_rate_req_per_s": 5.0,`) {
		t.Errorf("result without an offered rate of 5\n%s", result)
	}
}

// Requests are sent at the trace's times, equal ones together, and their
// timestamps are those of the run.
func TestTimedRunKeepsTheTimesOfTheTrace(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: append([]string{"--speed-up", "4"}, positional("PRESERVE_TIMING", "true", "START_TIME", "10", "DURATION", "-1")...),
		Engine: simengine.Config{BaseTTFT: 2 * time.Second}}.Run(t)
	got := rows(t, &out)
	first := got[0]
	for _, row := range got {
		want := (row.TraceOffset - first.TraceOffset) / 4
		if off := row.LaunchTime - first.LaunchTime - want; off < -1e-6 || off > 1e-6 {
			t.Errorf("line %d sent %v s after the first, want %v", row.TraceLine, row.LaunchTime-first.LaunchTime, want)
		}
		if row.TTFT == nil || *row.TTFT < 2 {
			t.Errorf("line %d: TTFT %v, want at least 2", row.TraceLine, row.TTFT)
		}
	}
	if first.TraceOffset < 10 || first.LaunchTime < 946684800 {
		t.Errorf("first request: offset %v, launched at %v", first.TraceOffset, first.LaunchTime)
	}
}

func TestPromptsHaveTheLengthsOfTheTrace(t *testing.T) {
	for _, api := range []string{"completions", "chat"} {
		for _, tokenizer := range []bool{true, false} {
			bench := workloadtest.Harness{Workload: fresh(), Args: positional("PRESERVE_TIMING", "true", "API_TYPE", api)}
			if !tokenizer {
				bench.Handler = without(t, "/tokenize")
			}
			out := bench.Run(t)
			for _, row := range rows(t, &out) {
				if row.PromptTokens == nil || int(*row.PromptTokens) != row.RequestedPromptTokens {
					t.Fatalf("%s, tokenizer %v: line %d has %v tokens, want %d\n%s", api, tokenizer, row.TraceLine, *row.PromptTokens, row.RequestedPromptTokens, out.Stderr)
				}
			}
		}
	}
}

// A point finds nothing of another in the cache and has users of its own.
func TestPointsShareNeitherTextsNorUsers(t *testing.T) {
	engine := simengine.Config{CacheBlocks: 1 << 20, BaseTTFT: 10 * time.Millisecond}
	out := workloadtest.Harness{Workload: fresh(), Args: append(positional(), "10", "20"), Engine: engine}.Run(t)
	var cached []float64
	users := map[int]string{}
	for _, file := range out.Files(t, "4-latest-results/*.csv") {
		sum := 0.
		for row, err := range record.Read(strings.NewReader(out.Read(t, file))) {
			if err != nil || row.CachedTokens == nil {
				t.Fatalf("%v, %+v", err, row)
			}
			sum += *row.CachedTokens
			if other, used := users[row.UserID]; used && other != file {
				t.Errorf("user %d is in %s and %s", row.UserID, other, file)
			}
			users[row.UserID] = file
		}
		cached = append(cached, sum)
	}
	if len(cached) != 2 || cached[0] != cached[1] {
		t.Errorf("cached tokens %v, want the same at both points", cached)
	}
}

func TestMaxContextSkipsLongRequests(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: append([]string{"--max-context", "1000"}, positional("PRESERVE_TIMING", "true", "DURATION", "-1")...),
		Engine: simengine.Config{MaxModelLen: 1000}}.Run(t)
	got := rows(t, &out)
	for _, row := range got {
		if row.Error != "" {
			t.Errorf("line %d failed: %s", row.TraceLine, row.Error)
		}
	}
	skipped := 240 - len(got)
	if skipped < 10 || !strings.Contains(out.Stderr, "with more tokens than --max-context") {
		t.Errorf("%d requests skipped\n%s", skipped, out.Stderr)
	}
	if result := out.Read(t, out.Files(t, "4-latest-results/suite/*.json")[0]); !strings.Contains(result, `"requests_left_out": `) {
		t.Errorf("result without requests_left_out\n%s", result)
	}
}

func TestEmptyWindows(t *testing.T) {
	tests := []struct {
		why  string
		args []string
		want string
	}{
		{"after the end", positional("START_TIME", "5000"), "no requests from 5000.0 s to 5020.0 s of the trace: its 240 requests are between 0 s and 65.874 s; change START_TIME or DURATION"},
		{"after the end, to the end", positional("START_TIME", "5000", "DURATION", "-1", "PRESERVE_TIMING", "true"), "no requests from 5000.0 s to its end"},
		{"all requests are too long", append([]string{"--max-context", "5"}, positional()...), "all 99 requests from 0.0 s to 20.0 s of the trace exceed --max-context 5"},
	}
	for _, test := range tests {
		out := workloadtest.Harness{Workload: fresh(), Args: test.args}.Run(t)
		if out.Code != 1 || !strings.Contains(out.Stderr, test.want) {
			t.Errorf("%s: exit code %d, want 1 and %q in\n%s", test.why, out.Code, test.want, out.Stderr)
		}
		files := out.Files(t, "4-latest-results/*.csv")
		if len(files) != 1 || strings.Count(out.Read(t, files[0]), "\n") != 1 {
			t.Errorf("%s: %v, want one CSV with only a header", test.why, files)
		}
		if results := out.Files(t, "4-latest-results/suite/*.json"); len(results) > 0 {
			t.Errorf("%s: unexpected result %v", test.why, results)
		}
		if out.Requests > 0 {
			t.Errorf("%s: %d requests sent", test.why, out.Requests)
		}
	}
}

func TestBadTraces(t *testing.T) {
	folder := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const line = `{"timestamp": 3000, "input_length": 20, "output_length": 2, "hash_ids": [1, 2]}` + "\n"
	good := write("good.jsonl", line+`{"timestamp": 1000, "input_length": 20, "output_length": 2, "hash_ids": [1, 3]}`+"\n{\n")
	tests := []struct {
		why, file string
		code      int
		want      []string
	}{
		{"a missing file: others are listed", "traces/nothing.jsonl", 1, []string{"TRACE_FILE: ./traces/nothing.jsonl does not exist; available traces:", "traces/example.jsonl"}},
		{"a missing file by its absolute path", filepath.Join(folder, "none.jsonl"), 1, []string{folder + "/none.jsonl does not exist", "good.jsonl"}},
		{"a folder", folder, 1, []string{"is a folder: want a trace file"}},
		{"an empty file", write("empty.jsonl", ""), 1, []string{"empty file"}},
		{"another CSV", write("notes.csv", "a,b\n"), 1, []string{"neither a JSON object nor a CSV header"}},
		{"only invalid lines", write("bad.jsonl", "{\n{}\n"), 1, []string{"bad.jsonl: no valid requests; 2 invalid lines, the first: "}},
		{"an unsorted trace with invalid lines is replayed, with warnings", good, 0, []string{"not sorted by time", "skipped 1 invalid lines", "good.jsonl:3: not a JSON object"}},
		{"no hash ids", write("plain.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00,30,3\n2024-05-10 00:00:01,900,4\n"), 0, []string{"the trace has no hash_ids"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			out := workloadtest.Harness{Workload: fresh(), Args: append(positional("TRACE_FILE", test.file), "10")}.Run(t)
			if out.Code != test.code || test.code == 1 && out.Requests > 0 {
				t.Errorf("exit code %d after %d requests, want %d: %v", out.Code, out.Requests, test.code, out.Err)
			}
			printed := out.Stderr
			if out.Err != nil {
				printed += out.Err.Error()
			}
			for _, want := range test.want {
				if !strings.Contains(printed, want) {
					t.Errorf("no %q in\n%s", want, printed)
				}
			}
		})
	}
}

func TestArguments(t *testing.T) {
	tests := []struct {
		why  string
		args []string
		env  map[string]string
		code int
		want []string
	}{
		{"all errors at once", append(positional("START_TIME", "-1", "DURATION", "-2", "PRESERVE_TIMING", "maybe", "TIME_SCALE", "0", "MAX_DELAY", "soon"), "0"), nil, 1,
			[]string{`START_TIME (argument 9): want seconds, 0 or more, got "-1"`, `DURATION (argument 10): want seconds, 0 or more, or -1 for all, got "-2"`,
				`PRESERVE_TIMING (argument 11): want true or false, got "maybe"`, `TIME_SCALE (argument 12): want a number above 0, got "0"`,
				`MAX_DELAY (argument 14): want seconds above 0, or None, got "soon"`, `QPS (argument 15): want a number above 0, got "0"`}},
		{"a negative time scale", append(positional("TIME_SCALE", "-0.5"), "1"), nil, 1, []string{`TIME_SCALE (argument 12): want a number above 0, got "-0.5"`}},
		{"a speed-up of 0", append([]string{"--speed-up", "0"}, append(positional(), "1")...), nil, 1, []string{`--speed-up: want a number above 0, got "0"`}},
		{"environment variables", append(positional(), "1"), map[string]string{"LMBENCH_TIME_UNIT": "h", "LMBENCH_BLOCK_SIZE": "4"}, 1,
			[]string{`LMBENCH_TIME_UNIT: want auto, s, ms, us or ns, got "h"`, `LMBENCH_BLOCK_SIZE: want auto or a number of tokens of at least 8, got "4"`}},
		{"flags", strings.Fields("--model m --base-url http://engine:1 --duration x --prompt-mode new --trace-file traces/example.jsonl"), nil, 2,
			[]string{`--duration: want seconds`, `--prompt-mode: want blocks or legacy, got "new"`}},
		{"a missing trace in a single run", strings.Fields("--model m --base-url http://engine:1"), nil, 2, []string{"TRACE_FILE: ./traces/gmi_trace.jsonl does not exist; available traces:"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			workloadtest.Harness{Workload: fresh(), Args: test.args, Env: test.env}.Refused(t, test.code, test.want)
		})
	}
}

// Without QPS arguments the default of run-bench.py is used; a timed run ignores them.
func TestDefaultPoints(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: positional("DURATION", "2")}.Run(t)
	if files := out.Files(t, "4-latest-results/*.csv"); out.Err != nil || len(files) != 1 || files[0] != "4-latest-results/helm_x_trace_replayer_output_1.0.csv" {
		t.Errorf("%v, %v", out.Err, files)
	}
	out = workloadtest.Harness{Workload: fresh(), Args: append(positional("DURATION", "2", "PRESERVE_TIMING", "true"), "1", "2")}.Run(t)
	if files := out.Files(t, "4-latest-results/*.csv"); out.Err != nil || len(files) != 1 || files[0] != "4-latest-results/helm_x_trace_replayer_timed.csv" {
		t.Errorf("%v, %v", out.Err, files)
	}
}
