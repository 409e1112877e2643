package install

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/results/spec"
)

const repository = "../.."

// allKeys is a small spec with every key, for scripts that measure for 0.4 s.
const allKeys = `
Name: SUITE
Serving:
  - Flat:
      configSelection: basic-vllm/run-llama8B.sh
      modelURL: simulated-model
      hf_token: <YOUR_HF_TOKEN>
      apiType: chat
Workload:
  StrictSynthetic:
    NUM_CONCURRENT_USERS: 2
    NUM_ROUNDS_PER_USER: 2
    SHARED_SYSTEM_PROMPT_LEN: 10
    FIRST_PROMPT_LEN: 20
    FOLLOW_UP_PROMPTS_LEN: 5
    ANSWER_LEN: 4
    KV_REUSE_RATIO: 0.5
    TIME_BETWEEN_REQUESTS_PER_USER: [0.12]
  LMCacheSynthetic:
    - {NUM_USERS_WARMUP: 0, NUM_USERS: 3, NUM_ROUNDS: 4, SYSTEM_PROMPT: 10, CHAT_HISTORY: 20, ANSWER_LEN: 4, QPS: [20, 10.50]}
  Agentic:
    - {NUM_USERS_WARMUP: 0, NUM_AGENTS: 2, NUM_ROUNDS: 2, SYSTEM_PROMPT: 10, CHAT_HISTORY: 20, ANSWER_LEN: 4, NEW_USER_INTERVALS: [0.1]}
  Random:
    - {NUM_USERS: 3, NUM_ROUNDS: 3, PROMPT_LEN: 10, ANSWER_LEN: 4, QPS: [20.0]}
  ShareGPT:
    - {LIMIT: 12, MIN_ROUNDS: 4, START_ROUND: 2, QPS: [60]}
  TraceReplayer:
    - {TRACE_FILE: traces/example.jsonl, DURATION: 2, PRESERVE_TIMING: true, SPEED_UP: 8}
    - {TRACE_FILE: traces/example.jsonl, START_TIME: 1, DURATION: 2, QPS: [30.0]}
  VLLMBenchmark:
    - {BACKEND: BACKEND_NAME, DATASET_NAME: random, NUM_PROMPTS: 10, REQUEST_RATES: [.inf, 50.0], RANDOM_INPUT_LEN: 20, MAX_TOKENS: 4, SEED: 7, IGNORE_EOS: true}
`

// TestRunBench runs what run-bench.py runs in a checkout after an install: a spec with
// all keys, in the third stage and for a baseline.
func TestRunBench(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles every command")
	}
	f := newFolders(t)
	f.build()
	f.run(true, "install", f.theirs)
	engine, err := simengine.New(simengine.Config{Models: []string{"simulated-model"}, BaseTTFT: 2 * time.Millisecond, ITL: time.Millisecond, CacheBlocks: 1 << 16})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(engine)
	defer server.Close()

	stage3 := baseline{model: "simulated-model", url: server.URL, key: "my_key", index: "None", session: "lmbench-1-00000000", api: "completions"}
	f.bench(stage3.of("stage3"), "vllm")
	f.check(stage3.of("stage3"), "vllm")

	flat := baseline{model: "simulated-model", url: server.URL, key: "flat_basic_vllm_run_llama8B", index: "0", session: "lmbench-2-00000000", api: "chat"}
	f.bench(flat.of("baseline"), "openai-chat", "LMBENCH_API_TYPE=chat") // it reaches the keys for which run-bench.py passes no API type
	f.check(flat.of("baseline"), "openai-chat")

	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	f.fail(baseline{model: "simulated-model", url: down.URL, key: "down", index: "None", session: "lmbench-3-00000000", api: "completions"}.of("down"))

	f.run(true, "uninstall", f.theirs)
	for _, call := range dispatch(stage3, f.workloadsOf("stage3", "vllm")) {
		if got := f.read(call.path); got != theirScript {
			t.Errorf("%s is %q after uninstall", call.path, got)
		}
	}
}

// of returns the baseline for the suite of that name.
func (b baseline) of(suite string) baseline {
	b.name, b.spec = suite, "0-bench-specs/"+suite+".yaml"
	return b
}

const theirScript = "#!/bin/bash\nexit 1\n"

// compile builds commands and returns their folder. They have the race detector if this
// test has it, so that the build cache already holds their packages.
func compile(t *testing.T, packages ...string) string {
	t.Helper()
	bin := t.TempDir()
	args := []string{"build", "-ldflags=-s -w", "-o", bin}
	if built, ok := debug.ReadBuildInfo(); ok && slices.Contains(built.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		args = append(args, "-race")
	}
	for _, name := range packages {
		args = append(args, "./"+name)
	}
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Dir, command.Env = repository, append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly")
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go %v: %v\n%s", args, err, said)
	}
	return bin
}

