package main

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/spec"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

// fresh returns the workload without parameters.
func fresh() workload.Workload { return new(load).workload() }

// args returns the arguments of a sweep: flags, positional arguments, points.
func args(flags string, points ...string) []string {
	line := strings.Fields(flags + " sim http://engine:30080/ helm_x suite 0 spec.yaml session-1")
	return append(line, points...)
}

// Conform runs the checks that every workload must pass, on these command lines.
func TestConforms(t *testing.T) {
	workloadtest.Conform(t, workloadtest.Case{
		New:   fresh,
		Sweep: args("--time 20 --answer-len 8", "2", "4.50"),
		Flags: strings.Fields("--model sim --base-url http://engine:30080/v1 --qps 2 --time 20 --prompt-len 30"),
	})
}

// rows returns the rows of all points' CSVs.
func rows(t *testing.T, out workloadtest.Outcome) []record.Row {
	t.Helper()
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	var all []record.Row
	for _, name := range out.Files(t, "4-latest-results/*.csv") {
		for row, err := range record.Read(strings.NewReader(out.Read(t, name))) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, row)
		}
	}
	return all
}

func TestSendsExactlyQPS(t *testing.T) {
	tests := []struct {
		why string
		qps string
		gap float64 // between requests, in seconds
		n   int     // requests in 60 s
	}{
		{"an integer rate", "2", 0.5, 120},
		{"a rate that is not exact in floating point", "1.1", 1 / 1.1, 66},
		{"less than one request in the whole run", "0.01", 0, 1},
		{"a high rate", "20", 0.05, 1200},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			out := workloadtest.Harness{Workload: fresh(), Args: args("--time 60 --answer-len 2", test.qps)}.Run(t)
			sent := rows(t, out)
			if len(sent) != test.n {
				t.Fatalf("%d requests, want %d", len(sent), test.n)
			}
			first := math.Inf(1)
			for _, row := range sent {
				first = min(first, row.ScheduledTime)
			}
			for _, row := range sent {
				// User ids follow the order of sending; rows follow the order of completion.
				due := first + float64(row.UserID-2)*test.gap
				if math.Abs(row.ScheduledTime-due) > 1e-6 || math.Abs(row.LaunchTime-due) > 1e-3 {
					t.Fatalf("user %d: due %.6f, sent %.6f, want %.6f", row.UserID, row.ScheduledTime, row.LaunchTime, due)
				}
			}
			var result struct {
				Results struct {
					Planned int     `json:"requests_planned"`
					Offered float64 `json:"offered_rate_req_per_s"`
				}
			}
			if err := json.Unmarshal([]byte(out.Read(t, out.Files(t, "4-latest-results/*/*.json")[0])), &result); err != nil {
				t.Fatal(err)
			}
			if result.Results.Planned != test.n || result.Results.Offered == 0 {
				t.Errorf("result has %+v, want %d planned requests and an offered rate", result.Results, test.n)
			}
		})
	}
}

func TestUserIDsAreUnique(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: args("--time 10 --init-user-id 40", "2", "3", "4")}.Run(t)
	users := map[int]bool{}
	for _, row := range rows(t, out) {
		if users[row.UserID] {
			t.Errorf("user %d appears twice", row.UserID)
		}
		users[row.UserID] = true
	}
	if len(users) != 90 || !users[41] || !users[130] {
		t.Errorf("%d users, want ids 41 to 130", len(users))
	}
}

func TestPrompts(t *testing.T) {
	seen := map[string]int{}
	for user := range 1000 {
		prompt := (&load{promptLen: 50}).prompt(user).String()
		if again := (&load{promptLen: 50}).prompt(user).String(); again != prompt {
			t.Fatalf("user %d has two prompts:\n%s\nand\n%s", user, prompt, again)
		}
		if other := (&load{promptLen: 50, seed: 1}).prompt(user).String(); other == prompt {
			t.Errorf("user %d has the same prompt with another seed", user)
		}
		begins, _, _ := strings.Cut(prompt, " ")
		if before, found := seen[begins]; found {
			t.Errorf("the prompts of users %d and %d start with the same word: %s", before, user, prompt)
		}
		seen[begins] = user
	}
}

