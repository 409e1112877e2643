package runner

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/load/console"
	"github.com/LMCache/LMBench/tools/load/workload"
)

func TestReportNeverFailsASweep(t *testing.T) {
	tests := []struct {
		why       string
		installed bool
		err       error
		printed   string
	}{
		{"a missing report program is a note", false, nil, "note: no report: "},
		{"a failing one is a note", true, errors.New("exit status 1"), "note: no report: exit status 1\n"},
		{"a report that succeeds prints its own line", true, nil, ""},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			root := t.TempDir()
			if program := filepath.Join(root, "tools/report/report"); test.installed {
				if err := errors.Join(os.MkdirAll(filepath.Dir(program), 0o755), os.WriteFile(program, nil, 0o755)); err != nil {
					t.Fatal(err)
				}
			}
			var printed strings.Builder
			run := func(ctx context.Context, c Program) error {
				if _, bound := ctx.Deadline(); !bound {
					t.Error("the report has no time limit")
				}
				if want := []string{"4-latest-results/suite"}; !slices.Equal(c.Args, want) || c.Dir != root {
					t.Errorf("%v in %s, want %v in %s", c.Args, c.Dir, want, root)
				}
				return test.err
			}
			newSweep(t, root, &printed, workload.Common{Name: "suite"}, run).renderReport()
			if got := printed.String(); !strings.HasPrefix(got, test.printed) || test.printed == "" && got != "" {
				t.Errorf("printed %q, want %q", got, test.printed)
			}
		})
	}
}

// newSweep returns a sweep of a workload named synthetic, which runs programs by run.
func newSweep(t *testing.T, root string, stderr io.Writer, common workload.Common, run func(context.Context, Program) error) *sweep {
	none := func(string) string { return "" }
	env := Env{Stderr: stderr, Getenv: none, Run: run}
	return &sweep{root: root, session: &session{
		workload: workload.Workload{Name: "synthetic", Common: &common}, common: &common, env: env,
		interrupt: &interrupt{waiting: t.Context()}, console: console.New(console.Options{Stderr: stderr, Getenv: none}),
	}}
}
