package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

// TestTheLogsResultIsTheRuns makes results of event logs that workloads left:
// they say what the runs' own say, but for the time at which they were made.
func TestTheLogsResultIsTheRuns(t *testing.T) {
	tests := []struct {
		why     string
		engine  simengine.Config
		signals []time.Duration
		metrics bool     // the run makes its result of metrics, which are gone
		cut     bool     // the last that the process could write was at the end of the load
		lacks   []string // of the result made of the log
	}{
		{"a run of two points", simengine.Config{}, nil, false, false, nil},
		{"a run that makes metrics of its requests", simengine.Config{Faults: simengine.Faults{FailEvery: 7}}, nil, true, false, nil},
		{"with requests that failed", simengine.Config{Faults: simengine.Faults{FailEvery: 7, CutEvery: 11, NoUsageEvery: 13}}, nil, false, false, nil},
		{"ended by a signal", simengine.Config{}, []time.Duration{15 * time.Second}, false, false, nil},
		{"killed in the rest after a point: all but what is found out then", simengine.Config{}, nil, false, true, []string{"measurement_error"}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			test.engine.BaseTTFT, test.engine.ITL = 20*time.Millisecond, 2*time.Millisecond
			load := stream()
			if test.metrics {
				load = withMetrics(load)
			}
			out := workloadtest.Harness{
				Workload: load, Engine: test.engine, Signals: test.signals, Calibrate: true,
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
				for _, made := range out.Files(t, "4-latest-results/*_vllm_*.csv") {
					if err := os.Remove(filepath.Join(out.Root, made)); err != nil { // what is beside the result suffices
						t.Fatal(err)
					}
				}
				transcript, exit := runCommand(t, "ROOT", "--root", out.Root, "--from-log", log)
				_, path, _ := strings.Cut(transcript, "saved to ")
				path, _, _ = strings.Cut(path, "\n")
				if exit != 0 || strings.Contains(transcript, "upload") || strings.Contains(transcript, "definitions") {
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

// withMetrics is a workload whose results are made of metrics, as vLLM's are.
func withMetrics(w workload.Workload) workload.Workload {
	w.ResultName = func() string { return "vllm_random" }
	w.File = func(qps string) string { return "vllm_" + qps + "_requests" }
	w.Point.Name, w.ResultKeys = "REQUEST_RATE", []string{"REQUEST_RATE"}
	w.Report = func(requests string, _ io.Writer) (string, error) {
		path := strings.TrimSuffix(requests, "_requests.csv") + ".csv"
		rows, err := os.ReadFile(requests)
		text := "metric,value\nmodel_id,\"a, b\"\ncompleted," + strconv.Itoa(bytes.Count(rows, []byte("\n"))) + "\nmean_ttft_ms,4.25\nlmbench_p99_itl_ms,2.5\nttfts,\"[" + strings.Repeat("0.1, ", 3000) + "0.1]\"\n"
		return path, errors.Join(err, os.WriteFile(path, []byte(text), 0o644))
	}
	return w
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
	log := workloadtest.Log(t, path)
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
