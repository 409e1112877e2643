package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

// fresh returns a workload without a cache of downloads and without a network.
func fresh() workload.Workload {
	return newServing(func(name string) string { return map[string]string{"HF_HUB_OFFLINE": "1"}[name] }, io.Discard).workload()
}

// positional returns the twelve arguments of a sweep, followed by flags.
func positional(backend, dataset, path, prompts, rate string, flags ...string) []string {
	return append([]string{"sim", "http://engine:30080/v1", "helm_x", backend, dataset, path, prompts, "suite", "0", "spec.yaml", "session-1", rate,
		"--tokenizer", "approximate"}, flags...)
}

// engine returns a fast engine with a prefix cache.
func engine() simengine.Config {
	return simengine.Config{BaseTTFT: 20 * time.Millisecond, PrefillPer1k: 40 * time.Millisecond, ITL: 5 * time.Millisecond, CacheBlocks: 1 << 16}
}

func run(t *testing.T, b workloadtest.Harness, args []string) workloadtest.Outcome {
	t.Helper()
	b.Workload, b.Args = fresh(), args
	return b.Run(t)
}

func TestConforms(t *testing.T) {
	load := strings.Fields("--seed 7 --burstiness 4 --test-request none --random-input-len 50 --random-output-len 8")
	workloadtest.Conform(t, workloadtest.Case{
		New:    fresh,
		Sweep:  positional("vllm", "random", "", "80", "4.0", load...),
		Flags:  append(strings.Fields("--model sim --base-url http://engine:30080 --backend vllm --dataset-name random --num-prompts 80 --request-rate 4 --tokenizer approximate"), load...),
		Named:  "vllm_random",
		Points: 1, Rows: "4-latest-results/*_requests.csv",
	})
}

func TestSweep(t *testing.T) {
	out := run(t, workloadtest.Harness{Engine: engine()}, positional("vllm", "random", "", "30", "4.0",
		"--temperature", "0.7", "--seed", "7", "--disable-tqdm", "--ignore-eos", "--random-input-len", "200", "--random-output-len", "20", "--random-range-ratio", "0.5",
		"--max-concurrency", "3", "--goodput", "ttft:60", "tpot:8", "e2el:1000", "--percentile-metrics", "ttft,tpot,itl,e2el", "--metric-percentiles", "50,99,99.9", "--metadata", "gpu=none", "tp=1"))
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	workloadtest.Golden(t, "stdout.txt", strings.ReplaceAll(out.Stdout, out.Root, "ROOT"))
	workloadtest.Golden(t, "stderr.txt", out.Stderr)
	for _, pattern := range []string{"4-latest-results/*.*", "4-latest-results/*/*.json"} {
		for _, name := range out.Files(t, pattern) {
			if strings.HasSuffix(name, ".events") {
				continue
			}
			workloadtest.Golden(t, filepath.Base(filepath.Dir(name))+"/"+filepath.Base(name), out.Read(t, name))
		}
	}
	if out.Requests != 31 {
		t.Errorf("%d requests, want 30 and the test request", out.Requests)
	}
}

// Requests that are due after --time count neither as planned nor as missed.
func TestTimeCutsThePlan(t *testing.T) {
	out := run(t, workloadtest.Harness{Engine: engine()}, positional("vllm", "random", "", "400", "20", "--time", "5", "--seed", "7",
		"--random-input-len", "20", "--random-output-len", "8", "--test-request", "none"))
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	var result struct {
		Results struct {
			Planned int `json:"requests_planned"`
			Verdict struct{ Word string }
		}
	}
	if err := json.Unmarshal([]byte(out.Read(t, out.Files(t, "4-latest-results/*/*.json")[0])), &result); err != nil {
		t.Fatal(err)
	}
	if got := result.Results; got.Planned != out.Requests || got.Planned < 64 || got.Planned > 150 || got.Verdict.Word != "VALID" {
		t.Errorf("%+v of %d requests\n%s", got, out.Requests, out.Stdout)
	}
}

// keysOf returns the first column of the CSV of figures.
func keysOf(file string) (keys []string) {
	for line := range strings.Lines(file) {
		key, _, _ := strings.Cut(line, ",")
		keys = append(keys, key)
	}
	return keys[1:]
}

