package result

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// now is some afternoon in a zone that is not UTC.
var now = time.Date(2026, 1, 2, 15, 4, 5, 0, time.FixedZone("", 3600))

// root is LMBench's root with the files a result reads.
func root(t *testing.T) string {
	directory := t.TempDir()
	if err := os.CopyFS(directory, os.DirFS("testdata/root")); err != nil {
		t.Fatal(err)
	}
	return directory
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got)\n%s", path, diff)
	}
}

func TestWrite(t *testing.T) {
	suite := []string{"NAME=suite", "KEY=flat_basic", "SERVING_INDEX=0", "SPEC_FILE_PATH=0-bench-specs/suite.yaml", "LMBENCH_SESSION_ID=lmbench-1-ab"}
	tests := []struct {
		golden   string
		why      string
		csv      string
		pairs    []string
		file     string
		err      string
		warnings []string
	}{
		{"plain", "the contract's examples; QPS and None as Python reads them", "contract.csv",
			append(suite, "WORKLOAD=synthetic", "SYSTEM_PROMPT=None", "USE_SHAREGPT=True", "QPS=0.10", "AUTO_UPLOAD=false", "API_URL=http://localhost:3001/upload"),
			"suite/flat_basic_synthetic_0.1_20260102-1504.json", "", nil},
		{"strict", "the throughput is the configured QPS; a key given twice keeps its place", "contract.csv",
			append(suite, "WORKLOAD=strict_synthetic", "QPS=2.00", "IS_STRICT_SYNTHETIC=true", "X=é😀\"\\\x7f", "IS_STRICT_SYNTHETIC=true"),
			"suite/flat_basic_strict_synthetic_2.0_20260102-1504.json", "", nil},
		{"agentic", "QPS is computed, and appended if it was not passed", "contract.csv",
			append(suite, "WORKLOAD=agentic", "NEW_USER_INTERVAL=2", "SERVING_INDEX=1"),
			"suite/flat_basic_agentic_1.28_20260102-1504.json", "", nil},
		{"vllm", "the benchmark's own figures, rates not rounded, those it lacks absent", "vllm.csv",
			append(suite, "WORKLOAD=vllm_random", "BACKEND=vllm", "REQUEST_RATE=2.0"),
			"suite/flat_basic_vllm_random_2.0_20260102-1504.json", "", nil},
		{"vllm_inf", "a plot cannot sort by an infinite rate", "vllm.csv",
			append(suite, "WORKLOAD=vllm_random", "REQUEST_RATE=inf", "SERVING_INDEX=None"),
			"suite/flat_basic_vllm_random_inf_20260102-1504.json", "", nil},
		{"full", "every column, and three failures that no figure includes", "full.csv",
			append(suite, "WORKLOAD=synthetic", "QPS=1", "REQUESTS_PLANNED=7", "OFFERED_RATE=1.25", "SENDING_SECONDS=5", "HF_TOKEN=hf_not_to_be_stored", "API_URL=http://me:not_to_be_stored@localhost/upload"),
			"suite/flat_basic_synthetic_1_20260102-1504.json", "", []string{"HF_TOKEN looks like a secret and is not stored"}},
		{"instant", "one instant has no rates, an answer of one token no TPOT", "instant.csv",
			[]string{"WORKLOAD=synthetic", "QPS=1"},
			"unknown/unknown_synthetic_1_20260102-1504.json", "", []string{
				"1 successful requests lack a ttft, a generation_time, a token count or a time",
				"no tpot_ms: no answer has more than one token",
				"no throughput: all requests lie in a single instant"}},
		{"failures", "without a success there is no result but the reasons", "failures.csv",
			append(suite, "WORKLOAD=synthetic", "QPS=1", "API_KEY=sk-not-to-be-stored"),
			"suite/flat_basic_synthetic_1_20260102-1504_failed.txt", "no request succeeded", []string{"API_KEY looks like a secret and is not stored"}},
		{"columns", "missing columns are named", "columns.csv",
			append(suite, "WORKLOAD=synthetic", "QPS=1"),
			"suite/flat_basic_synthetic_1_20260102-1504_failed.txt", `no column "generation_tokens"`, nil},
		{"missing", "so is a missing file", "missing.csv",
			append(suite, "WORKLOAD=agentic", "--root=x", "word"),
			"suite/flat_basic_agentic_unknown_20260102-1504_failed.txt", "missing.csv: no such file", []string{
				`ignoring "--root=x", which is not KEY=VALUE`, `ignoring "word", which is not KEY=VALUE`}},
	}
	for _, test := range tests {
		t.Run(test.golden, func(t *testing.T) {
			root := root(t)
			report, err := Write(Options{Root: root, CSV: filepath.Join("testdata", test.csv), Pairs: test.pairs, Now: now})
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("%s: error %v, want %q", test.why, err, test.err)
			}
			if want := filepath.Join(root, "4-latest-results", test.file); report.Path != want {
				t.Fatalf("wrote %q, want %q", report.Path, want)
			}
			if diff := cmp.Diff(test.warnings, report.Warnings); diff != "" {
				t.Errorf("warnings (-want +got)\n%s", diff)
			}
			got, err := os.ReadFile(report.Path)
			if err != nil {
				t.Fatal(err)
			}
			if test.err == "" && !json.Valid(got) {
				t.Error("not JSON")
			}
			if bytes.Contains(got, []byte("not_to_be_stored")) || bytes.Contains(got, []byte("not-to-be-stored")) {
				t.Error("a secret is stored")
			}
			golden(t, test.golden, got)
		})
	}
}