// The workload runs over both APIs, and every request has the header x-user-id.
func TestAPIs(t *testing.T) {
	tests := []struct {
		why   string
		flags string
		env   string // LMBENCH_API_TYPE
		path  string
	}{
		{"completions by default", "", "", "/v1/completions"},
		{"chat by flag", "--api-type chat", "", "/v1/chat/completions"},
		{"chat by variable, for run-bench.py's third stage, which passes no API type", "", "chat", "/v1/chat/completions"},
		{"the flag takes precedence over the variable", "--api-type completions", "chat", "/v1/completions"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			engine, err := simengine.New(simengine.Config{BaseTTFT: 20 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			var elsewhere, users atomic.Int64
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost && r.URL.Path != test.path {
					elsewhere.Add(1)
				}
				if r.Header.Get("x-user-id") != "" {
					users.Add(1)
				}
				engine.ServeHTTP(w, r)
			})
			harness := workloadtest.Harness{Workload: fresh(), Args: args(test.flags+" --time 10", "1"),
				Env: map[string]string{"LMBENCH_API_TYPE": test.env}, Handler: handler}
			if got := len(rows(t, harness.Run(t))); got != 10 || users.Load() != 10 || elsewhere.Load() != 0 {
				t.Errorf("%d rows, %d requests with a user id, %d to another path than %s; want 10, 10, 0", got, users.Load(), elsewhere.Load(), test.path)
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
		{"all mistakes are reported at once, each under the name that the value was given by", args("--prompt-len 2.5 --answer-len 0", "1"), map[string]string{"LMBENCH_SEED": "None"}, 1,
			[]string{`--prompt-len: want a whole number of at least 0, got "2.5"`, `--answer-len: want a whole number of at least 1, got "0"`, `LMBENCH_SEED: want a whole number`}},
		{"every QPS is checked before the first point runs", args("", "1", "0", "fast"), nil, 1, []string{"QPS (argument 9)", "QPS (argument 10)"}},
		{"a single run exits with 2", strings.Fields("--model sim --base-url http://engine:30080 --qps -1"), nil, 2, []string{`--qps: want a number above 0, got "-1"`}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			workloadtest.Harness{Workload: fresh(), Args: test.args, Env: test.env}.Refused(t, test.code, test.want)
		})
	}
}

func TestResultHasParameters(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: args("--time 5 --prompt-len 7 --seed 3", "1")}.Run(t)
	if len(rows(t, out)) == 0 {
		t.Fatal("no rows")
	}
	result := out.Read(t, out.Files(t, "4-latest-results/suite/*.json")[0])
	for _, want := range []string{`"PROMPT_LEN": 7`, `"ANSWER_LEN": 100`, `"SEED": 3`, `"QPS": 1`, `"API_TYPE": "completions"`} {
		if !strings.Contains(result, want) {
			t.Errorf("result lacks %s:\n%s", want, result)
		}
	}
}

// The template's spec runs. Its keys become flags, as in run-bench.patch.
func TestSpecRuns(t *testing.T) {
	whole, err := spec.Read("../../0-bench-specs/your-workload-spec.yaml")
	if err != nil {
		t.Fatal(err)
	}
	section, _ := whole.Get("Workload")
	entries, _ := section.(spec.Map).Get("YourWorkload")
	for _, entry := range entries.([]any) {
		var flags, points []string
		for _, pair := range entry.(spec.Map) {
			if pair.Key != "QPS" {
				flags = append(flags, fmt.Sprintf("--%s=%v", strings.ReplaceAll(strings.ToLower(pair.Key), "_", "-"), pair.Value))
				continue
			}
			for _, qps := range pair.Value.([]any) {
				points = append(points, fmt.Sprint(qps))
			}
		}
		out := workloadtest.Harness{Workload: fresh(), Args: args(strings.Join(flags, " "), points...)}.Run(t)
		if out.Err != nil || len(points) == 0 {
			t.Errorf("%v at points %v\n%s", out.Err, points, out.Stderr)
		}
	}
}

// Arrivals drawn at random keep the rate, and the plan knows their number.
func TestArrivals(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: args("--time 60 --answer-len 2 --arrivals poisson", "20")}.Run(t)
	sent := rows(t, out)
	intervals := map[float64]bool{}
	for i := 1; i < len(sent); i++ {
		intervals[math.Round(1000*(sent[i].ScheduledTime-sent[i-1].ScheduledTime))] = true
	}
	if len(sent) < 1100 || len(sent) > 1300 || len(intervals) < 100 {
		t.Errorf("%d requests at %d different intervals, want about 1200 at many", len(sent), len(intervals))
	}
	want := fmt.Sprintf(`"requests_planned": %d`, len(sent))
	if result := out.Read(t, out.Files(t, "4-latest-results/suite/*.json")[0]); !strings.Contains(result, want) || !strings.Contains(result, `"ARRIVALS": "poisson"`) {
		t.Errorf("want %s and ARRIVALS in\n%s", want, result)
	}
}