// build fills ours with what an install needs of the built repository, and theirs with
// all scripts of a checkout.
func (f *folders) build() {
	f.t.Helper()
	scripts := f.scripts()
	packages := []string{"tools/summarize"}
	for _, script := range scripts {
		packages = append(packages, filepath.Dir(script))
	}
	bin := compile(f.t, packages...)
	for _, dir := range append(scripts, "tools/summarize/summarize") {
		name := filepath.Base(filepath.Dir(dir))
		f.move(filepath.Join(bin, name), filepath.Join(f.ours, filepath.Dir(dir), name))
	}
	for _, name := range append(scripts, "3-workloads/trace-replayer/traces/example.jsonl", "3-workloads/sharegpt/demo-sharegpt.json") {
		content, err := os.ReadFile(filepath.Join(repository, name))
		if err != nil {
			f.t.Fatal(err)
		}
		f.write(f.ours, name, string(content), 0o755)
	}
	for _, name := range scripts {
		f.write(f.theirs, name, theirScript, 0o644)
	}
	f.write(f.theirs, "run-bench.yaml", "0-bench-specs: [stage3.yaml]\n1-infrastructure: {Location: Local-Flat}\n", 0o644)
}

// move replaces a test's file by a binary.
func (f *folders) move(from, to string) {
	f.t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.Rename(from, to); err != nil {
		f.t.Fatal(err)
	}
}

// scripts are the scripts of run-bench.py's keys, one per folder.
func (f *folders) scripts() []string {
	f.t.Helper()
	var found []string
	for _, call := range dispatch(baseline{}, f.workloadsOf("", "")) {
		if !slices.Contains(found, call.path) {
			found = append(found, call.path)
		}
	}
	return found
}

// workloadsOf returns the Workload of a suite's spec.
func (f *folders) workloadsOf(suite, backend string) spec.Map {
	f.t.Helper()
	parsed, err := spec.Parse([]byte(strings.NewReplacer("SUITE", suite, "BACKEND_NAME", backend).Replace(allKeys)))
	if err != nil {
		f.t.Fatal(err)
	}
	workloads, _ := parsed.Get("Workload")
	return workloads.(spec.Map)
}

// bench runs a spec, of which every script must succeed.
func (f *folders) bench(b baseline, backend string, env ...string) {
	f.t.Helper()
	f.write(f.theirs, b.spec, strings.NewReplacer("SUITE", b.name, "BACKEND_NAME", backend).Replace(allKeys), 0o644)
	for _, call := range dispatch(b, f.workloadsOf(b.name, backend)) {
		if said, code := f.start(call, env...); code != 0 {
			f.t.Errorf("%s %q: exit code %d\n%s", call.path, call.args, code, said)
		}
	}
}

// fail runs a spec without an engine, and with missing arguments. Every script must
// fail, except the one that needs only the ShareGPT file.
func (f *folders) fail(b baseline) {
	f.t.Helper()
	for _, call := range dispatch(b, f.workloadsOf(b.name, "vllm")) {
		if strings.Contains(call.path, "data_generation") {
			continue
		}
		if said, code := f.start(call); code != 1 {
			f.t.Errorf("%s without an engine: exit code %d\n%s", call.path, code, said)
		}
		call.args = call.args[:5]
		if said, code := f.start(call); code != 1 || !strings.Contains(said, filepath.Base(call.path)) {
			f.t.Errorf("%s with too few arguments: exit code %d\n%s", call.path, code, said)
		}
	}
	if made, _ := filepath.Glob(filepath.Join(f.theirs, "4-latest-results", b.name, "*.json")); len(made) > 0 {
		f.t.Errorf("without an engine there are results: %v", made)
	}
}

// plantedToken must not occur in any file that is written.
const plantedToken = "hf_plantedInThisTest"

// start runs a script as run-bench.py does: executable, by its path, in the checkout's
// root, with run-bench.py's environment.
func (f *folders) start(call script, env ...string) (said string, code int) {
	f.t.Helper()
	path := filepath.Join(f.theirs, call.path)
	if err := os.Chmod(path, 0o755); err != nil {
		f.t.Fatal(err)
	}
	command := exec.CommandContext(f.t.Context(), path, call.args...)
	command.Dir = f.theirs
	command.Env = append(env, "PATH="+f.path(), "HOME="+f.ours, "HF_HUB_OFFLINE=1",
		"HF_TOKEN="+plantedToken, "LMBENCH_AUTO_UPLOAD=false",
		"LMBENCH_TIME=0.4", "LMBENCH_COOLDOWN=0", "LMBENCH_NO_CALIBRATION=true", "LMBENCH_TOKENIZER=approximate",
		"LMBENCH_INPUT="+filepath.Join(f.theirs, "3-workloads/sharegpt/demo-sharegpt.json"))
	out, err := command.CombinedOutput()
	if err != nil && command.ProcessState == nil {
		f.t.Fatal(err)
	}
	if strings.Contains(string(out), plantedToken) {
		f.t.Errorf("%s prints the token\n%s", call.path, out)
	}
	return string(out), command.ProcessState.ExitCode()
}

// path returns the PATH of the scripts. It begins with a kubectl of a cluster without
// pods, so that no real one is called.
func (f *folders) path() string {
	f.write(f.ours, "path/kubectl", "#!/bin/sh\n", 0o755)
	return filepath.Join(f.ours, "path") + ":" + os.Getenv("PATH")
}
