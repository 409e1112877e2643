package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

func fresh() workload.Workload { return new(shareGPT).workload() }

// files returns the flags for the files that prepare_sharegpt_data.sh made of the
// demo with LIMIT 9, MIN_ROUNDS 4 and START_ROUND 2.
func files(more ...string) []string {
	return append([]string{"--sharegpt-file", "testdata/run.json", "--warmup-file", "testdata/warmup.json"}, more...)
}

// sweep returns the arguments of the script, after flags.
func sweep(flags []string, points ...string) []string {
	return append(append(flags, strings.Fields("sim http://engine:30080/ helm_x 9 4 2 suite 0 spec.yaml session-1")...), points...)
}

func TestConforms(t *testing.T) {
	workloadtest.Conform(t, workloadtest.Case{
		New:   fresh,
		Sweep: sweep([]string{"--cooldown", "1", "--sharegpt-file", "testdata/long.json", "--warmup-file", "testdata/warmup.json"}, "2", "1.50"),
		Flags: strings.Fields("--model sim --base-url http://engine:30080/v1 --sharegpt-file testdata/long.json --qps 2"),
	})
}

// sent is one request as the engine received it.
type sent struct {
	User      string `json:"user"`
	MaxTokens int    `json:"max_tokens"`
	Length    int    `json:"length"`
	SHA256    string `json:"sha256"` // first 16 hex digits
	prompt    string
	at        time.Duration
}

// engine records every request and answers with its number.
type engine struct {
	mu    sync.Mutex
	start time.Time
	sent  []sent
	delay func(n int) time.Duration
	fails func(n int) bool
}

