package runner

import (
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/checkout"
	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
)

// asWorkload makes the test binary a workload's command.
const asWorkload = "LMBENCH_TEST_AS_WORKLOAD"

func TestMain(m *testing.M) {
	if os.Getenv(asWorkload) != "" {
		os.Exit(Main(smallWorkload()))
	}
	os.Exit(m.Run())
}

// smallWorkload sends five short prompts at once.
func smallWorkload() workload.Workload {
	var common workload.Common
	var qps float64
	plan := func(control workload.Control) workload.Plan {
		return &workload.OpenLoop{Arrivals: schedule.Times(make([]time.Duration, 5)), Final: control.Final, Item: func(i int, due time.Duration) *workload.Request {
			prompt := []chat.Message{{Role: chat.User, Content: chat.Text{"Hello."}}}
			return &workload.Request{User: i + 1, Question: 1, Answer: 1, Due: due, Payload: common.Request(prompt, strconv.Itoa(i+1), 3)}
		}}
	}
	return workload.Workload{
		Name: "small", Script: "run_small.sh", About: "small: five prompts.", Common: &common, Layout: record.Conversation(),
		Positional: []string{"MODEL", "BASE_URL", "KEY", "NAME", "SERVING_INDEX", "SPEC_FILE_PATH", "LMBENCH_SESSION_ID"},
		Point:      params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&qps)}, Points: []string{"1"},
		Stages: func(bool) []workload.Stage { return []workload.Stage{{Name: "measured", Planned: 5, Plan: plan}} },
	}
}

// A binary that is copied to a folder without a checkout shows its help, identifies
// its load and runs once. Only a sweep needs the checkout, and says how to name it.
func TestACopiedBinary(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "small")
	copyTestBinary(t, program)
	engine, err := simengine.New(simengine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(engine)
	defer server.Close()
	flags := " --qps 1 --model sim --no-calibration --base-url " + server.URL
	tests := []struct {
		args string
		code int
		want string // in the output
		file string // that is written
	}{
		{"--help", 0, "small: five prompts.", ""},
		{"--version", 0, command.Version() + "\n", ""},
		{"--fingerprint" + flags, 0, "\n", ""},
		{flags, 0, "requests: summary.csv", "summary.csv"},
		{"sim " + server.URL + " key suite 0 spec.yaml session 1", 1, checkout.Variable, ""},
	}
	for _, test := range tests {
		cmd := exec.CommandContext(t.Context(), program, strings.Fields(test.args)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), asWorkload+"=1", checkout.Variable+"=")
		output, err := cmd.CombinedOutput()
		code := 0
		if exit, failed := errors.AsType[*exec.ExitError](err); failed {
			code = exit.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		if code != test.code || !strings.Contains(string(output), test.want) {
			t.Errorf("small %s: exit code %d, want %d with %q in the output:\n%s", test.args, code, test.code, test.want, output)
		}
		if test.file != "" {
			if _, err := os.Stat(filepath.Join(dir, test.file)); err != nil {
				t.Errorf("small %s: %v", test.args, err)
			}
		}
	}
}

// copyTestBinary copies the running test binary.
func copyTestBinary(t *testing.T, to string) {
	t.Helper()
	from, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
