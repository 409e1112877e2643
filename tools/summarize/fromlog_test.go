package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/verdict"
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
		left   string // the CSV that the run left: "" for no CSV, "same", or another
		made   string // the name of the CSV
		said   []string
		killed float64 // of the ledger's cancelled
	}{
		{"a whole log", []eventlog.Event{end}, nil, "", "one.csv", []string{"exit 0", " requests: ROOT/one.csv\n"}, 0},
		{"beside its CSV, which stays", []eventlog.Event{end}, nil, "same", "one.csv", []string{"exit 0"}, 0},
		{"beside a CSV with more rows", []eventlog.Event{end}, nil, "longer", "one_from_log.csv", []string{"exit 0"}, 0},
		{"a run that was killed", underWay, nil, "", "one.csv", []string{"exit 0", "suspect (interrupted)"}, 2},
		{"killed while it wrote", append(slices.Clone(underWay), end), cut, "", "one.csv", []string{"exit 0", "warning: ROOT/one.events: the event log is intact up to byte "}, 2},
		{"figures that are gone", []eventlog.Event{eventlog.End{Pairs: end.Pairs, Of: "4-latest-results/gone.csv"}}, nil, "", "one.csv", []string{"exit 0", "gone.csv is missing"}, 0},
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
			transcript, _ := runCommand(t, root, "--root", root, "--from-log", filepath.Join(root, "one.events"), "QPS=2")
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

// TestMetricsFromLog makes results of logs of vLLM's workload, whose metrics the log
// has, or only their file, or neither.
func TestMetricsFromLog(t *testing.T) {
	const metrics, of = "metric,value\ncompleted,4\nmean_ttft_ms,4.25\nlmbench_p99_itl_ms,2.5\n", "4-latest-results/vllm.csv"
	pairs := []string{"NAME=suite", "KEY=k", "WORKLOAD=vllm_random", "REQUEST_RATE=2"}
	end := func(of, metrics string) []eventlog.Event {
		return []eventlog.Event{eventlog.End{Pairs: pairs, Of: of, Metrics: metrics}}
	}
	const gone, byRequests = "vllm.csv is missing", "no metrics by vLLM's definitions"
	tests := []struct {
		why    string
		events []eventlog.Event
		files  map[string]string // that there are
		made   string            // the metrics' file
		said   []string          // of gone and byRequests
	}{
		{"they are in the log", end(of, metrics), nil, "vllm.csv", nil},
		{"their file says the same", end(of, metrics), map[string]string{of: metrics}, of, nil},
		{"their file is another run's", end(of, metrics), map[string]string{of: "metric,value\ncompleted,9\n"}, "vllm.csv", nil},
		{"another run's is beside the log, too", end(of, metrics), map[string]string{"vllm.csv": "metric,value\n"}, "vllm_from_log.csv", nil},
		{"their name is that of the requests", end("x/one.csv", metrics), nil, "one_metrics.csv", nil},
		{"a name that leads elsewhere", end("../../vllm.csv", metrics), nil, "vllm.csv", nil},
		{"an old log and their file", end(of, ""), map[string]string{of: metrics}, of, nil},
		{"an old log without it", end(of, ""), nil, "", []string{gone, byRequests}},
		{"killed at the end", end("", ""), nil, "", []string{byRequests}},
		{"killed under way", nil, nil, "", []string{byRequests}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			root := t.TempDir()
			log, csv := logged(t, test.events...)
			files := map[string]string{"one.events": string(log)}
			maps.Copy(files, test.files)
			for name, content := range files {
				path := filepath.Join(root, name)
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
					t.Fatal(err)
				}
			}
			transcript, exit := runCommand(t, root, append([]string{"--root", root, "--from-log", filepath.Join(root, "one.events")}, pairs...)...)
			for _, words := range []string{gone, byRequests} {
				if strings.Contains(transcript, words) != slices.Contains(test.said, words) || exit != 0 {
					t.Errorf("%q in, exit %d:\n%s", words, exit, transcript)
				}
			}
			want := map[string]string{"one.csv": string(csv)}
			if test.made != "" {
				want[test.made] = metrics
			}
			for name, content := range want {
				if made, err := os.ReadFile(filepath.Join(root, name)); err != nil || string(made) != content {
					t.Errorf("%v; %s is\n%s\nwant\n%s", err, name, made, content)
				}
			}
			result, err := os.ReadFile(filepath.Join(root, "4-latest-results", "suite", "k_vllm_random_2_20260102-1504.json"))
			if err != nil {
				t.Fatal(err)
			}
			for words, there := range map[string]bool{`"lmbench_definitions_ms"`: test.made != "", `"mean": 4.25`: test.made != "", `"send_lag_ms"`: true, `"QPS": 2`: true} {
				if strings.Contains(string(result), words) != there {
					t.Errorf("%s is in the result: %v, want %v\n%s", words, !there, there, result)
				}
			}
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
		if transcript, exit := runCommand(t, "ROOT", "--from-log", path); exit != 1 || !strings.Contains(transcript, path) {
			t.Errorf("exit %d\n%s", exit, transcript)
		}
	}
}

// TestFactsFromLog makes the same result of a log with a Run and of one of an older version,
// which has all of that among its pairs.
func TestFactsFromLog(t *testing.T) {
	pairs := []string{"NAME=suite", "KEY=k", "WORKLOAD=synthetic", "QPS=1"}
	run := runfile.Run{SendingSeconds: new(5.0), RequestsPlanned: 7, OfferedRate: new(1.25), Recorded: []string{"TOKENIZER_FROM=hub"},
		Facts: verdict.Facts{
			ElapsedSeconds: new(6.5), Client: verdict.Client{CPUSeconds: new(0.25), CPUShare: new(0.875)}, Fingerprint: "0af3",
			Ledger:   verdict.Accounting{Planned: new(7), Sent: new(6), NeverSent: verdict.NeverSent{NotTaken: 1}},
			Counters: verdict.Counters{Engine: "vLLM", Samples: new(3), FinishedRequests: new(6.0), KVCacheUsage: verdict.Gauge{Mean: new(0.25), Max: new(0.5)}},
		}}
	old := append(slices.Clone(pairs), "SENDING_SECONDS=5.0", "REQUESTS_PLANNED=7", "OFFERED_RATE=1.25",
		"PROOF_ELAPSED_SECONDS=6.5", "PROOF_CLIENT_CPU_SECONDS=0.25", "PROOF_CLIENT_CPU_SHARE=0.875",
		"PROOF_COUNTERS_ENGINE=vLLM", "PROOF_COUNTERS_SAMPLES=3", "PROOF_COUNTERS_FINISHED_REQUESTS=6",
		"PROOF_COUNTERS_KV_CACHE_USAGE_MEAN=0.25", "PROOF_COUNTERS_KV_CACHE_USAGE_MAX=0.5",
		"PROOF_FINGERPRINT=0af3", "PROOF_LEDGER_PLANNED=7", "PROOF_LEDGER_SENT=6", "PROOF_LEDGER_NEVER_SENT_NOT_TAKEN=1", "TOKENIZER_FROM=hub")
	var results [2]string
	for i, end := range []eventlog.End{{Pairs: pairs, Run: &run}, {Pairs: old}} {
		root := t.TempDir()
		log, _ := logged(t, end)
		if err := os.WriteFile(filepath.Join(root, "one.events"), log, 0o644); err != nil {
			t.Fatal(err)
		}
		if transcript, exit := runCommand(t, root, "--root", root, "--from-log", filepath.Join(root, "one.events")); exit != 0 {
			t.Fatal(transcript)
		}
		made, err := os.ReadFile(filepath.Join(root, "4-latest-results", "suite", "k_synthetic_1_20260102-1504.json"))
		if err != nil {
			t.Fatal(err)
		}
		results[i] = string(made)
	}
	if !strings.Contains(results[0], `"client_busy"`) || !strings.Contains(results[0], `"TOKENIZER_FROM": "hub"`) {
		t.Errorf("the facts are not in\n%s", results[0])
	}
	if diff := cmp.Diff(results[1], results[0]); diff != "" {
		t.Errorf("the same facts make different results (-pairs +run)\n%s", diff)
	}
}
