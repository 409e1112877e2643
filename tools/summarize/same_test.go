package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/eventlog"
	"github.com/LMCache/LMBench/tools/simengine"
	"github.com/LMCache/LMBench/tools/workloadtest"
)

// TestTheLogsResultIsTheRuns makes results of event logs that workloads left:
// they say what the runs' own say, but for the time at which they were made.
func TestTheLogsResultIsTheRuns(t *testing.T) {
	tests := []struct {
		why     string
		engine  simengine.Config
		signals []time.Duration
		cut     bool     // the last that the process could write was at the end of the load
		lacks   []string // of the result made of the log
	}{
		{"a run of two points", simengine.Config{}, nil, false, nil},
		{"with requests that failed", simengine.Config{Faults: simengine.Faults{FailEvery: 7, CutEvery: 11, NoUsageEvery: 13}}, nil, false, nil},
		{"ended by a signal", simengine.Config{}, []time.Duration{15 * time.Second}, false, nil},
		{"killed in the rest after a point: all but what is found out then", simengine.Config{}, nil, true, []string{"measurement_error"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			test.engine.BaseTTFT, test.engine.ITL = 20*time.Millisecond, 2*time.Millisecond
			out := workloadtest.Bench{
				Workload: stream(), Engine: test.engine, Signals: test.signals, Calibrate: true,
				Args: strings.Fields("--time 10 m http://engine:30080 key suite 0 spec.yaml session 20 40"),
				Env:  map[string]string{"LMBENCH_AUTO_UPLOAD": "true", "LMBENCH_API_URL": "http://someone:secret@localhost:1/upload"},
			}.Run(t)
			results := out.Files(t, "4-latest-results/suite/*.json")
			if len(results) == 0 || out.Err != nil && test.signals == nil {
				t.Fatalf("%v\n%s", out.Err, out.Stderr)
			}
			for _, name := range results {
				want := said(t, filepath.Join(out.Root, name))
				log := filepath.Join(out.Root, strings.TrimSuffix(name, ".json")+eventlog.Ending)
				if test.cut {
					log = cutAfterLoad(t, log)
				}
				transcript, exit := command(t, "ROOT", "--root", out.Root, "--from-log", log)
				_, path, _ := strings.Cut(transcript, "saved to ")
				path, _, _ = strings.Cut(path, "\n")
				if exit != 0 || strings.Contains(transcript, "upload") {
					t.Fatal(transcript)
				}
				for _, lost := range test.lacks {
					if _, there := want["results"].(map[string]any)[lost]; !there {
						t.Errorf("the run's own result has no %s", lost)
					}
					delete(want["results"].(map[string]any), lost)
				}
				if diff := cmp.Diff(want, said(t, path)); diff != "" {
					t.Errorf("%s from its log (-want +got)\n%s", name, diff)
				}
			}
		})
	}
}

// said is what a result says, whenever it was made.
func said(t *testing.T, path string) (result map[string]any) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(file, &result)
	}
	if err != nil {
		t.Fatal(err)
	}
	delete(result, "timestamp")
	delete(result, "timestamp_utc")
	return result
}

// cutAfterLoad is a copy of a log up to the first frame that ends its load.
func cutAfterLoad(t *testing.T, path string) (copied string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	log, err := eventlog.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	to, err := os.Create(filepath.Join(t.TempDir(), filepath.Base(path)))
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	w, err := eventlog.NewWriter(to, log.Header)
	for err == nil {
		var event eventlog.Event
		if event, err = log.Next(); err == nil {
			err = w.Write(event)
		}
		if _, ends := event.(eventlog.End); ends {
			break
		}
	}
	if err != nil && err != io.EOF || w.Flush() != nil {
		t.Fatal(err)
	}
	return to.Name()
}
