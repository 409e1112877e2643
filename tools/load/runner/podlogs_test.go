package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/google/go-cmp/cmp"
)

// cluster answers kubectl for two pods, one of which never restarted.
func cluster(_ context.Context, c Program) error {
	switch call := strings.Join(c.Args, " "); call {
	case "get pods -o name":
		fmt.Fprintln(c.Stdout, "pod/router-0\npod/vllm-1")
	case "logs vllm-1 --previous":
		fmt.Fprintln(c.Stderr, "previous terminated container not found")
		return errors.New("exit status 1")
	default:
		fmt.Fprintln(c.Stdout, call)
		fmt.Fprintln(c.Stderr, "and a warning")
	}
	return nil
}

func TestCollectPodLogs(t *testing.T) {
	tests := []struct {
		why     string
		exec    func(context.Context, Program) error
		printed string
		want    map[string]string
	}{
		{"logs, earlier logs and description of each pod", cluster, "pod logs: ", map[string]string{
			"router-0_key_synthetic_1.0.log":          "logs router-0\nand a warning\n",
			"router-0_key_synthetic_1.0_previous.log": "logs router-0 --previous\n",
			"router-0_key_synthetic_1.0_describe.txt": "describe pod router-0\nand a warning\n",
			"vllm-1_key_synthetic_1.0.log":            "logs vllm-1\nand a warning\n",
			"vllm-1_key_synthetic_1.0_describe.txt":   "describe pod vllm-1\nand a warning\n",
		}},
		{"without kubectl", func(context.Context, Program) error { return errors.New("not found") }, "no pods found", map[string]string{}},
		{"without pods", func(context.Context, Program) error { return nil }, "no pods found", map[string]string{}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			var printed strings.Builder
			root := t.TempDir()
			newSweep(t, root, &printed, workload.Common{Key: "key", Name: "suite"}, test.exec).collectPodLogs("1.0")
			got := map[string]string{}
			files, err := filepath.Glob(filepath.Join(root, "4-latest-results/suite/pod-logs/*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				content, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				got[filepath.Base(file)] = string(content)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if !strings.Contains(printed.String(), test.printed) {
				t.Errorf("printed %q, want %q", printed.String(), test.printed)
			}
		})
	}
}

func TestKubectlCallsAreBounded(t *testing.T) {
	run := func(ctx context.Context, c Program) error {
		if _, bound := ctx.Deadline(); !bound {
			t.Errorf("kubectl %v has no time limit", c.Args)
		}
		return cluster(ctx, c)
	}
	newSweep(t, t.TempDir(), io.Discard, workload.Common{Key: "key", Name: "suite"}, run).collectPodLogs("1.0")
}

// Keys that kubectl and engines print are not saved. TestLines of package redact has
// their forms.
func TestPodLogsHaveNoKeys(t *testing.T) {
	root := t.TempDir()
	run := func(_ context.Context, c Program) error {
		if c.Args[0] == "get" {
			fmt.Fprintln(c.Stdout, "pod/pod-1")
		} else {
			fmt.Fprintln(c.Stdout, "an engine with planted-api-key and hf-planted-token")
		}
		return nil
	}
	s := newSweep(t, root, io.Discard, workload.Common{Key: "key", Name: "suite", APIKey: "planted-api-key"}, run)
	s.env.Getenv = func(name string) string { return map[string]string{"HF_TOKEN": "hf-planted-token"}[name] }
	s.collectPodLogs("1.0")
	files := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		if text := string(content); strings.Contains(text, "planted") || !strings.Contains(text, "an engine with xxxxx and xxxxx") {
			t.Errorf("%s: got %q, want it without keys", path, text)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files, error %v, want some", files, err)
	}
}
