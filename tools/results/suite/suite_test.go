package suite

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/result"
)

func TestSelect(t *testing.T) {
	results := t.TempDir()
	odd := filepath.Join(results, "a:b@c")
	if err := os.Mkdir(odd, 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		why, text, dir, session, baseline, err string
	}{
		{"a suite by its name", "night", filepath.Join(results, "night"), "", "", ""},
		{"of one session", "night@s-1", filepath.Join(results, "night"), "s-1", "", ""},
		{"of one baseline", "night:flat", filepath.Join(results, "night"), "", "flat", ""},
		{"of both", "night@s-1:flat", filepath.Join(results, "night"), "s-1", "flat", ""},
		{"a folder anywhere", "/elsewhere/x:flat", "/elsewhere/x", "", "flat", ""},
		{"@ and : in folders above do not count", "/a@b/c:d/x", "/a@b/c:d/x", "", "", ""},
		{"an existing folder, whatever its name", odd, odd, "", "", ""},
		{"nothing before the mark", ":flat", "", "", "", "no suite"},
		{"nothing after it", "night:", "", "", "", "no baseline"},
		{"nor after the other", "night@", "", "", "", "no session"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			s, err := Select(test.text, results)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("error %v, want %q", err, test.err)
				}
				return
			}
			if want := (Selection{test.text, test.dir, test.session, test.baseline}); err != nil || s != want {
				t.Errorf("%+v, %v; want %+v", s, err, want)
			}
		})
	}
}

const header = "prompt_tokens,generation_tokens,ttft,generation_time,launch_time,finish_time,error\n"

// save has summarize's own package write a result of one CSV and keeps it beside.
func save(t *testing.T, root, csv string, pairs ...string) {
	t.Helper()
	file := filepath.Join(root, "requests.csv")
	if err := os.WriteFile(file, []byte(header+csv), 0o644); err != nil {
		t.Fatal(err)
	}
	report, err := result.Write(result.Options{Root: root, CSV: file, Pairs: append([]string{"NAME=night", "LMBENCH_SESSION_ID=s-1"}, pairs...), Now: time.Unix(1_700_000_000, 0)})
	if report.Path == "" {
		t.Fatal(err)
	}
	if beside, is := strings.CutSuffix(report.Path, ".json"); is {
		if err := os.Rename(file, beside+".csv"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRead(t *testing.T) {
	root := t.TempDir()
	const two = "100,3,0.25,0.1,10,10.35,\n50,1,0.5,0.1,12,12.6,\n"
	save(t, root, two, "KEY=flat_vllm_random_x", "WORKLOAD=trace_replayer", "QPS=2", "MODE=qps", "AUTO_UPLOAD=false", "TIME=3")
	save(t, root, "1,,,,10,11,refused\n,,,,10,11,refused\n", "KEY=flat", "WORKLOAD=trace_replayer", "QPS=4", "MODE=qps", "USE=True", "AUTO_UPLOAD=false", "TIME=3")
	dir := filepath.Join(root, "4-latest-results", "night")
	for name, text := range map[string]string{
		"trace_replayer_comparison.json": "[]", "notes.txt": "x", "broken.json": "{",
		"old_synthetic_1.5_20220101-1200.json": "\ufeff" + `{"name":"night","lmbench-session-id":"s-0","timestamp":"20220101-1200",
"results":{"successful_requests":3.0,"ttft_ms":{"mean":1.5,"median":1.25,"p99": NaN},"itl_ms":{"mean":7,"median":7,"p99":7}},"workload":{"WORKLOAD":"synthetic","NUM_USERS":5,"QPS":1.5}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	selection, err := Select("night", filepath.Join(root, "4-latest-results"))
	if err != nil {
		t.Fatal(err)
	}
	points, unreadable, err := Read(selection)
	if err != nil {
		t.Fatal(err)
	}
	if len(unreadable) != 1 || filepath.Base(unreadable[0].Path) != "broken.json" {
		t.Errorf("unreadable %v, want broken.json alone", unreadable)
	}
	var got []string
	byName := map[string]*Point{}
	for i := range points {
		p := &points[i]
		got = append(got, strings.Join([]string{p.Workload, p.Baseline, p.Session, p.Setting.String()}, "|"))
		byName[p.Baseline] = p
	}
	// In the order of time; the old one's key is what its name has before the workload.
	want := []string{"synthetic|old|s-0|NUM_USERS=5", "trace_replayer|flat|s-1|MODE=qps USE=true", "trace_replayer|flat_vllm_random_x|s-1|MODE=qps"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
	old, failed, good := byName["old"], byName["flat"], byName["flat_vllm_random_x"]
	if old.QPS != 1.5 || old.Results.TTFT.P(50) != 1.25 || !math.IsNaN(old.Results.TTFT.P(99)) || old.Results.ITL.Known() {
		t.Errorf("of the original's result: %+v; its itl_ms is no time between chunks", old.Results)
	}
	if failed.Failed == nil || failed.Results.TTFT.Known() || !math.IsNaN(failed.Results.Achieved) || failed.QPS != 4 || failed.Failed.Sent != 2 || len(failed.Failed.Failures) != 1 || failed.Failed.Failures[0] != (metrics.Failure{Text: "refused", Count: 2}) {
		t.Errorf("failed point %+v", failed.Failed)
	}
	if good.Results.OK != 2 || good.Results.TTFT.P(50) != 375 || good.QPS != 2 {
		t.Errorf("result %+v", good.Results)
	}
	rows := 0
	for row, err := range good.Requests(nil) {
		if err != nil || row.TTFT == nil {
			t.Errorf("row %+v, %v", row, err)
		}
		rows++
	}
	for range old.Requests(nil) {
		t.Error("a request of a point that has no CSV")
	}
	if rows != 2 {
		t.Errorf("%d rows, want 2", rows)
	}

	selection.Baseline = "flat"
	if points, _, _ := Read(selection); len(points) != 1 {
		t.Errorf("%d points of one baseline, want 1", len(points))
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"results":{"ttft_ms":{"median":1}},"workload":{"WORKLOAD":"x","QPS":1}}`)
	f.Add("\ufeff" + `{"results":{"successful_requests":3.0,"ttft_ms":{"p99": NaN}},"workload":{"WORKLOAD":"x","QPS":1}}`)
	f.Add("no result: x\nat 2026-01-02T14:04:05Z\nerrors\n   1  y\nworkload\n  WORKLOAD=x\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, parse := range []func([]byte, string) (Point, error){parseResult, parseFailed} {
			if p, err := parse([]byte(text), "a_x_1.json"); err == nil && p.Baseline == "" && p.Workload != "" && p.Failed == nil {
				t.Errorf("a result without a baseline: %+v", p)
			}
		}
	})
}

// The result of one request, of one token, is JSON without NaN.
func TestResultOfOneRequest(t *testing.T) {
	root := t.TempDir()
	save(t, root, "100,1,0.25,0,10,10.25,\n", "KEY=flat", "WORKLOAD=synthetic", "QPS=1")
	files, _ := filepath.Glob(filepath.Join(root, "4-latest-results", "night", "*.json"))
	if len(files) != 1 {
		t.Fatalf("files %v, want one", files)
	}
	text, err := os.ReadFile(files[0])
	if err != nil || !json.Valid(text) || strings.Contains(string(text), "NaN") {
		t.Errorf("%v: %s", err, text)
	}
}
