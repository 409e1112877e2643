package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/engine/simengine"
)

func TestHelp(t *testing.T) {
	golden, err := os.ReadFile("help.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"-h", "--help"} {
		var stdout, stderr strings.Builder
		if code := report(run(t.Context(), []string{flag}, &stdout, &stderr), &stderr); code != 0 {
			t.Errorf("%s: exit code %d: %s", flag, code, &stderr)
		}
		if diff := cmp.Diff(string(golden), stdout.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", flag, diff)
		}
	}
}

// The help text is written by hand: it must name every flag, and the defaults
// it states must be the real ones.
func TestHelpIsTrue(t *testing.T) {
	var args, named []string
	for _, entry := range regexp.MustCompile(`(?m)^  --([a-z0-9-]+).*?(?:\n {26}.*?)?\(([^()]*)\)$`).FindAllStringSubmatch(help, -1) {
		named = append(named, entry[1])
		if entry[2] != "none" {
			args = append(args, "--"+entry[1], entry[2])
		}
	}
	var real []string
	for _, flag := range flags(defaults(), new([]error)) {
		if name := flag.(*cli.GenericFlag).Name; name != "model" { // it has no default to state
			real = append(real, name)
		}
	}
	if diff := cmp.Diff(real, named); diff != "" {
		t.Errorf("flags with a default in the help (-real +help):\n%s", diff)
	}
	read, err := parse(args, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(defaults(), read, cmp.AllowUnexported(options{})); diff != "" {
		t.Errorf("defaults (-real +help):\n%s", diff)
	}
}

func TestUsageErrors(t *testing.T) {
	const hint = "run simserver --help for all flags\n"
	for _, test := range []struct {
		args []string
		want string
		why  string
	}{
		{
			[]string{"--itl", "-1s", "--max-batch", "-3", "--jitter", "2"},
			"--itl: -1s is negative\n--jitter: 2 is not between 0 and 1\n--max-batch: -3 is negative\n",
			"everything at once",
		},
		{
			[]string{"--itl", "50", "--seed", "-1", "--fail-every", "x", "--jitter", "much", "--cache-blocks", "-1"},
			"--itl: \"50\" is not a duration like 50ms or 1.5s\n--seed: \"-1\" is not a whole number from 0 on\n" +
				"--fail-every: \"x\" is not a whole number\n--jitter: \"much\" is not a number\n--cache-blocks: -1 is negative\n",
			"what cannot be read does not hide what can",
		},
		{[]string{"--bogus"}, "flag provided but not defined: -bogus\n", "an unknown flag"},
		{[]string{"8000"}, "unexpected argument \"8000\"\n", "it has no positional arguments"},
		{[]string{"--model", "a,b", "--model", ""}, "--model: the name is empty\n", "a comma does not separate names, so only one is wrong"},
	} {
		var stdout, stderr strings.Builder
		if code := report(run(t.Context(), test.args, &stdout, &stderr), &stderr); code != 2 {
			t.Errorf("%s: %q: exit code %d, want 2", test.why, test.args, code)
		}
		if diff := cmp.Diff(test.want+hint, stderr.String()); diff != "" || stdout.Len() > 0 {
			t.Errorf("%s: %q: stdout %q, stderr (-want +got):\n%s", test.why, test.args, &stdout, diff)
		}
	}
}

func TestParse(t *testing.T) {
	read, err := parse(strings.Fields(`--listen :0 --url-file f --model a,b --model c --max-model-len 1 --chat-tokens 2
		--stop-after 3 --base-ttft 4s --prefill-per-1k 5s --itl 6s --max-batch 7 --jitter 0.8 --seed 9 --block-size 10
		--cache-blocks 11 --fail-every 12 --hang-every 13 --cut-every 14 --error-event-every 15 --no-usage-every 16`), io.Discard)
	if err != nil {
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

// A line on stdout tells when the server is there; the file holds its URL from
// then on, and is gone at the end.
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
		err := run(ctx, args, lines, io.Discard)
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
	var stderr strings.Builder
	err := run(t.Context(), []string{"--listen", "127.0.0.1:99999"}, io.Discard, &stderr)
	if code := report(err, &stderr); code != 1 || !strings.HasPrefix(stderr.String(), "--listen: ") {
		t.Errorf("exit code %d with %q, want 1 and the flag's name", code, &stderr)
	}
}
