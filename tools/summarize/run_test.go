package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

var now = time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)

// runCommand runs a command line; the output has ROOT for the root's path.
func runCommand(t *testing.T, root string, arguments ...string) (transcript string, exit int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err := run(t.Context(), arguments, command.Streams{Out: &stdout, Err: &stderr}, now)
	exit = command.Report("summarize", err, &stderr)
	transcript = fmt.Sprintf("exit %d\n--- stdout\n%s--- stderr\n%s", exit, &stdout, &stderr)
	return strings.ReplaceAll(transcript, root, "ROOT"), exit
}

func TestCommandLines(t *testing.T) {
	root := t.TempDir()
	pairs := []string{"NAME=suite", "KEY=flat_basic", "WORKLOAD=synthetic", "QPS=1"}
	tests := []struct {
		golden    string
		why       string
		arguments []string
		exit      int
	}{
		{"help", "goes to stdout", []string{"--help"}, 0},
		{"nothing", "as the original", nil, 1},
		{"flag", "an unknown flag", []string{"--rot", "x", "full.csv"}, 2},
		{"full", "a table, and a word on what is not stored", append([]string{"--root", root, "testdata/full.csv", "word", "HF_TOKEN=x", "REQUESTS_PLANNED=6", "OFFERED_RATE=1.25"}, pairs...), 0},
		{"again", "nothing is overwritten; the text false asks for no upload", append([]string{"--root", root, "testdata/full.csv", "AUTO_UPLOAD=false", "API_URL=http://localhost:1/"}, pairs...), 0},
		{"failures", "no result", append([]string{"--root", root, "testdata/failures.csv"}, pairs...), 1},
		{"missing", "no file", append([]string{"--root", root, "no.csv"}, pairs...), 1},
		{"escape", "no place", []string{"--root", root, "testdata/full.csv", "NAME=../x"}, 1},
	}
	for _, test := range tests {
		t.Run(test.golden, func(t *testing.T) {
			transcript, exit := runCommand(t, root, test.arguments...)
			if exit != test.exit {
				t.Errorf("%s: exit %d, want %d", test.why, exit, test.exit)
			}
			workloadtest.Golden(t, test.golden+".golden", transcript)
		})
	}
}

// TestHelpTellsTheTruth runs the example of the help text.
func TestHelpTellsTheTruth(t *testing.T) {
	_, example, _ := strings.Cut(help, "$ tools/summarize/summarize ")
	example, rest, _ := strings.Cut(example, "\n  Performance")
	promised, _, _ := strings.Cut("Performance"+rest, "\n")
	words := strings.Fields(strings.ReplaceAll(example, "\\\n", " "))
	data, err := os.ReadFile("testdata/full.csv")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.Mkdir("4-latest-results", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(words[0], data, 0o644); err != nil {
		t.Fatal(err)
	}
	if transcript, exit := runCommand(t, "ROOT", words...); exit != 0 || !strings.Contains(transcript, promised+"\n") {
		t.Errorf("%s\nwant %s", transcript, promised)
	}
}

// full is a disk without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestATableThatCannotBePrintedIsAnError(t *testing.T) {
	err := run(t.Context(), []string{"--root", t.TempDir(), "testdata/full.csv"}, command.Streams{Out: full{}, Err: io.Discard}, now)
	if err == nil {
		t.Error("no error")
	}
}
