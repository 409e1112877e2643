package main

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

func fresh() workload.Workload { return new(agentic).workload() }

func positional(model string, more ...string) []string {
	return append(append([]string{model}, strings.Fields("http://engine:30080 helm_x 6 3 5 5 30 8 suite 0 spec.yaml session-1")...), more...)
}

func TestConforms(t *testing.T) {
	workloadtest.Conform(t, workloadtest.Case{
		New:   fresh,
		Sweep: append([]string{"--time", "20"}, positional("sim", "2", "1.50")...),
		Flags: strings.Fields("--model sim --base-url http://engine:30080 --num-agents 3 --num-rounds 5 --shared-system-prompt 5 --user-history-prompt 30 --answer-len 8 --user-request-interval 1 --new-user-interval 2 --time 20"),
	})
}

// promptsFor returns the prompts of a user whose agents give these answers.
func promptsFor(a *agentic, answers ...string) []string {
	a.agents, a.models = 2, []string{"m"}
	c := a.conversation(4, 0)
	var prompts []string
	for k, answer := range answers {
		prompts = append(prompts, c.NextRequest(k+1).Prompt.String())
		c.OnResponse(answer)
	}
	return prompts
}

func TestPrompts(t *testing.T) {
	const first = "User: Hi, here's some system prompt: hi hi.For user 4, here are some other context: user_4 hi." +
		"Here's question #1 from user 4: can you tell me a new long story with a happy ending?\n"
	const second = "Here's question #2 from user 4: can you tell me a new long story with a happy ending?\n"
	const third = "Here's question #3 from user 4: can you tell me a new long story with a happy ending?\n"
	tests := []struct {
		why  string
		a    agentic
		want []string
	}{
		{"an agent sees the previous agent's answer", agentic{systemLen: 2, historyLen: 2}, []string{
			first + "Assistant: ",
			"Assistant (agent0): one\nUser (user): " + second + "Assistant: ",
			"Assistant (agent1): two\nUser (user): " + third + "Assistant: ",
		}},
		{"an agent sees the whole conversation", agentic{systemLen: 2, historyLen: 2, wholeHistory: true}, []string{
			first + "Assistant: ",
			first + "Assistant (agent0): one\nUser (user): " + second + "Assistant: ",
			first + "Assistant (agent0): one\nUser (user): " + second + "Assistant (agent1): two\nUser (user): " + third + "Assistant: ",
		}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			if diff := cmp.Diff(test.want, promptsFor(&test.a, "one", "two", "three")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// rows returns the rows of a run's only CSV.
func rows(t *testing.T, out *workloadtest.Outcome) []record.Row {
	t.Helper()
	files := out.Files(t, "4-latest-results/*.csv")
	if out.Err != nil || len(files) != 1 {
		t.Fatalf("files %v: %v\n%s", files, out.Err, out.Stderr)
	}
	var rows []record.Row
	for row, err := range record.Read(strings.NewReader(out.Read(t, files[0]))) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestAgentsTakeTurns(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: append([]string{"--time", "10"}, positional("a b c", "4")...),
		Engine: simengine.Config{Models: []string{"a", "b", "c"}}}.Run(t)
	for _, row := range rows(t, &out) {
		if row.Agent != (row.QuestionID-1)%3 || row.Error != "" {
			t.Errorf("question %d went to agent %d: %s", row.QuestionID, row.Agent, row.Error)
		}
		if row.QuestionID > 1 && !strings.HasPrefix(row.Input, "Assistant (agent"+strconv.Itoa((row.QuestionID-2)%3)+"): ") || row.Output == "" {
			t.Errorf("question %d: input %q, output %q; want the previous agent's answer and an output", row.QuestionID, row.Input, row.Output)
		}
	}
}

// In a single run, --model takes several names, as in the original.
func TestSeveralModelsByFlag(t *testing.T) {
	csv := filepath.Join(t.TempDir(), "out.csv")
	out := workloadtest.Harness{Workload: fresh(), Args: strings.Fields("--num-agents 3 --model a b c --base-url http://engine --num-rounds 3 --shared-system-prompt 1" +
		" --user-history-prompt 1 --answer-len 2 --user-request-interval 1 --new-user-interval 2 --time 6 --output " + csv),
		Engine: simengine.Config{Models: []string{"a", "b", "c"}}}.Run(t)
	if out.Err != nil || strings.Contains(out.Stdout, "failed 1") {
		t.Errorf("%v\n%s%s", out.Err, out.Stdout, out.Stderr)
	}
}

// A user arrives every two seconds and sends five requests, one per second.
func TestRate(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: append([]string{"--time", "60"}, positional("sim", "2")...)}.Run(t)
	got := rows(t, &out)
	// 30 users arrive. The last two have no time for 1 and 3 of their requests.
	if want := 30*5 - 1 - 3; len(got) != want {
		t.Errorf("%d requests in a minute, want %d", len(got), want)
	}
	steady := 0
	for _, row := range got {
		if since := row.ScheduledTime - got[0].ScheduledTime; since >= 10 && since < 50 {
			steady++
		}
	}
	if want := 40 * 5 / 2.; math.Abs(float64(steady)/want-1) > 0.01 {
		t.Errorf("%d requests in 40 s, want %v", steady, want)
	}
}

func TestUserStopsAfterFailure(t *testing.T) {
	out := workloadtest.Harness{Workload: fresh(), Args: append([]string{"--time", "20"}, positional("sim", "4")...),
		Engine: simengine.Config{Faults: simengine.Faults{FailEvery: 8}}}.Run(t)
	last := map[int]record.Row{}
	afterSuccess := 0 // users whose rows before the failed one are kept
	for _, row := range rows(t, &out) {
		if before, known := last[row.UserID]; known && !before.OK() {
			t.Errorf("user %d sent a request after a failed one", row.UserID)
		}
		if !row.OK() && row.QuestionNumber > 1 {
			afterSuccess++
		}
		last[row.UserID] = row
	}
	if afterSuccess == 0 {
		t.Error("no user failed after a success, so the test checks nothing")
	}
}

func TestMaxUsers(t *testing.T) {
	args := append([]string{"--time", "60", "--max-users", "2"}, positional("sim", "0.5")...)
	out := workloadtest.Harness{Workload: fresh(), Args: args}.Run(t)
	users := map[int]bool{}
	for _, row := range rows(t, &out) {
		users[row.UserID] = true
	}
	if len(users) < 24 || len(users) > 32 { // two at a time, for four seconds each
		t.Errorf("%d users in a minute, want about 30", len(users))
	}
}

func TestTraceFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "trace.jsonl")
	const lines = `{"round2":{"0_input":"c","0_max_tokens":3,"1_input":"d","1_max_tokens":4},"round1":{"0_input":"a","0_max_tokens":1,"1_input":"b","1_max_tokens":2}}
no JSON

{"round1":{"0_input":"e","0_max_tokens":5,"1_input":"f","1_max_tokens":6}}`
	if err := os.WriteFile(file, []byte(lines), 0o644); err != nil {
		t.Fatal(err)
	}
	csv := filepath.Join(t.TempDir(), "out.csv")
	out := workloadtest.Harness{Workload: fresh(), Args: strings.Fields("--model sim --base-url http://engine --num-agents 2 --user-request-interval 1 --new-user-interval 10 --trace-file " + file + " --output " + csv)}.Run(t)
	if out.Err != nil || !strings.Contains(out.Stderr, "trace.jsonl:2 skipped") {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	content, err := os.ReadFile(csv)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for row, err := range record.Read(strings.NewReader(string(content))) {
		if err != nil {
			t.Fatal(err)
		}
		input := strings.TrimSuffix(row.Input, "\nAssistant: ")
		got = append(got, strconv.Itoa(row.UserID)+": "+input[len(input)-1:]+" "+strconv.Itoa(int(*row.GenerationTokens)))
	}
	if want := []string{"1: a 1", "1: b 2", "1: c 3", "1: d 4", "2: e 5", "2: f 6"}; !slices.Equal(got, want) {
		t.Errorf("requests %q, want %q", got, want)
	}
}

func TestArguments(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.jsonl")
	if err := os.WriteFile(bad, []byte(`{"round1":{"0_input":"a","0_max_tokens":1}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	flags := "--model sim --base-url http://engine --new-user-interval 1 --num-agents 2 "
	tests := []struct {
		why  string
		args []string
		code int
		want []string
	}{
		{"a model list of the wrong length", positional("a b", "1"), 1, []string{"MODEL has 2 names for 3 agents"}},
		{"absent keys", strings.Fields("sim http://engine x None None 5 None 30 8 suite 0 spec.yaml session-1 1"), 1,
			[]string{"NUM_AGENTS (argument 5)", "SYSTEM_PROMPT (argument 7)"}},
		{"lengths are required without a trace file", strings.Fields(flags), 2, []string{"--num-rounds is missing", "--answer-len is missing"}},
		{"lengths and a trace file exclude each other", strings.Fields(flags + "--num-rounds 3 --trace-file " + bad), 2, []string{"--num-rounds: cannot be combined with --trace-file"}},
		{"a trace without a request for an agent", strings.Fields(flags + "--trace-file " + bad), 2, []string{"bad.jsonl:1: round1 lacks 1_input"}},
		{"a missing trace file", strings.Fields(flags + "--trace-file nowhere.jsonl"), 2, []string{"--trace-file: open nowhere.jsonl"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			workloadtest.Harness{Workload: fresh(), Args: test.args, Down: true}.Refused(t, test.code, test.want)
		})
	}
}

// The original warms up with two rounds, which reach only two agents.
func TestWarmUpReachesEveryAgent(t *testing.T) {
	a := &agentic{agents: 5, rounds: 2, warmUpUsers: 60, interval: 1, models: []string{"a", "b", "c", "d", "e"}, gap: 1}
	reached := map[string]bool{}
	plan := a.stages(false)[0].Plan(workload.Control{Final: func(request *workload.Request) { reached[request.Payload.Model] = true }})
	for range 20 {
		request := plan.Start()
		request.Ended = request.Due
		plan.Done(request)
	}
	if len(reached) != 5 {
		t.Errorf("the warm-up reached %v, want all five agents", reached)
	}
}
