package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	demo          = "../demo-sharegpt.json"
	tokenizerFile = "../../../tools/data/tokenizer/testdata/qwen2.json"
)

// outcome is the result of a run.
type outcome struct {
	err            error
	stdout, stderr string
	output, cache  string
}

// execute runs the command in new folders.
func execute(t *testing.T, vars map[string]string, args ...string) outcome {
	t.Helper()
	o := outcome{output: t.TempDir(), cache: t.TempDir()}
	o.again(t, vars, args...)
	return o
}

func (o *outcome) again(t *testing.T, vars map[string]string, args ...string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	getenv := func(name string) string {
		if value, set := vars[name]; set {
			return value
		}
		return map[string]string{"HF_HUB_OFFLINE": "1", "HF_HOME": o.cache}[name]
	}
	o.err = run(t.Context(), args, &env{stdout: &stdout, stderr: &stderr, getenv: getenv, cacheDir: o.cache, outputDir: o.output})
	o.stdout, o.stderr = stdout.String(), stderr.String()
}

func (o *outcome) read(t *testing.T, name string) string {
	t.Helper()
	return read(t, filepath.Join(o.output, name))
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// The files in testdata were written by LMBench's own scripts.
func TestFilesMatchLMBench(t *testing.T) {
	o := execute(t, nil, "-l", "9", "-m", "3", "-s", "3", "--model-url", "a/model", "--tokenizer", tokenizerFile, "--input", demo)
	if o.err != nil {
		t.Fatal(o.err)
	}
	for _, name := range []string{"run.json", "warmup.json"} {
		if diff := cmp.Diff(read(t, "testdata/"+name), o.read(t, name)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	var params map[string]any
	if err := json.Unmarshal([]byte(o.read(t, "run.params.json")), &params); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(o.read(t, "run.json")))
	want := map[string]any{
		"limit": 9., "min_rounds": 3., "start_round": 3., "model": "a/model", "input": "demo-sharegpt.json", "tokenizer": tokenizerFile,
		"approximate_token_counts": false, "conversations": 8., "requests": 8., "warm_up_requests": 8., "run_sha256": hex.EncodeToString(sum[:]),
	}
	if diff := cmp.Diff(want, params); diff != "" {
		t.Errorf("run.params.json (-want +got)\n%s", diff)
	}
	for _, want := range []string{"read 10 conversations, dropped 1 in which one speaker has two turns in a row and 1 with fewer than 3 rounds", "8 requests of 8 conversations; warmup.json: 8 requests"} {
		if !strings.Contains(o.stdout, want) {
			t.Errorf("stdout %q, want %q", o.stdout, want)
		}
	}
}

func TestWholeMatchesLMBench(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ShareGPT.json")
	o := execute(t, nil, "--whole", file, "--model-url", "a/model", "--tokenizer", tokenizerFile, "--input", demo)
	if o.err != nil {
		t.Fatal(o.err)
	}
	if diff := cmp.Diff(read(t, "testdata/ShareGPT.json"), read(t, file)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// LMBench's own script wrote no warm-up for a start round of 2 or less.
func TestWarmUpBeforeEarlyRounds(t *testing.T) {
	tests := []struct {
		start   string
		warmUps int
		note    string
	}{
		{"2", 8, ""},
		{"1", 8, "no round precedes --start_round 1, so round 1 is in warmup.json"},
		{"0", 8, "no round precedes --start_round 0, so round 1 is in warmup.json"},
		{"-3", 8, "no round precedes --start_round -3, so round 1 is in warmup.json"},
	}
	for _, test := range tests {
		o := execute(t, nil, "-l", "9", "-m", "3", "-s", test.start, "--model-url", "m", "--tokenizer", tokenizerFile, "--input", demo)
		var warmUps []map[string]any
		if err := json.Unmarshal([]byte(o.read(t, "warmup.json")), &warmUps); err != nil || o.err != nil {
			t.Fatal(err, o.err)
		}
		if len(warmUps) != test.warmUps || !strings.Contains(o.stderr, test.note) {
			t.Errorf("start round %s: %d warm-ups, %q; want %d, %q", test.start, len(warmUps), o.stderr, test.warmUps, test.note)
		}
		if test.warmUps > 0 && warmUps[1]["input"] != "Write a Python function that reverses the words of a sentence." {
			t.Errorf("start round %s warms up with %q", test.start, warmUps[1]["input"])
		}
	}
}

func TestArguments(t *testing.T) {
	tests := []struct {
		why  string
		args []string
		want []string
	}{
		{"all errors at once", []string{"-l", "ten", "-m", "x", "--start_round", "1.5"}, []string{`--limit: want a whole number, got "ten"`, `--min_rounds`, `--start_round`, `--model-url is missing`}},
		{"a limit of 0", []string{"-l", "0", "--model-url", "m"}, []string{"--limit 0: want at least 1"}},
		{"a start after the last round", []string{"-m", "3", "-s", "4", "--model-url", "m"}, []string{"--start_round 4: conversations end after --min_rounds 3"}},
		{"an unknown flag", []string{"-x"}, []string{"unknown flag --x"}},
		{"an argument", []string{"--model-url", "m", "more"}, []string{`"more": want flags only`}},
		{"a missing file", []string{"--model-url", "m", "--tokenizer", "approximate", "--input", "nowhere.json"}, []string{"--input: open nowhere.json"}},
		{"a missing tokenizer", []string{"--model-url", "m", "--tokenizer", "nowhere.json", "--input", demo}, []string{"tokenizer: open nowhere.json"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			o := execute(t, nil, test.args...)
			for _, want := range test.want {
				if o.err == nil || !strings.Contains(o.err.Error(), want) {
					t.Errorf("error\n%v\nwant %q", o.err, want)
				}
			}
			if left, _ := os.ReadDir(o.output); len(left) > 0 {
				t.Errorf("left %v", left)
			}
		})
	}
}

func TestInvalidFileLeavesEarlierFiles(t *testing.T) {
	tests := []struct{ why, content, want string }{
		{"truncated within a record", `[{"id": "a", "conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "hello"}]}, {"id": "b", "conv`, "record 2: unexpected end of file"},
		{"truncated after a record", `[{"conversations": []}`, "record 2: unexpected end of file"},
		{"invalid JSON", `[{"conversations": []}, {x`, "record 2: invalid character 'x'"},
		{"a record without conversations", `[{"conversations": []}, {"id": "b"}]`, "record 2: no member conversations"},
		{"a turn without a value", `[{"conversations": [{"from": "human"}]}]`, "record 1: turn 1 lacks from or value"},
		{"a value that is not a string", `[{"conversations": [{"from": "human", "value": 7}]}]`, "record 1: turn 1 lacks from or value as a string"},
		{"an object", `{"conversations": []}`, "want a list of conversations"},
		{"an empty file", ``, "want a list of conversations"},
		{"data after the list", `[{"conversations": []}] []`, "unexpected data after record 1"},
		{"an empty list", `[]`, "the file contains no conversations"},
		{"only speakers that do not alternate", `[{"conversations": [{"from": "gpt", "value": ""}, {"from": "gpt", "value": ""}]}]`, "in all 1 of them one speaker has two turns in a row; speakers met: \"gpt\""},
		{"only short conversations", `[{"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": ""}]}]`, "none of 1 conversations has --min_rounds 3 rounds; the longest has 1"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			o := execute(t, nil, "-m", "3", "--model-url", "m", "--tokenizer", "approximate", "--input", demo)
			before := o.read(t, "run.json") + o.read(t, "run.params.json")
			input := filepath.Join(t.TempDir(), "sharegpt.json")
			if err := os.WriteFile(input, []byte(test.content), 0o644); err != nil {
				t.Fatal(err)
			}
			o.again(t, nil, "-m", "3", "--model-url", "m", "--tokenizer", "approximate", "--input", input)
			if o.err == nil || !strings.Contains(o.err.Error(), test.want) || !strings.Contains(o.err.Error(), "sharegpt.json") {
				t.Errorf("error %v, want %q and the file's name", o.err, test.want)
			}
			if after := o.read(t, "run.json") + o.read(t, "run.params.json"); after != before {
				t.Error("run.json or its parameters changed")
			}
			if files, _ := os.ReadDir(o.output); len(files) != 4 {
				t.Errorf("%v, want four files", files)
			}
		})
	}
}

func TestApproximateCountsAreMarked(t *testing.T) {
	o := execute(t, nil, "-m", "3", "--model-url", "m", "--input", demo, "--engine-url", "http://127.0.0.1:1")
	if o.err != nil {
		t.Fatal(o.err)
	}
	if !strings.Contains(o.stdout, "APPROXIMATE") || !strings.Contains(o.stderr, "APPROXIMATE") || !strings.Contains(o.read(t, "run.params.json"), `"approximate_token_counts": true`) {
		t.Errorf("%s\n%s", o.stdout, o.stderr)
	}
}

func TestFlagsFromTheEnvironment(t *testing.T) {
	o := execute(t, map[string]string{"LMBENCH_INPUT": demo, "LMBENCH_TOKENIZER": tokenizerFile}, "-m", "3", "--model-url", "m")
	if o.err != nil || !strings.Contains(o.stdout, "tokens counted by "+tokenizerFile) {
		t.Errorf("%v\n%s", o.err, o.stdout)
	}
}

func TestHelp(t *testing.T) {
	if o := execute(t, nil, "--help"); o.err != nil || !strings.Contains(o.stdout, "--min_rounds, -m N") {
		t.Errorf("%v\n%s", o.err, o.stdout)
	}
}

// dataset serves the demo file as the hub serves the public one: a HEAD response
// announces commit, size and checksum.
type dataset struct {
	content  []byte
	checksum string // announced; "" for that of the content
	cutAfter int    // bytes sent of the next response; 0 for all
	token    string // required
	ranges   []string
}

func (d *dataset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const name = "/datasets/anon8231489123/ShareGPT_Vicuna_unfiltered/resolve/"
	if d.token != "" && r.Header.Get("Authorization") != "Bearer "+d.token {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.URL.Path != name+"main/ShareGPT_V3_unfiltered_cleaned_split.json" && r.URL.Path != name+"c0ffee/ShareGPT_V3_unfiltered_cleaned_split.json" {
		http.NotFound(w, r)
		return
	}
	sum := sha256.Sum256(d.content)
	checksum := d.checksum
	if checksum == "" {
		checksum = hex.EncodeToString(sum[:])
	}
	w.Header().Set("X-Repo-Commit", "c0ffee")
	w.Header().Set("X-Linked-Etag", `"`+checksum+`"`)
	w.Header().Set("X-Linked-Size", fmt.Sprint(len(d.content)))
	if r.Method == http.MethodHead {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusFound)
		return
	}
	d.ranges = append(d.ranges, r.Header.Get("Range"))
	if cut := d.cutAfter; cut > 0 {
		d.cutAfter = 0
		w.Header().Set("Content-Length", fmt.Sprint(len(d.content)))
		w.Write(d.content[:cut])
		return // and the server closes the connection
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(d.content))
}

func serve(t *testing.T, d *dataset) map[string]string {
	t.Helper()
	d.content = []byte(read(t, demo))
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	return map[string]string{"HF_ENDPOINT": server.URL, "HF_HUB_OFFLINE": ""}
}

func TestDownload(t *testing.T) {
	args := []string{"-l", "9", "-m", "3", "--model-url", "m", "--tokenizer", tokenizerFile}
	d := &dataset{cutAfter: 3000}
	vars := serve(t, d)
	o := execute(t, vars, args...)
	if o.err == nil || !strings.Contains(o.err.Error(), fmt.Sprintf("ended after 3000 of %d bytes", len(d.content))) {
		t.Fatalf("error %v, want an interrupted download", o.err)
	}
	if left, _ := os.ReadDir(o.output); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	o.again(t, vars, args...)
	if o.err != nil {
		t.Fatal(o.err)
	}
	if diff := cmp.Diff([]string{"", "bytes=3000-"}, d.ranges); diff != "" {
		t.Errorf("requested ranges (-want +got)\n%s", diff)
	}
	if params := o.read(t, "run.params.json"); !strings.Contains(params, "/resolve/c0ffee/") || !strings.Contains(params, "input_sha256") {
		t.Errorf("the download is not pinned to a commit and checksum: %s", params)
	}
	if diff := cmp.Diff(read(t, "testdata/run.json"), o.read(t, "run.json")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	o.again(t, map[string]string{"HF_ENDPOINT": "http://127.0.0.1:1"}, args...)
	if o.err != nil {
		t.Errorf("second run, without a network: %v", o.err)
	}
	if files, _ := os.ReadDir(o.cache); len(files) != 2 {
		t.Errorf("the cache holds %v, want the file and its checksum", files)
	}
}

func TestDownloadFailures(t *testing.T) {
	tests := []struct {
		why     string
		dataset *dataset
		vars    map[string]string
		want    string
	}{
		{"no network", nil, map[string]string{"HF_ENDPOINT": "http://127.0.0.1:1"}, "cannot download the ShareGPT file"},
		{"a wrong token", &dataset{token: "hf_right"}, map[string]string{"HF_TOKEN": "hf_wrong"}, "rejected HF_TOKEN"},
		{"no token", &dataset{token: "hf_right"}, nil, "set HF_TOKEN, or use --input FILE"},
		{"another content than announced", &dataset{checksum: strings.Repeat("0", 64)}, nil, "checksum mismatch"},
		{"an unknown revision", &dataset{}, map[string]string{"LMBENCH_REVISION": "nosuch"}, "has no ShareGPT file at revision nosuch"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			vars := map[string]string{}
			if test.dataset != nil {
				vars = serve(t, test.dataset)
			}
			for name, value := range test.vars {
				vars[name] = value
			}
			o := execute(t, vars, "--model-url", "m", "--tokenizer", tokenizerFile)
			if o.err == nil || !strings.Contains(o.err.Error(), test.want) {
				t.Fatalf("error %v, want %q", o.err, test.want)
			}
			if strings.Contains(o.err.Error(), "hf_wrong") {
				t.Error("the error contains the token")
			}
			for _, folder := range []string{o.output, o.cache} {
				if left, _ := os.ReadDir(folder); len(left) > 0 {
					t.Errorf("left %v", left)
				}
			}
		})
	}
}
