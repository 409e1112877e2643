package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/eventlog"
	"github.com/LMCache/LMBench/tools/record"
)

// logged is the log of a point with the rows of testdata/full.csv, and that CSV
// in its layout. Events follow the rows.
func logged(t *testing.T, events ...eventlog.Event) (log, csv []byte) {
	t.Helper()
	file, err := os.Open("testdata/full.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var made, rows bytes.Buffer
	header := eventlog.Header{Workload: "synthetic", Start: now, Layout: record.Conversation(), Pairs: []string{"NAME=suite", "KEY=k", "WORKLOAD=synthetic", "QPS=1"}}
	w, err := eventlog.NewWriter(&made, header)
	if err != nil {
		t.Fatal(err)
	}
	out, err := record.NewWriter(&rows, header.Layout)
	if err != nil {
		t.Fatal(err)
	}
	var all []eventlog.Event
	for row, err := range record.Read(file) {
		if err != nil || out.Write(row) != nil {
			t.Fatal(err)
		}
		all = append(all, eventlog.Started{User: row.UserID, Question: row.QuestionNumber}, &eventlog.Request{Row: row})
	}
	for _, event := range append(all, events...) {
		if err := w.Write(event); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return made.Bytes(), rows.Bytes()
}

func TestFromLog(t *testing.T) {
	end := eventlog.End{Pairs: []string{"NAME=suite", "KEY=k", "WORKLOAD=synthetic", "QPS=1", "SENDING_SECONDS=5.0"}}
	underWay := []eventlog.Event{eventlog.Started{User: 8, Question: 1}, eventlog.Started{User: 9, Question: 1}}
	cut := func(log []byte) []byte { return log[:len(log)-3] }
	tests := []struct {
		why    string
		events []eventlog.Event
		damage func([]byte) []byte
		left   string // the CSV that the run left: "" none, "same", or another
		made   string // the name of the CSV
		said   []string
		killed float64 // of the ledger's cancelled
	}{
		{"a whole log", []eventlog.Event{end}, nil, "", "one.csv", []string{"exit 0", " requests: ROOT/one.csv\n"}, 0},
		{"beside its CSV, which stays", []eventlog.Event{end}, nil, "same", "one.csv", []string{"exit 0"}, 0},
		{"beside a CSV with more rows", []eventlog.Event{end}, nil, "longer", "one_from_log.csv", []string{"exit 0"}, 0},
		{"a run that was killed", underWay, nil, "", "one.csv", []string{"exit 0", "suspect (interrupted)"}, 2},
		{"killed while it wrote", append(slices.Clone(underWay), end), cut, "", "one.csv", []string{"exit 0", "warning: ROOT/one.events: the event log is sound up to byte "}, 2},
		{"figures that are gone", []eventlog.Event{eventlog.End{Pairs: end.Pairs, Of: "4-latest-results/gone.csv"}}, nil, "", "one.csv", []string{"exit 0", "gone.csv is not there"}, 0},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			root := t.TempDir()
			log, csv := logged(t, test.events...)
			if test.damage != nil {
				log = test.damage(log)
			}
			files := map[string][]byte{"one.events": log, "one.csv": csv}
			switch test.left {
			case "":
				delete(files, "one.csv")
			case "longer":
				files["one.csv"] = append(slices.Clone(csv), csv[bytes.LastIndexByte(csv[:len(csv)-1], '\n')+1:]...)
			}
			for name, content := range files {
				if err := os.WriteFile(filepath.Join(root, name), content, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			transcript, _ := command(t, root, "--root", root, "--from-log", filepath.Join(root, "one.events"), "QPS=2")
			for _, words := range test.said {
				if !strings.Contains(transcript, words) {
					t.Errorf("no word of %q in\n%s", words, transcript)
				}
			}
			made, err := os.ReadFile(filepath.Join(root, test.made))
			if err != nil || !bytes.Equal(made, csv) {
				t.Errorf("%v; the CSV is\n%s\nwant\n%s", err, made, csv)
			}
			checkLedger(t, filepath.Join(root, "4-latest-results", "suite", "k_synthetic_2_20260102-1504.json"), test.killed)
		})
	}
}

// checkLedger wants all that was killed cancelled, and nothing missing.
func checkLedger(t *testing.T, path string, killed float64) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var made struct {
		Results struct {
			Ledger map[string]any
		}
		Workload map[string]any
	}
	if err := json.Unmarshal(file, &made); err != nil {
		t.Fatal(err)
	}
	ledger := made.Results.Ledger
	cancelled, _ := ledger["cancelled"].(float64)
	if missing, _ := ledger["missing"].(float64); cancelled != killed || missing != 0 {
		t.Errorf("ledger %v, want %v cancelled", ledger, killed)
	}
	if interrupted, _ := made.Workload["INTERRUPTED"].(bool); interrupted != (killed > 0) {
		t.Errorf("INTERRUPTED is %v", made.Workload["INTERRUPTED"])
	}
}

func TestFromNoLog(t *testing.T) {
	for _, path := range []string{"testdata/full.csv", "testdata/none.events"} {
		if transcript, exit := command(t, "ROOT", "--from-log", path); exit != 1 || !strings.Contains(transcript, path) {
			t.Errorf("exit %d\n%s", exit, transcript)
		}
	}
}
