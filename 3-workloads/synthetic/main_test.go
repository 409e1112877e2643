package main

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

func fresh() workload.Workload { return new(synthetic).workload() }

// positional returns the script's arguments up to the points. Changes are pairs of
// a name and a value.
func positional(changes ...string) []string {
	args := strings.Fields("sim http://engine:30080/ helm_x 4 4 3 5 30 8 False suite 0 spec.yaml session-1 completions")
	for i := 0; i < len(changes); i += 2 {
		for j, name := range fresh().Positional {
			if name == changes[i] {
				args[j] = changes[i+1]
			}
		}
	}
	return args
}

func TestConforms(t *testing.T) {
	workloadtest.Conform(t, workloadtest.Case{
		New:   fresh,
		Sweep: append([]string{"--time", "20"}, append(positional(), "2", "4.50")...),
		Flags: strings.Fields("--model sim --base-url http://engine:30080/v1 --num-users 4 --num-rounds 3 --shared-system-prompt 5 --user-history-prompt 30 --answer-len 8 --qps 2 --time 20"),
	})
}

func TestChat(t *testing.T) {
	out := workloadtest.Harness{
		Workload: fresh(), Args: append([]string{"--time", "5"}, append(positional("API_TYPE", "chat", "SERVING_INDEX", "0"), "2")...),
	}.Run(t)
	if out.Err != nil || !strings.Contains(out.Read(t, out.Files(t, "4-latest-results/suite/*.json")[0]), `"API_TYPE": "chat"`) {
		t.Errorf("%v\n%s", out.Err, out.Stderr)
	}
}

// run-bench.py's third stage passes no API type, so the variable chooses one.
func TestAPITypeFromEnvironment(t *testing.T) {
	for index, chat := range map[string]bool{"None": true, "0": false} {
		var chats atomic.Int64
		harness := workloadtest.Harness{
			Workload: fresh(), Args: append([]string{"--time", "5"}, append(positional("SERVING_INDEX", index), "2")...),
			Env: map[string]string{"LMBENCH_API_TYPE": "chat"},
			Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/v1/chat/completions" {
					chats.Add(1)
				}
				http.Error(w, "no answer is needed", http.StatusTeapot)
			}),
		}
		harness.Run(t)
		if got := chats.Load() > 0; got != chat {
			t.Errorf("SERVING_INDEX %s: chat API used: %v, want %v", index, got, chat)
		}
	}
}

// The engine answers at once, so the number of requests depends only on the flags.
func TestSweepSendsItsRate(t *testing.T) {
	for flag, want := range map[string]float64{"--exact-rate=false": 60 * 5 * 3. / 2, "--exact-rate": 60 * 5} {
		out := workloadtest.Harness{Workload: fresh(), Args: append([]string{"--time", "60", flag}, append(positional("NUM_USERS_WARMUP", "0"), "5")...)}.Run(t)
		const warmUp = 10
		if got := float64(out.Requests - warmUp); out.Err != nil || math.Abs(got/want-1) > 0.01 {
			t.Errorf("%s: %v requests in a minute, want %v: %v", flag, got, want, out.Err)
		}
	}
}

func TestPointsShareNoUserIDs(t *testing.T) {
	out := workloadtest.Harness{
		Workload: fresh(), Args: append([]string{"--time", "20"}, append(positional(), "8", "1", "2")...),
		Engine: simengine.Config{BaseTTFT: 20 * time.Millisecond},
	}.Run(t)
	point := map[string]string{} // of each user
	files := out.Files(t, "4-latest-results/*.csv")
	if len(files) != 3 {
		t.Fatalf("files %v, want three", files)
	}
	for _, file := range files {
		for row, err := range record.Read(strings.NewReader(out.Read(t, file))) {
			if err != nil {
				t.Fatal(err)
			}
			user := strconv.Itoa(row.UserID)
			if at, used := point[user]; used && at != file {
				t.Errorf("user %s is in %s and in %s", user, at, file)
			}
			point[user] = file
		}
	}
	if point["2"] == "" {
		t.Errorf("users %v, want the first to be 2, one after --init-user-id", point)
	}
}

// This test compares all output of a small sweep with golden files.
func TestSweepOutput(t *testing.T) {
	out := workloadtest.Harness{
		Workload: fresh(), Args: append([]string{"--time", "5", "--cooldown", "1"}, append(positional("NUM_USERS", "5"), "1.0", "2.50")...),
		Engine: simengine.Config{BaseTTFT: 20 * time.Millisecond, PrefillPer1k: 100 * time.Millisecond, ITL: 5 * time.Millisecond, CacheBlocks: 4096},
	}.Run(t)
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	for _, name := range append(out.Files(t, "4-latest-results/*.csv"), out.Files(t, "4-latest-results/*/*.json")...) {
		workloadtest.Golden(t, strings.TrimPrefix(name, "4-latest-results/"), out.Read(t, name))
	}
	workloadtest.Golden(t, "stdout.txt", out.Stdout)
	workloadtest.Golden(t, "stderr.txt", strings.ReplaceAll(out.Stderr, out.Root, "ROOT"))
}

