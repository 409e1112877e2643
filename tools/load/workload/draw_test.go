package workload

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestDrawNeverFailsASweep(t *testing.T) {
	tests := []struct {
		why   string
		there bool
		err   error
		said  string
	}{
		{"a report that is not installed is a note", false, nil, "note: no report: "},
		{"one that fails is a note", true, errors.New("exit status 1"), "note: no report: exit status 1\n"},
		{"one that is made says so itself", true, nil, ""},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			root := t.TempDir()
			if program := filepath.Join(root, "tools/report/report"); test.there {
				if err := errors.Join(os.MkdirAll(filepath.Dir(program), 0o755), os.WriteFile(program, nil, 0o755)); err != nil {
					t.Fatal(err)
				}
			}
			var said strings.Builder
			world := World{Root: root, Stderr: &said, Exec: func(ctx context.Context, c Command) error {
				if _, bound := ctx.Deadline(); !bound {
					t.Error("the report may take for ever")
				}
				if want := []string{"4-latest-results/suite"}; !slices.Equal(c.Args, want) || c.Dir != root {
					t.Errorf("%v in %s, want %v in %s", c.Args, c.Dir, want, root)
				}
				return test.err
			}}
			(&sweep{w: Workload{Common: &Common{Name: "suite"}}, world: world, interrupt: &interrupt{waiting: t.Context()}}).draw()
			if got := said.String(); !strings.HasPrefix(got, test.said) || test.said == "" && got != "" {
				t.Errorf("said %q, want %q", got, test.said)
			}
		})
	}
}