func TestVLLMsKeysComeFirst(t *testing.T) {
	out := run(t, workloadtest.Harness{Engine: engine()}, positional("vllm", "random", "", "3", "inf"))
	want := strings.Fields(`date backend model_id tokenizer_id num_prompts request_rate burstiness max_concurrency duration completed total_input_tokens
		total_output_tokens request_throughput request_goodput: output_throughput total_token_throughput mean_ttft_ms median_ttft_ms std_ttft_ms p99_ttft_ms
		mean_tpot_ms median_tpot_ms std_tpot_ms p99_tpot_ms mean_itl_ms median_itl_ms std_itl_ms p99_itl_ms`)
	csv := out.Read(t, "4-latest-results/helm_x_vllm_benchmark_inf_20000101-0000.csv")
	if diff := cmp.Diff(want, keysOf(csv)[:len(want)]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, line := range []string{"\nrequest_rate,inf\n", "\nmax_concurrency,\n", "\nrequest_goodput:,\n"} {
		if !strings.Contains(csv, line) {
			t.Errorf("want the line %q in\n%s", line, csv)
		}
	}
	var figures map[string]any
	if err := json.Unmarshal([]byte(out.Read(t, "4-latest-results/helm_x_vllm_benchmark_inf_20000101-0000.json")), &figures); err != nil {
		t.Error(err)
	}
	if results := out.Files(t, "4-latest-results/suite/helm_x_vllm_random_inf_*.json"); len(results) != 1 || strings.Contains(out.Read(t, results[0]), `"QPS"`) {
		t.Errorf("results %v: want no QPS for the rate inf, since it must be a number", results)
	}
}

// The event log holds the figures of the CSV, except for the lists of --save-detailed.
func TestTheLogHasTheFigures(t *testing.T) {
	lists := []string{"errors", "generated_texts", "input_lens", "itls", "output_lens", "ttfts"}
	for _, flags := range [][]string{nil, {"--save-detailed", "--metadata", "note=a,b"}} {
		out := run(t, workloadtest.Harness{Engine: engine()}, positional("vllm", "random", "", "400", "40", append(flags, "--test-request", "none", "--random-input-len", "20", "--random-output-len", "8")...))
		logs := out.Files(t, "4-latest-results/*.events")
		if out.Err != nil || len(logs) != 1 {
			t.Fatalf("%v, logs %v\n%s", out.Err, logs, out.Stderr)
		}
		csv := strings.TrimSuffix(logs[0], "_requests.events") + ".csv"
		end := ended(t, filepath.Join(out.Root, logs[0]))
		if end.Of != csv {
			t.Errorf("%v: the result is of %q, want %q", flags, end.Of, csv)
		}
		var want strings.Builder
		for line := range strings.Lines(out.Read(t, csv)) {
			if key, _, _ := strings.Cut(line, ","); len(line) < 4096 || !slices.Contains(lists, key) {
				want.WriteString(line)
			}
		}
		if diff := cmp.Diff(want.String(), end.Metrics); diff != "" {
			t.Errorf("%v (-want +got)\n%s", flags, diff)
		}
		if detailed := strings.Contains(out.Read(t, csv), "\nitls,"); detailed != (flags != nil) || strings.Contains(end.Metrics, "\nitls,") {
			t.Errorf("%v: detailed %v", flags, detailed)
		}
	}
}

// ended returns the End event of a log.
func ended(t *testing.T, path string) eventlog.End {
	t.Helper()
	log := workloadtest.Log(t, path)
	var stand eventlog.State
	for {
		event, err := log.Next()
		if err == io.EOF && stand.Ended != nil {
			return *stand.Ended
		}
		if err != nil {
			t.Fatalf("%v, ended %+v", err, stand.Ended)
		}
		stand.Add(event)
	}
}

func TestSingleRun(t *testing.T) {
	folder := t.TempDir()
	args := []string{"--model", "sim", "--base-url", "http://engine:30080", "--dataset-name", "random", "--num-prompts", "5", "--request-rate", "10", "--tokenizer", "approximate",
		"--random-input-len", "20", "--random-output-len", "4", "--output", folder + "/one.csv", "--save-result", "--save-detailed", "--result-dir", folder, "--result-filename", "one.json"}
	out := run(t, workloadtest.Harness{Engine: engine()}, args)
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	if left := out.Files(t, "4-latest-results"); len(left) > 0 {
		t.Errorf("a single run wrote results: %v", left)
	}
	data, err := os.ReadFile(folder + "/one.json")
	if err != nil {
		t.Fatal(err)
	}
	var figures struct {
		Completed int
		TTFTs     []float64 `json:"ttfts"`
		ITLs      [][]float64
		Texts     []string `json:"generated_texts"`
	}
	if err := json.Unmarshal(data, &figures); err != nil || figures.Completed != 5 || len(figures.TTFTs) != 5 || len(figures.ITLs[4]) != 3 || figures.Texts[0] == "" {
		t.Errorf("%v %+v\n%s", err, figures, data)
	}
	again := run(t, workloadtest.Harness{Down: true}, []string{"--process-summary", folder + "/one.csv"})
	_, printed, _ := strings.Cut(out.Stdout, "with text):\n\n")
	printed, _, _ = strings.Cut(printed, "requests: ")
	if again.Err != nil || !strings.HasPrefix(again.Stdout, printed) {
		t.Errorf("--process-summary: %v\n%s\nwant\n%s", again.Err, again.Stdout, printed)
	}
}

func TestWrongArguments(t *testing.T) {
	tests := []struct {
		why  string
		args []string
		code int
		want []string
	}{
		{"no arguments", nil, 1, []string{"usage: ", "example: ", "MODEL", "DATASET_PATH", "REQUEST_RATE"}},
		{"eleven arguments", positional("vllm", "random", "", "3", "1")[:11], 1, []string{"at least 12", "usage: "}},
		{"flags in place of the rate", append(positional("vllm", "random", "", "3", "1")[:11], "--seed", "1"), 1, []string{"the flag --seed"}},
		{"thirteen arguments", append(positional("vllm", "random", "", "3", "1")[:12], "2.0"), 1, []string{"only flags follow REQUEST_RATE"}},
		{"several wrong values, all reported", positional("vlm", "ranom", "", "none", "fast", "--burstiness", "0", "--goodput", "tttf:1", "--metric-percentiles", "101"), 1,
			[]string{"BACKEND (argument 4): want vllm or", "DATASET_NAME (argument 5)", "NUM_PROMPTS (argument 7)", "REQUEST_RATE (argument 12): want a rate above 0 in requests a second, or inf",
				"--burstiness: want a number above 0", `--goodput: invalid goal "tttf:1": want ttft:MS`, "--metric-percentiles: want percentiles"}},
		{"flags that need each other", positional("tgi", "custom", "", "3", "1", "--top-p", "0.5", "--ramp-up-strategy", "linear", "--custom-output-len", "0", "--endpoint", "v1"), 1,
			[]string{"the backend tgi does not accept sampling parameters", "--ramp-up-start-rps", "DATASET_PATH: custom needs a file", "--custom-output-len", "--endpoint: want a path"}},
		{"an unsupported backend", positional("openai-audio", "random", "", "3", "1"), 1, []string{"openai-audio is not supported"}},
		{"an unknown data set of the hub", positional("vllm", "hf", "x/y", "3", "1"), 1, []string{"philschmid/mt-bench"}},
		{"a missing file", positional("vllm", "sonnet", "no/such.txt", "3", "1"), 1, []string{"no file no/such.txt"}},
		{"an unknown flag", []string{"--nonsense", "1"}, 2, []string{"nonsense"}},
		{"no model", []string{"--base-url", "http://engine"}, 2, []string{"--model is missing"}},
	}
	for _, test := range tests {
		out := run(t, workloadtest.Harness{Down: true}, test.args)
		if out.Code != test.code {
			t.Errorf("%s: exit code %d, want %d", test.why, out.Code, test.code)
		}
		for _, word := range test.want {
			if out.Err == nil || !strings.Contains(out.Err.Error(), word) {
				t.Errorf("%s: want %q in\n%v", test.why, word, out.Err)
			}
		}
	}
}

// run-bench.py's default is sharegpt without a file (D105).
func TestDefaultDataSetOffline(t *testing.T) {
	out := run(t, workloadtest.Harness{Engine: engine()}, positional("vllm", "sharegpt", "", "1000", "1.0"))
	for _, word := range []string{"DATASET_PATH", "--dataset-path", "https://huggingface.co/datasets/anon8231489123/ShareGPT_Vicuna_unfiltered"} {
		if out.Code != 1 || !strings.Contains(out.Stderr, word) {
			t.Errorf("exit code %d, want 1 and %q in\n%s", out.Code, word, out.Stderr)
		}
	}
	if failed := out.Files(t, "4-latest-results/suite/*_failed.txt"); len(failed) != 1 || out.Requests != 0 {
		t.Errorf("failed points %v, %d requests", failed, out.Requests)
	}
}

func TestAFailedPointExitsWith1(t *testing.T) {
	tests := []struct {
		why   string
		bench workloadtest.Harness
		want  string
	}{
		{"no engine listens", workloadtest.Harness{Down: true}, "connection refused"},
		{"the test request is refused", workloadtest.Harness{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no such model", 404) })}, "test request failed"},
		{"every request but the test fails", workloadtest.Harness{Handler: afterFirst(t)}, "none of 3 requests succeeded"},
	}
	for _, test := range tests {
		out := run(t, test.bench, positional("vllm", "random", "", "3", "1"))
		if out.Code != 1 {
			t.Errorf("%s: exit code %d, want 1", test.why, out.Code)
		}
		if failed := out.Files(t, "4-latest-results/suite/*_failed.txt"); len(failed) != 1 {
			t.Errorf("%s: failed points %v", test.why, failed)
		}
		if made := out.Files(t, "4-latest-results/suite/*.json"); len(made) != 0 {
			t.Errorf("%s: results %v", test.why, made)
		}
		if test.want != "none of 3 requests succeeded" && !strings.Contains(out.Stderr, test.want) {
			t.Errorf("%s: want %q in\n%s", test.why, test.want, out.Stderr)
		}
	}
}

// afterFirst answers the first request only.
func afterFirst(t *testing.T) http.Handler {
	healthy, err := simengine.New(engine())
	if err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answered := false
		once.Do(func() { healthy.ServeHTTP(w, r); answered = true })
		if !answered {
			http.Error(w, "gone", http.StatusServiceUnavailable)
		}
	})
}

func TestSignals(t *testing.T) {
	slow := engine()
	slow.BaseTTFT = 3 * time.Second
	one := run(t, workloadtest.Harness{Engine: slow, Signals: []time.Duration{10 * time.Second}}, positional("vllm", "random", "", "100", "2"))
	if one.Code != 130 || one.Elapsed > 16*time.Second {
		t.Errorf("one signal: exit code %d after %v", one.Code, one.Elapsed)
	}
	csv := one.Read(t, "4-latest-results/helm_x_vllm_benchmark_2_20000101-0000_requests.csv")
	if rows := strings.Count(csv, "\n") - 1; rows < 8 || rows > 20 {
		t.Errorf("%d rows after 10 s at 2 requests a second\n%s", rows, one.Stderr)
	}
	if results := one.Files(t, "4-latest-results/suite/*.json"); len(results) != 1 {
		t.Errorf("results %v, want that of the interrupted point", results)
	}
	hung := engine()
	hung.HangEvery = 4
	two := run(t, workloadtest.Harness{Engine: hung, Signals: []time.Duration{9 * time.Second, 10 * time.Second}}, positional("vllm", "random", "", "100", "2"))
	if two.Code != 130 || two.Elapsed > 11*time.Second {
		t.Errorf("two signals: exit code %d after %v", two.Code, two.Elapsed)
	}
}

func TestSecretsStaySecret(t *testing.T) {
	const secret = "sk-planted-secret"
	out := run(t, workloadtest.Harness{Engine: engine()}, positional("vllm", "random", "", "3", "1", "--api-key", secret, "--header", "x-token="+secret))
	all := out.Stdout + out.Stderr
	for _, pattern := range []string{"4-latest-results/*.*", "4-latest-results/*/*.json"} {
		for _, name := range out.Files(t, pattern) {
			if info, err := os.Stat(filepath.Join(out.Root, name)); err == nil && !info.IsDir() {
				all += out.Read(t, name)
			}
		}
	}
	if out.Err != nil || strings.Contains(all, secret) {
		t.Errorf("%v: an output contains a secret", out.Err)
	}
}

func TestFailuresAreCounted(t *testing.T) {
	faulty := engine()
	faulty.FailEvery, faulty.CutEvery, faulty.ErrorEventEvery, faulty.NoUsageEvery = 11, 13, 17, 7
	out := run(t, workloadtest.Harness{Engine: faulty}, positional("vllm", "random", "", "100", "20", "--random-output-len", "8", "--random-input-len", "30"))
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	csv := out.Read(t, "4-latest-results/helm_x_vllm_benchmark_20_20000101-0000.csv")
	if !strings.Contains(csv, "\nfailed,2") || !strings.Contains(out.Stdout, "Failed requests:                         2") {
		t.Errorf("want failed requests to be counted in\n%s", csv)
	}
	requests := out.Read(t, "4-latest-results/helm_x_vllm_benchmark_20_20000101-0000_requests.csv")
	header, _, _ := strings.Cut(requests, "\n")
	if !slices.Equal(strings.Split(header, ","), record.Serving()) || strings.Count(requests, "\n") != 101 {
		t.Errorf("%d lines with the columns %s", strings.Count(requests, "\n"), header)
	}
}