func TestArguments(t *testing.T) {
	tests := []struct {
		why  string
		args []string
		env  map[string]string
		code int
		want []string
	}{
		{"None instead of a number is reported with the argument's name", append(positional("NUM_USERS", "None", "CHAT_HISTORY", "None"), "1"), nil, 1,
			[]string{`NUM_USERS (argument 5): want a whole number of at least 1, got "None"`, `CHAT_HISTORY (argument 8): want a whole number of at least 0, got "None"`}},
		{"a fraction instead of a whole number", append(positional("NUM_ROUNDS", "2.5"), "1"), nil, 1, []string{`NUM_ROUNDS (argument 6)`}},
		{"no users", append(positional("NUM_USERS", "0"), "1"), nil, 1, []string{`NUM_USERS (argument 5)`}},
		{"every QPS is checked before the first point runs", append(positional(), "1", "0", "inf", "fast"), nil, 1,
			[]string{`QPS (argument 17): want a number above 0, got "0"`, `QPS (argument 18)`, `QPS (argument 19)`}},
		{"a flag after the positional arguments would be ignored", append(positional(), "1", "--time", "5"), nil, 1, []string{"argument 17: the flag --time must come before"}},
		{"an unknown flag before the positional arguments", append([]string{"--bogus"}, append(positional(), "1")...), nil, 1, []string{"unknown flag --bogus"}},
		{"an unknown flag in a single run", []string{"--bogus", "5", "--qps", "1"}, nil, 2, []string{"unknown flag --bogus"}},
		{"a value given twice", append([]string{"--num-users", "3"}, append(positional(), "1")...), nil, 1, []string{"--num-users: already given by position as NUM_USERS"}},
		{"a KEY whose files would be outside the results folder", append(positional("KEY", "../x"), "1"), nil, 1, []string{`KEY (argument 3)`}},
		{"variables are checked too, and reported by name", append(positional(), "1"), map[string]string{"LMBENCH_TIME": "long"}, 1, []string{`LMBENCH_TIME: want seconds above 0`}},
		{"an invalid base URL", append(positional("BASE_URL", "localhost:30080"), "1"), nil, 1, []string{"base URL"}},
		{"ShareGPT.json is missing", append(positional("USE_SHAREGPT", "true"), "1"), nil, 1, []string{"USE_SHAREGPT: open", "prepare_synthetic_sharegpt.sh makes it"}},
		{"no conversation is long enough", append([]string{"--sharegpt-file", "testdata/ShareGPT.json"}, append(positional("USE_SHAREGPT", "True", "NUM_ROUNDS", "99"), "1")...), nil, 1, []string{"has more than 2*NUM_ROUNDS = 198 turns"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			workloadtest.Harness{Workload: fresh(), Args: test.args, Env: test.env}.Refused(t, test.code, test.want)
		})
	}
}

// The rate of an interrupted point is computed up to the signal.
func TestRateOfAnInterruptedPoint(t *testing.T) {
	out := workloadtest.Harness{
		Workload: fresh(), Args: append([]string{"--time", "60", "--exact-rate"}, append(positional("NUM_USERS_WARMUP", "0"), "2")...),
		Signals: []time.Duration{20 * time.Second},
	}.Run(t)
	var result struct {
		Results struct {
			Sent     int     `json:"requests_sent"`
			Achieved float64 `json:"achieved_rate_req_per_s"`
		}
	}
	if err := json.Unmarshal([]byte(out.Read(t, out.Files(t, "4-latest-results/suite/*.json")[0])), &result); err != nil {
		t.Fatal(err)
	}
	if r := result.Results; out.Code != 130 || r.Sent < 38 || r.Sent > 40 || math.Abs(r.Achieved-2) > 0.1 {
		t.Errorf("exit code %d, %d requests sent, %v per second; want 130, about 40, 2", out.Code, r.Sent, r.Achieved)
	}
}

// This test compares what is shown on a terminal, during a run and after it.
func TestTerminal(t *testing.T) {
	// With these rates no request is due at a whole second, when the bars are drawn.
	args := append([]string{"--time", "20", "--exact-rate"}, append(positional(), "1.37", "2.71", "8")...)
	harness := workloadtest.Harness{Workload: fresh(), Args: args, Env: map[string]string{"TERM": "xterm"}, TerminalColumns: 72,
		Engine:      simengine.Config{BaseTTFT: 150 * time.Millisecond, ITL: 20 * time.Millisecond, CacheBlocks: 100, Faults: simengine.Faults{FailEvery: 12}},
		Screenshots: []time.Duration{100 * time.Millisecond, 4300 * time.Millisecond, 16300 * time.Millisecond, 30300 * time.Millisecond, 50300 * time.Millisecond},
		Signals:     []time.Duration{57 * time.Second}}
	out := harness.Run(t)
	if faults := out.Terminal.Faults(); faults != nil {
		t.Error(strings.Join(faults, "\n"))
	}
	workloadtest.Golden(t, "terminal.txt", strings.Join(out.Screens, "----\n")+"==== afterwards\n"+out.Terminal.All())

	harness.Env["TERM"] = "dumb"
	if out := harness.Run(t); strings.Contains(out.Terminal.All(), "left in all") || !strings.Contains(out.Terminal.All(), "interrupt") {
		t.Errorf("with TERM=dumb:\n%s", out.Terminal.All())
	}
	harness.Env["TERM"], harness.Args = "xterm", append([]string{"--quiet"}, args...)
	if out := harness.Run(t); strings.Contains(out.Terminal.All(), "QPS") || !strings.Contains(out.Terminal.All(), "interrupt") {
		t.Errorf("with --quiet:\n%s", out.Terminal.All())
	}
}
