package workloadtest

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/record"
)

// log rebuilds each CSV from the event log beside it.
func (c Case) log(t *testing.T) {
	faulty := engine()
	faulty.FailEvery, faulty.CutEvery, faulty.NoUsageEvery = 11, 13, 7
	out := Harness{Workload: c.New(), Args: c.Sweep, Engine: faulty}.Run(t)
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	started := 0
	for _, name := range out.Files(t, c.rows()) {
		csv, stand, starts := replayLog(t, filepath.Join(out.Root, events(name)))
		if diff := cmp.Diff(out.Read(t, name), csv); diff != "" {
			t.Errorf("%s from its log (-want +got)\n%s", name, diff)
		}
		if left := stand.InFlight(); len(left) > 0 {
			t.Errorf("%s: %d requests did not end, the first: %+v", name, len(left), left[0])
		}
		if stand.Ended == nil || stand.Result == nil || !slices.Contains(out.Files(t, "4-latest-results/*/*.json"), stand.Result.Path) {
			t.Errorf("%s: ended %+v, result %+v", name, stand.Ended, stand.Result)
		}
		started += starts
	}
	if started == 0 || started > out.Requests {
		t.Errorf("%d requests started, the engine received %d", started, out.Requests)
	}
	if kept := out.Files(t, "4-latest-results/*/*.events"); len(kept) != c.points() {
		t.Errorf("logs beside results: %v, want %d", kept, c.points())
	}
}

// resume repeats a sweep with --resume: first when all points are measured, then
// after the log of the last point was truncated.
func (c Case) resume(t *testing.T) {
	first := Harness{Workload: c.New(), Args: c.Sweep, Engine: engine()}.Run(t)
	if first.Err != nil {
		t.Fatalf("%v\n%s", first.Err, first.Stderr)
	}
	resume := Harness{Workload: c.New(), Args: append([]string{"--resume"}, c.Sweep...), Engine: engine(), Root: first.Root, StartAfter: time.Hour}
	idle := resume.Run(t)
	if idle.Err != nil || idle.Requests > 0 {
		t.Errorf("%d requests although all points are measured: %v\n%s", idle.Requests, idle.Err, idle.Stderr)
	}
	if n := strings.Count(idle.Stderr, "is measured already: 4-latest-results/"); n != c.points() {
		t.Errorf("%d points skipped, want %d:\n%s", n, c.points(), idle.Stderr)
	}

	rows := first.Files(t, c.rows())
	last := filepath.Join(first.Root, events(rows[len(rows)-1]))
	info, err := os.Stat(last)
	if err == nil {
		err = os.Truncate(last, info.Size()/2)
	}
	if err != nil {
		t.Fatal(err)
	}
	resume.Workload = c.New()
	rest := resume.Run(t)
	if rest.Err != nil || rest.Requests == 0 || c.points() > 1 && rest.Requests >= first.Requests {
		t.Errorf("%d requests for one point of %d; the whole sweep has %d: %v\n%s", rest.Requests, c.points(), first.Requests, rest.Err, rest.Stderr)
	}
	if !strings.Contains(rest.Stderr, "is measured again: ") {
		t.Errorf("no reason given for measuring a point again:\n%s", rest.Stderr)
	}
	if n := len(rest.Files(t, "4-latest-results/*/*.json")); n != c.points()+1 {
		t.Errorf("%d results after %d points and one repeated", n, c.points())
	}
}

func events(csv string) string { return strings.TrimSuffix(csv, ".csv") + eventlog.Ending }

// Log opens an event log, which is closed when the test ends.
func Log(t *testing.T, path string) *eventlog.Reader {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	log, err := eventlog.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// replayLog returns the CSV rebuilt from a log, the state at its end, and the number
// of requests started.
func replayLog(t *testing.T, path string) (csv string, stand eventlog.State, started int) {
	t.Helper()
	log := Log(t, path)
	var out strings.Builder
	w, err := record.NewWriter(&out, log.Header.Layout)
	for err == nil {
		var event eventlog.Event
		if event, err = log.Next(); err != nil {
			break
		}
		stand.Add(event)
		switch event := event.(type) {
		case eventlog.Started:
			started++
		case *eventlog.Request:
			err = w.Write(event.Row)
		}
	}
	if err != io.EOF {
		t.Fatal(err)
	}
	return out.String(), stand, started
}
