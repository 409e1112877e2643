package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

// runCommand runs a command line.
func runCommand(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	err := run(t.Context(), args, command.Streams{Out: &out, Err: &errs})
	code = command.Report("simserver", err, &errs)
	return code, out.String(), errs.String()
}

func TestHelp(t *testing.T) {
	code, stdout, stderr := runCommand(t, "--help")
	if code != 0 || stderr != "" {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	workloadtest.Golden(t, "help.golden", stdout)
}

func TestUsageErrors(t *testing.T) {
	for _, test := range []struct {
		why  string
		args []string
		want string
	}{
		{
			"everything at once",
			[]string{"--itl", "-1s", "--max-batch", "-3", "--jitter", "2"},
			"--itl: -1s is negative\n--jitter: 2 is not between 0 and 1\n--max-batch: -3 is negative\n",
		},
		{
			"an invalid value does not hide another error",
			[]string{"--itl", "50", "--seed", "-1", "--fail-every", "x", "--jitter", "much", "--cache-blocks", "-1"},
			"--itl: want a duration like 50ms or 1.5s, got \"50\"\n--seed: want an integer from 0 on, got \"-1\"\n" +
				"--fail-every: want an integer, got \"x\"\n--jitter: want a number, got \"much\"\n--cache-blocks: -1 is negative\n",
		},
		{"an unknown flag", []string{"--bogus"}, "unknown flag --bogus\n"},
		{"there are no positional arguments", []string{"8000"}, "unexpected argument \"8000\"\n"},
		{"a comma does not separate names, so only one is wrong", []string{"--model", "a,b", "--model", ""}, "--model: the name is empty\n"},
	} {
		var want strings.Builder
		for line := range strings.Lines(test.want + "run simserver --help for usage\n") {
			if !strings.HasPrefix(line, "run ") {
				want.WriteString("simserver: ")
			}
			want.WriteString(line)
		}
		code, stdout, stderr := runCommand(t, test.args...)
		if code != 2 {
			t.Errorf("%s: %q: exit code %d, want 2", test.why, test.args, code)
		}
		if diff := cmp.Diff(want.String(), stderr); diff != "" || stdout != "" {
			t.Errorf("%s: %q: stdout %q, stderr (-want +got):\n%s", test.why, test.args, stdout, diff)
		}
	}
}

func TestFlags(t *testing.T) {
	args := strings.Fields(`--listen :0 --url-file f --model a,b --model c --max-model-len 1 --chat-tokens 2
		--stop-after 3 --base-ttft 4s --prefill-per-1k 5s --itl 6s --max-batch 7 --jitter 0.8 --seed 9 --block-size 10
		--cache-blocks 11 --fail-every 12 --hang-every 13 --cut-every 14 --error-event-every 15 --no-usage-every 16`)
	var read *options
	app := newApp(func(o *options, _ http.Handler) error { read = o; return nil })
	if err := command.Run(t.Context(), app, help, args, command.Streams{Out: io.Discard, Err: io.Discard}); err != nil {
		t.Fatal(err)
	}
	want := &options{listen: ":0", urlFile: "f", engine: simengine.Config{
		Models: []string{"a,b", "c"}, MaxModelLen: 1, ChatTokens: 2, StopAfter: 3,
		BaseTTFT: 4e9, PrefillPer1k: 5e9, ITL: 6e9, MaxBatch: 7, Jitter: 0.8, Seed: 9,
		BlockSize: 10, CacheBlocks: 11,
		Faults: simengine.Faults{FailEvery: 12, HangEvery: 13, CutEvery: 14, ErrorEventEvery: 15, NoUsageEvery: 16},
	}}
	if diff := cmp.Diff(want, read, cmp.AllowUnexported(options{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A line on stdout reports that the server listens. From then on until the end the file
// holds its URL.
func TestServe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(file, []byte("http://stale\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stdout, lines := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		args := []string{"--listen", "127.0.0.1:0", "--url-file", file, "--base-ttft", "0s", "--itl", "0s"}
		err := run(ctx, args, command.Streams{Out: lines, Err: io.Discard})
		lines.Close()
		ended <- err
	}()
	line := make([]byte, 100)
	n, err := stdout.Read(line)
	if err != nil {
		t.Fatalf("%v: %v", err, <-ended)
	}
	url, found := strings.CutPrefix(strings.TrimSpace(string(line[:n])), "serving at ")
	if !found {
		t.Fatalf("first line %q", line[:n])
	}
	response, err := http.Post(url+"/v1/completions", "application/json", strings.NewReader(`{"prompt":"hi"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || !strings.Contains(string(body), `"completion_tokens":16`) {
		t.Errorf("%v: answered %s", err, body)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the URL file is still there: %v", err)
	}
}

func TestURLFile(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "url")
	for _, url := range []string{"http://one", "http://two"} {
		if err := writeURL(file, url); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != url+"\n" {
			t.Errorf("%q, %v, want %q", got, err, url)
		}
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("%d files, %v, want no temporary ones left", len(entries), err)
	}
	err := writeURL(filepath.Join(folder, "missing", "url"), "http://one")
	if err == nil || !strings.HasPrefix(err.Error(), "--url-file: ") {
		t.Errorf("%v, want an error which names the flag", err)
	}
}

func TestListenError(t *testing.T) {
	code, _, stderr := runCommand(t, "--listen", "127.0.0.1:99999")
	if code != 1 || !strings.HasPrefix(stderr, "simserver: --listen: ") {
		t.Errorf("exit code %d with %q, want 1 and the flag's name", code, stderr)
	}
}
