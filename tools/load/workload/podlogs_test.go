package workload

import (
	"context"
	"errors"
	"fmt"
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

// What kubectl and engines say of keys is not kept.
func TestPodLogsKeepNoKeys(t *testing.T) {
	tests := []struct{ why, said, want string }{
		{"a variable", "      HF_TOKEN:  hf_planted\n", "      HF_TOKEN:  xxxxx\n"},
		{"one that a secret holds", "      HF_TOKEN:  <set to the key 'token' in secret 'hf'>  Optional: false\n", "      HF_TOKEN:  <set to the key 'token' in secret 'hf'>  Optional: false\n"},
		{"one that is no secret", "      MAX_TOKEN:  4096\n      MODEL:  m\n", "      MAX_TOKEN:  4096\n      MODEL:  m\n"},
		{"an argument", "      --api-key\n      planted\n      --port\n      8000\n", "      --api-key\n      xxxxx\n      --port\n      8000\n"},
		{"in one word", "      --api-key=sk-planted\n", "      --api-key=xxxxx\n"},
		{"in one line", "vllm serve m --api-key sk-planted --port 1\n", "vllm serve m --api-key xxxxx --port 1\n"},
		{"as engines log it", "args: {'api_key': ['sk-planted'], 'port': 1}\n", "args: {'api_key': ['xxxxx'], 'port': 1}\n"},
		{"none", "args: Namespace(api_key=None, port=1) token: 5\n", "args: Namespace(api_key=None, port=1) token: 5\n"},
		{"the key that is known", "got Bearer sk-known-planted!\n", "got Bearer xxxxx!\n"},
		{"without a line end", "got sk-known-planted", "got xxxxx"},
	}
	for _, test := range tests {
		for _, packet := range []int{1, 7, 1000} {
			var got strings.Builder
			d := &discreet{to: &got, known: []string{"sk-known-planted"}}
			for rest := test.said; rest != ""; {
				n := min(packet, len(rest))
				fmt.Fprint(d, rest[:n])
				rest = rest[n:]
			}
			if err := d.Flush(); err != nil || got.String() != test.want {
				t.Errorf("%s: %q, %v, want %q", test.why, got.String(), err, test.want)
			}
		}
	}
}
