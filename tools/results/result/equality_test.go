package result

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/data/pyjson"
	"github.com/LMCache/LMBench/tools/results/spec"
)

// original is what LMBench's own summarizer makes of a vector.
type original struct {
	File     string          // below 4-latest-results, without the stamp
	Figures  []json.Number   // of figureKeys; nil: it has no figures. NaN is a missing figure
	Workload json.RawMessage // the block of that name
}

// figureKeys are the keys of results that the original has, in its order.
var figureKeys = append(strings.Fields("successful_requests benchmark_duration_s total_input_tokens total_generated_tokens request_throughput_req_per_s"+
	" output_token_throughput_tok_per_s input_token_throughput_tok_per_s total_token_throughput_tok_per_s"),
	"ttft_ms mean", "ttft_ms median", "ttft_ms p99", "tpot_ms mean", "tpot_ms median", "tpot_ms p99", "itl_ms mean", "itl_ms median", "itl_ms p99")

// TestEqualsTheOriginal sets our results against those of LMBench's own
// summarizer, for every key that it has. testdata/original.txt says how they
// were made.
func TestEqualsTheOriginal(t *testing.T) {
	if testing.Short() {
		t.Skip("summarizes some hundred CSVs")
	}
	all := vectors()
	originals := readOriginals(t)
	if len(originals) != len(all) {
		t.Fatalf("%d results of the original for %d vectors", len(originals), len(all))
	}
	differed := map[string]bool{}
	for i, v := range all {
		t.Run(v.name, func(t *testing.T) {
			for _, key := range v.compare(t, originals[i]) {
				differed[v.kind.name+": "+key] = true
			}
		})
	}
	for _, kind := range kinds() {
		for _, key := range kind.apart {
			if !differed[kind.name+": "+key] {
				t.Errorf("%s: %s never differs, yet is said to: %s", kind.name, key, kind.why)
			}
		}
	}
}

// compare returns the figures in which the two differ.
func (v vector) compare(t *testing.T, theirs original) (differ []string) {
	directory := root(t)
	csv := filepath.Join(directory, "point.csv")
	if err := os.WriteFile(csv, []byte(v.csv), 0o644); err != nil {
		t.Fatal(err)
	}
	report, failure := Write(Options{Root: directory, CSV: csv, Pairs: v.pairs, Now: now})
	if theirs.Figures == nil {
		if !slices.Contains(v.kind.apart, "all") {
			t.Errorf("the original has no figures; ours: %v", failure)
		}
		return []string{"all"}
	}
	if v.kind.refused {
		if failure == nil {
			t.Error("no error")
		}
		return nil
	}
	if failure != nil {
		t.Fatal(failure)
	}
	if got, _, _ := strings.Cut(strings.TrimPrefix(report.Path, directory+"/4-latest-results/"), "_20260102-1504"); got != theirs.File {
		t.Errorf("the file is %s, want %s", got, theirs.File)
	}
	text, err := os.ReadFile(report.Path)
	if err != nil {
		t.Fatal(err)
	}
	ours := parsed(t, text)
	want := parsed(t, theirs.Workload)
	got, _ := ours.Get("workload")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("workload (-original +ours)\n%s", diff)
	}
	results, _ := ours.Get("results")
	for i, key := range figureKeys {
		got, want := figure(results.(spec.Map), key), theirs.Figures[i].String()
		if got != want {
			if slices.Contains(v.kind.apart, key) {
				differ = append(differ, key)
			} else {
				t.Errorf("%s is %s, the original's %s", key, got, want)
			}
		}
	}
	return differ
}

// figure is the text of a number of results; empty if it is absent.
func figure(results spec.Map, key string) string {
	first, second, nested := strings.Cut(key, " ")
	value, _ := results.Get(first)
	if nested {
		block, _ := value.(spec.Map)
		value, _ = block.Get(second)
	}
	switch value := value.(type) {
	case nil:
		return ""
	case float64:
		return pyjson.Float(value)
	default:
		return fmt.Sprint(value)
	}
}

// parsed is JSON with its order; JSON is YAML.
func parsed(t *testing.T, text []byte) spec.Map {
	t.Helper()
	m, err := spec.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func readOriginals(t *testing.T) (all []original) {
	t.Helper()
	file, err := os.Open("testdata/original.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var one original
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatalf("%v: %s", err, lines.Bytes())
		}
		all = append(all, one)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestWriteVectors writes what the original is to be run on to a folder; see
// testdata/original.txt.
func TestWriteVectors(t *testing.T) {
	folder := os.Getenv("LMBENCH_WRITE_VECTORS")
	if folder == "" {
		t.Skip("LMBENCH_WRITE_VECTORS names no folder")
	}
	for i, v := range vectors() {
		path := filepath.Join(folder, strconv.Itoa(i))
		if err := errors.Join(os.WriteFile(path+".csv", []byte(v.theirs), 0o644), os.WriteFile(path+".pairs", []byte(strings.Join(v.pairs, "\x00")), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}