func TestNothingIsOverwritten(t *testing.T) {
	root := root(t)
	point := Options{Root: root, CSV: "testdata/contract.csv", Pairs: []string{"NAME=s", "KEY=k", "WORKLOAD=w", "QPS=1"}, Now: now}
	var writers sync.WaitGroup
	for range 5 {
		writers.Go(func() {
			if _, err := Write(point); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	var names []string
	entries, err := os.ReadDir(filepath.Join(root, "4-latest-results", "s"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	want := []string{"k_w_1_20260102-1504-2.json", "k_w_1_20260102-1504-3.json", "k_w_1_20260102-1504-4.json", "k_w_1_20260102-1504-5.json", "k_w_1_20260102-1504.json"}
	if !slices.Equal(names, want) {
		t.Errorf("%v, want %v and no temporary files", names, want)
	}
}

func TestNamesStayInside(t *testing.T) {
	tests := []struct {
		why   string
		pairs []string
		file  string // empty: refused
	}{
		{"a suite named with a slash is a folder in a folder", []string{"NAME=a/b", "KEY=k", "WORKLOAD=w", "QPS=1"}, "a/b/k_w_1_20260102-1504.json"},
		{"a number as a name has Python's text", []string{"NAME=1.10", "KEY=k", "WORKLOAD=w", "QPS=[1,'a']"}, "1.1/k_w_[1, 'a']_20260102-1504.json"},
		{"upwards", []string{"NAME=../x"}, ""},
		{"upwards behind a folder", []string{"NAME=a/../../x"}, ""},
		{"absolute", []string{"NAME=/tmp"}, ""},
		{"a NUL", []string{"NAME=a\x00b"}, ""},
		{"a key with slashes", []string{"NAME=s", "KEY=../../k", "WORKLOAD=a/b", "QPS=x/y"}, "s/.._.._k_a_b_x_y_20260102-1504.json"},
		{"a NUL and a newline in the key", []string{"NAME=s", "KEY=a\x00b\n", "WORKLOAD=w", "QPS=1"}, "s/a_b__w_1_20260102-1504.json"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			root := root(t)
			report, err := Write(Options{Root: root, CSV: "testdata/contract.csv", Pairs: test.pairs, Now: now})
			if test.file == "" {
				if err == nil || !strings.Contains(err.Error(), "NAME=") || report.Path != "" {
					t.Errorf("wrote %q, error %v", report.Path, err)
				}
				if _, err := os.Stat(filepath.Join(root, "4-latest-results")); !errors.Is(err, fs.ErrNotExist) {
					t.Error("something was created")
				}
				return
			}
			if want := filepath.Join(root, "4-latest-results", test.file); err != nil || report.Path != want {
				t.Errorf("wrote %q, want %q, error %v", report.Path, want, err)
			}
		})
	}
}

// TestWithoutFiles is a run outside of LMBench: no files to describe is no fault,
// broken ones are worth a word.
func TestWithoutFiles(t *testing.T) {
	tests := []struct {
		why     string
		bench   string
		pairs   []string
		warning string // part of the only one
	}{
		{"no run-bench.yaml", "", nil, ""},
		{"broken run-bench.yaml", "1-infrastructure: [", nil, "infra is empty: "},
		{"no infrastructure", "a: 1", nil, "infra is empty: no key"},
		{"no spec", "", []string{"SPEC_FILE_PATH=no.yaml"}, "serving is empty: "},
		{"a spec without that baseline", "Serving: []", []string{"SPEC_FILE_PATH=run-bench.yaml", "SERVING_INDEX=3"}, ""},
		{"an index that is not an integer", "1-infrastructure: {}\n", []string{"SPEC_FILE_PATH=run-bench.yaml", "SERVING_INDEX=1.5"}, "SERVING_INDEX=1.5 is not an integer"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			root := t.TempDir()
			if test.bench != "" {
				if err := os.WriteFile(filepath.Join(root, "run-bench.yaml"), []byte(test.bench), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			report, err := Write(Options{Root: root, CSV: "testdata/contract.csv", Pairs: test.pairs, Now: now})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(report.Warnings, "\n"); !strings.Contains(got, test.warning) || test.warning != "" && len(report.Warnings) != 1 {
				t.Errorf("warnings %q, want %q", got, test.warning)
			}
			text, err := os.ReadFile(report.Path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(text, []byte(`"serving": {}`)) {
				t.Errorf("serving is not empty in %s", text)
			}
		})
	}
}
