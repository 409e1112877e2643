package workload

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

	"github.com/google/go-cmp/cmp"
)

// cluster answers kubectl for two pods, of which one never restarted.
func cluster(_ context.Context, c Command) error {
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
		why  string
		exec func(context.Context, Command) error
		said string
		want map[string]string
	}{
		{"of every pod what it logs, logged before its restart, and is", cluster, "pod logs: ", map[string]string{
			"router-0_key_synthetic_1.0.log":          "logs router-0\nand a warning\n",
			"router-0_key_synthetic_1.0_previous.log": "logs router-0 --previous\n",
			"router-0_key_synthetic_1.0_describe.txt": "describe pod router-0\nand a warning\n",
			"vllm-1_key_synthetic_1.0.log":            "logs vllm-1\nand a warning\n",
			"vllm-1_key_synthetic_1.0_describe.txt":   "describe pod vllm-1\nand a warning\n",
		}},
		{"without kubectl nothing is lost", func(context.Context, Command) error { return errors.New("not found") }, "no pods found", map[string]string{}},
		{"without pods too", func(context.Context, Command) error { return nil }, "no pods found", map[string]string{}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			var said strings.Builder
			world := World{Root: t.TempDir(), Stderr: &said, Exec: test.exec, Getenv: func(string) string { return "" }}
			collectPodLogs(t.Context(), world, &Common{Key: "key", Name: "suite"}, "synthetic", "1.0")
			got := map[string]string{}
			files, err := filepath.Glob(filepath.Join(world.Root, "4-latest-results/suite/pod-logs/*"))
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
			if !strings.Contains(said.String(), test.said) {
				t.Errorf("said %q, want %q", said.String(), test.said)
			}
		})
	}
}

func TestKubectlCallsAreBounded(t *testing.T) {
	world := World{Root: t.TempDir(), Stderr: &strings.Builder{}, Getenv: func(string) string { return "" }, Exec: func(ctx context.Context, c Command) error {
		if _, bound := ctx.Deadline(); !bound {
			t.Errorf("kubectl %v may take for ever", c.Args)
		}
		return cluster(ctx, c)
	}}
	collectPodLogs(t.Context(), world, &Common{Key: "key", Name: "suite"}, "synthetic", "1.0")
}

// What kubectl and engines say of keys is not kept. TestLines of package redact has the
// forms.
func TestPodLogsKeepNoKeys(t *testing.T) {
	root := t.TempDir()
	world := World{Root: root, Stderr: io.Discard, Getenv: func(name string) string { return map[string]string{"HF_TOKEN": "hf-planted-token"}[name] },
		Exec: func(_ context.Context, c Command) error {
			if c.Args[0] == "get" {
				fmt.Fprintln(c.Stdout, "pod/pod-1")
			} else {
				fmt.Fprintln(c.Stdout, "an engine with planted-api-key and hf-planted-token")
			}
			return nil
		}}
	collectPodLogs(t.Context(), world, &Common{Key: "key", Name: "suite", APIKey: "planted-api-key"}, "synthetic", "1.0")
	files := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		if text := string(content); strings.Contains(text, "planted") || !strings.Contains(text, "an engine with xxxxx and xxxxx") {
			t.Errorf("%s: %q, want it without keys", path, text)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files, error %v, want some", files, err)
	}
}
