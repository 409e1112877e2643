package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

// transcript runs a command line and returns its exit code and output.
func transcript(args ...string) (string, int) {
	var stdout, stderr bytes.Buffer
	err := run(context.Background(), args, command.Streams{Out: &stdout, Err: &stderr})
	exit := command.Report("traces", err, &stderr)
	return fmt.Sprintf("exit %d\n--- stdout\n%s--- stderr\n%s", exit, &stdout, &stderr), exit
}

func TestCommandLines(t *testing.T) {
	tests := []struct {
		golden, why string
		args        []string
	}{
		{"help", "goes to stdout", []string{"--help"}},
		{"stats", "a trace with hash ids", []string{"stats", "testdata/mixed.jsonl"}},
		{"stats-csv", "a trace without hash ids", []string{"stats", "testdata/azure.csv"}},
		{"stats-seconds", "a given unit and block size", []string{"stats", "--time-unit", "s", "--block-size", "16", "testdata/mixed.jsonl"}},
		{"validate", "every invalid line by file and line", []string{"validate", "testdata/mixed.jsonl"}},
		{"validate-good", "no invalid line", []string{"validate", "testdata/azure.csv"}},
		{"sort", "lines are unchanged, equal times keep their order", []string{"sort", "testdata/mixed.jsonl"}},
		{"sort-csv", "the header stays first", []string{"sort", "testdata/azure.csv"}},
		{"convert-gmi", "nanoseconds as strings", []string{"convert", "--to", "gmi", "testdata/azure.csv"}},
		{"convert-burstgpt", "hash ids are lost, with a warning", []string{"convert", "--to", "burstgpt", "testdata/mixed.jsonl"}},
		{"make", "the seed determines the trace", []string{"make", "--requests", "5", "--block-size", "64", "--seed", "7"}},
		{"make-bad", "all errors at once", []string{"make", "--requests", "0", "--rate", "-1", "--continue", "2", "--block-size", "4"}},
		{"nothing", "no command", nil},
		{"unknown", "an unknown command", []string{"shuffle"}},
		{"no-file", "no file", []string{"stats"}},
		{"missing", "a missing file", []string{"stats", "testdata/none.jsonl"}},
		{"bad-style", "an unknown style", []string{"convert", "--to", "yaml", "testdata/azure.csv"}},
		{"bad-unit", "an unknown unit", []string{"validate", "--time-unit", "h", "testdata/azure.csv"}},
		{"onto-itself", "the input is not overwritten", []string{"sort", "--output", "testdata/azure.csv", "testdata/azure.csv"}},
	}
	for _, test := range tests {
		t.Run(test.golden, func(t *testing.T) {
			t.Log(test.why)
			got, _ := transcript(test.args...)
			workloadtest.Golden(t, test.golden+".golden", got)
		})
	}
}

func TestOutputIsCompleteOrAbsent(t *testing.T) {
	folder := t.TempDir()
	out := filepath.Join(folder, "out.jsonl")
	if got, exit := transcript("make", "--requests", "3", "--output", out); exit != 0 {
		t.Fatal(got)
	}
	content, err := os.ReadFile(out)
	if err != nil || strings.Count(string(content), "\n") != 3 {
		t.Errorf("%v: %q", err, content)
	}
	if got, exit := transcript("make", "--output", filepath.Join(folder, "none", "out.jsonl")); exit != 1 || !strings.Contains(got, "--output: ") {
		t.Errorf("exit %d: %s", exit, got)
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "*")); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}