func (e *engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Prompt    string
		MaxTokens int `json:"max_tokens"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if strings.HasPrefix(body.Prompt, "User: WARMUP") {
		fmt.Fprint(w, "data: {\"choices\":[{\"text\":\"x\"}]}\n\ndata: [DONE]\n\n")
		return
	}
	sum := sha256.Sum256([]byte(body.Prompt))
	e.mu.Lock()
	if e.start.IsZero() {
		e.start = time.Now()
	}
	e.sent = append(e.sent, sent{r.Header.Get("x-user-id"), body.MaxTokens, len(body.Prompt), hex.EncodeToString(sum[:8]), body.Prompt, time.Since(e.start)})
	n := len(e.sent)
	e.mu.Unlock()
	if e.delay != nil {
		time.Sleep(e.delay(n)) // virtual
	}
	if e.fails != nil && e.fails(n) {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(w, "data: {\"choices\":[{\"text\":\"<%d>\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}\n\ndata: [DONE]\n\n", n)
}

// run runs a single measurement.
func run(t *testing.T, e *engine, flags ...string) workloadtest.Outcome {
	t.Helper()
	args := append(strings.Fields("--model sim --base-url http://engine:30080 --output"), filepath.Join(t.TempDir(), "one.csv"))
	out := workloadtest.Harness{Workload: fresh(), Args: append(args, flags...), Handler: e}.Run(t)
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	return out
}

// The expected requests were recorded from LMBench's script. Where it asked for 0
// tokens, which engines reject, 1 is expected.
func TestPromptsMatchLMBench(t *testing.T) {
	for _, name := range []string{"run", "long"} {
		e := &engine{}
		run(t, e, "--sharegpt-file", "testdata/"+name+".json", "--qps", "20")
		file, err := os.Open("testdata/original-" + name + ".jsonl")
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		i := 0
		for lines := bufio.NewScanner(file); lines.Scan(); i++ {
			var want sent
			if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
				t.Fatal(err)
			}
			want.MaxTokens = max(1, want.MaxTokens)
			if i >= len(e.sent) {
				continue
			}
			got := e.sent[i]
			got.prompt, got.at = "", 0
			if got != want {
				t.Errorf("%s, request %d: %+v, want %+v\n%s", name, i, got, want, e.sent[i].prompt)
			}
		}
		if i != len(e.sent) {
			t.Errorf("%s: %d requests, want %d", name, len(e.sent), i)
		}
	}
}

// Request i is sent i/QPS after the start, however slow the answers are.
func TestOpenLoop(t *testing.T) {
	e := &engine{delay: func(int) time.Duration { return time.Minute }}
	run(t, e, "--sharegpt-file", "testdata/run.json", "--qps", "3")
	for i, s := range e.sent {
		want := time.Duration(math.Round(float64(i) / 3 * 1e9))
		if late := s.at - want; late < -time.Microsecond || late > time.Millisecond {
			t.Errorf("request %d at %v, want %v", i, s.at, want)
		}
	}
}

func TestTimeLimitsTheRequests(t *testing.T) {
	e := &engine{}
	run(t, e, "--sharegpt-file", "testdata/run.json", "--qps", "2", "--time", "3")
	if len(e.sent) != 6 {
		t.Errorf("%d requests, want 6", len(e.sent))
	}
}

// twoConversations writes a run.json of two conversations, with three rounds and one.
func twoConversations(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("run.json", `[
		{"input": "q1\na1\nq2", "output_length": 9, "conversation_id": 0, "round_num": 2},
		{"input": "q1\na1\nq2\na2\nq3", "output_length": 9, "conversation_id": 0, "round_num": 3},
		{"input": "Q1\nA1\nQ2", "output_length": 9, "conversation_id": 1, "round_num": 2},
		{"input": "q1\na1\nq2\na2\nq3\na3\nq4", "output_length": 9, "conversation_id": 0, "round_num": 4}]`)
	write("warmup.json", `[{"input": "q1", "output_length": 7}, {"input": "Q1", "output_length": 8}]`)
	write("turns.json", `[
		{"conversation_id": 0, "turns": [{"from": "system", "value": "s"}, {"from": "human", "value": "q1"}, {"from": "gpt", "value": "a1"}, {"from": "human", "value": "q2"},
			{"from": "gpt", "value": "a2"}, {"from": "human", "value": "q3"}, {"from": "gpt", "value": "a3"}, {"from": "human", "value": "q4"}]},
		{"conversation_id": 1, "turns": [{"from": "human", "value": "Q1"}, {"from": "gpt", "value": "A1"}, {"from": "human", "value": "Q2"}]}]`)
	return folder
}

func TestOrdered(t *testing.T) {
	// The first conversation has slow answers; the second overtakes it.
	e := &engine{delay: func(n int) time.Duration {
		return map[int]time.Duration{1: 10 * time.Second, 2: 100 * time.Millisecond}[n]
	}}
	out := run(t, e, "--sharegpt-file", filepath.Join(twoConversations(t), "run.json"), "--qps", "1", "--ordered")
	var got []string
	for _, s := range e.sent {
		got = append(got, fmt.Sprintf("%s@%v", s.User, s.at.Round(10*time.Millisecond)))
	}
	want := []string{"0@0s", "1@2s", "0@10s", "0@10s"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if strings.Contains(out.Stdout, "failed 1") {
		t.Error(out.Stdout)
	}
}

const system = "System: You are a helpful assistant.\n"

func TestDelta(t *testing.T) {
	e := &engine{fails: func(n int) bool { return n == 3 }}
	run(t, e, "--sharegpt-file", filepath.Join(twoConversations(t), "run.json"), "--qps", "1", "--history", "delta")
	want := []string{
		system + "Assistant: s\nUser: q1\nAssistant: a1\nUser: q2\nAssistant: ",
		system + "Assistant: s\nUser: q1\nAssistant: a1\nUser: q2\nAssistant: <1>\nUser: q3\nAssistant: ",
		system + "User: Q1\nAssistant: A1\nUser: Q2\nAssistant: ",
		system + "Assistant: s\nUser: q1\nAssistant: a1\nUser: q2\nAssistant: <1>\nUser: q3\nAssistant: <2>\nUser: q4\nAssistant: ",
	}
	for i, s := range e.sent {
		if diff := cmp.Diff(want[i], s.prompt); diff != "" {
			t.Errorf("request %d (-want +got)\n%s", i, diff)
		}
	}
}

func TestDeltaOmitsAQuestionThatFailed(t *testing.T) {
	e := &engine{fails: func(n int) bool { return n == 2 }}
	run(t, e, "--sharegpt-file", filepath.Join(twoConversations(t), "run.json"), "--qps", "1", "--history", "delta")
	const want = system + "Assistant: s\nUser: q1\nAssistant: a1\nUser: q2\nAssistant: <1>\nUser: q4\nAssistant: "
	if got := e.sent[3].prompt; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The warm-up sends a prefix of what is measured, with both kinds of history.
func TestWarmUp(t *testing.T) {
	folder := twoConversations(t)
	named := []string{"--sharegpt-file", filepath.Join(folder, "run.json"), "--warmup-file", filepath.Join(folder, "warmup.json")}
	for history, want := range map[string][]sent{
		"legacy": {{User: "0", MaxTokens: 7, prompt: system + "User: q1\nAssistant: "}, {User: "1", MaxTokens: 8, prompt: system + "User: Q1\nAssistant: "}},
		"delta":  {{User: "0", MaxTokens: 7, prompt: system + "Assistant: s\nUser: q1\nAssistant: "}, {User: "1", MaxTokens: 8, prompt: system + "User: Q1\nAssistant: "}},
	} {
		e := &engine{}
		out := workloadtest.Harness{Workload: fresh(), Handler: e, Args: sweep(append(named, "--history", history), "10")}.Run(t)
		if out.Err != nil || len(e.sent) != 6 {
			t.Fatalf("%v, %d requests", out.Err, len(e.sent))
		}
		for i, want := range want {
			if got := e.sent[i]; got.User != want.User || got.MaxTokens != want.MaxTokens || got.prompt != want.prompt {
				t.Errorf("%s: %+v, want %+v", history, got, want)
			}
		}
		if rest := e.sent[2].at - e.sent[1].at; rest < 10*time.Second || rest > 10500*time.Millisecond {
			t.Errorf("%v between warm-up and run, want 10 s", rest)
		}
	}
}

func TestEmptyWarmUpFile(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "warmup.json")
	if err := os.WriteFile(empty, []byte("[]"), 0o644); err != nil {
		t.Fatal(err)
	}
	e := &engine{}
	out := workloadtest.Harness{Workload: fresh(), Handler: e, Args: sweep([]string{"--sharegpt-file", "testdata/run.json", "--warmup-file", empty}, "5")}.Run(t)
	if out.Err != nil || out.Requests != len(e.sent)+10 || !strings.Contains(out.Stderr, "no warm-up requests") {
		t.Errorf("%v, %d requests, %d measured\n%s", out.Err, out.Requests, len(e.sent), out.Stderr)
	}
}

func TestStaleDataIsReportedAndRecorded(t *testing.T) {
	tests := []struct {
		why, file, arguments string
		want                 string // "" if nothing is stale
	}{
		{"the same parameters", "testdata/run.json", "sim http://e helm_x 9 4 2 suite 0 s id", ""},
		{"other parameters", "testdata/run.json", "other http://e helm_x 9 5 2 suite 0 s id", "was prepared with MIN_ROUNDS 4, not 5, the tokenizer of sim, not other"},
		{"None means the defaults of prepare_sharegpt_data.sh", "testdata/run.json", "sim http://e helm_x None None None suite 0 s id", "LIMIT 9, not 1000, MIN_ROUNDS 4, not 5, START_ROUND 2, not 3"},
		{"a file without parameters", "testdata/long.json", "sim http://e helm_x 1 1 1 suite 0 s id", ""},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			args := append([]string{"--sharegpt-file", test.file, "--warmup-file", "testdata/warmup.json", "--time", "2"}, strings.Fields(test.arguments)...)
			out := workloadtest.Harness{Workload: fresh(), Handler: &engine{}, Args: append(args, "5")}.Run(t)
			if out.Err != nil {
				t.Fatal(out.Err)
			}
			result := out.Read(t, out.Files(t, "4-latest-results/suite/*.json")[0])
			if stale := strings.Contains(out.Stderr, "STALE DATA"); stale != (test.want != "") || !strings.Contains(out.Stderr, test.want) {
				t.Errorf("stderr\n%s\nwant %q", out.Stderr, test.want)
			}
			if !strings.Contains(result, test.want) || strings.Contains(result, "SHAREGPT_STALE") != (test.want != "") {
				t.Errorf("result\n%s\nwant %q", result, test.want)
			}
		})
	}
}

func TestArguments(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "run.json")
	if err := os.WriteFile(broken, []byte(`[{"input": "a"}, {"output_length": 3}]`), 0o644); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "run.json")
	if err := os.WriteFile(empty, []byte(`[]`), 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		why  string
		args []string
		want []string
	}{
		{"missing files", sweep(nil, "1"), []string{"--sharegpt-file: open ../run.json", "--warmup-file: open ../warmup.json", "run prepare_sharegpt_data.sh first"}},
		{"a request without an input", sweep([]string{"--sharegpt-file", broken, "--warmup-file", "testdata/warmup.json"}, "1"), []string{"request 2 has no input"}},
		{"an empty file", sweep([]string{"--sharegpt-file", empty, "--warmup-file", "testdata/warmup.json"}, "1"), []string{"contains no requests"}},
		{"delta, a request without an input", sweep([]string{"--sharegpt-file", broken, "--history", "delta", "--warmup-file", "testdata/warmup.json"}, "1"), []string{"request 2 has no input"}},
		{"delta without turns.json", sweep([]string{"--sharegpt-file", copied(t, "testdata/long.json"), "--history", "delta", "--warmup-file", "testdata/warmup.json"}, "1"), []string{"turns.json", "run prepare_sharegpt_data.sh first"}},
		{"delta with another file's turns.json", sweep(append(files("--history", "delta"), "--sharegpt-file", "testdata/long.json"), "1"), []string{"testdata/turns.json lacks the turns of request"}},
		{"all errors at once", sweep(files("--max-answer", "0", "--history", "some"), "0"), []string{"--max-answer: want a whole number of at least 1", "--history: want legacy or delta", "QPS (argument 11)"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			out := workloadtest.Harness{Workload: fresh(), Args: test.args}.Run(t)
			if out.Code != 1 || out.Requests > 0 {
				t.Errorf("exit code %d after %d requests, want 1 before any", out.Code, out.Requests)
			}
			for _, want := range test.want {
				if out.Err == nil || !strings.Contains(out.Err.Error(), want) {
					t.Errorf("error\n%v\nwant %q", out.Err, want)
				}
			}
		})
	}
}

// copied copies a file to a new folder and returns its path.
func copied(t *testing.T, name string) string {
	t.Helper()
	from, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.Create(filepath.Join(t.TempDir(), filepath.Base(name)))
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	return to.Name()
}

// The files of a small sweep match golden files.
func TestSweepWritesTheseFiles(t *testing.T) {
	out := workloadtest.Harness{
		Workload: fresh(), Args: sweep(files("--time", "4", "--cooldown", "1"), "1.0", "2.50"),
		Engine: simengine.Config{BaseTTFT: 20 * time.Millisecond, PrefillPer1k: 100 * time.Millisecond, ITL: 5 * time.Millisecond, CacheBlocks: 4096},
	}.Run(t)
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	for _, name := range append(out.Files(t, "4-latest-results/*.csv"), out.Files(t, "4-latest-results/*/*.json")...) {
		workloadtest.Golden(t, strings.TrimPrefix(name, "4-latest-results/"), out.Read(t, name))
	}
	workloadtest.Golden(t, "stderr.txt", strings.ReplaceAll(out.Stderr, out.Root, "ROOT"))
	for row, err := range record.Read(strings.NewReader(out.Read(t, out.Files(t, "4-latest-results/*.csv")[0]))) {
		if err != nil || row.QuestionNumber == 0 {
			t.Errorf("%+v, %v", row, err)
		}
	}
}
