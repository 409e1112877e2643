package workloadtest

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/engine/simengine"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// A Case is a workload to be tested for conformance. Its arguments must send a
// request at least every other second, for at least ten seconds.
type Case struct {
	New   func() workload.Workload // called once per run
	Sweep []string                 // flags and positional arguments for two points
	Flags []string                 // of a single run with the same load, without --output

	Named  string // WORKLOAD in its results; empty: its name
	Points int    // number of points in Sweep; 0: two
	Rows   string // pattern of the CSVs with a row per request; empty: all CSVs

	// Fixed holds flags that make two runs send the same bytes, such as a seed.
	Fixed        []string
	Fingerprints string // golden file; empty: fingerprints.txt
}

func (c Case) points() int { return cmp.Or(c.Points, 2) }

func (c Case) rows() string { return cmp.Or(c.Rows, "4-latest-results/*.csv") }

// Conform tests what must hold for every workload.
func Conform(t *testing.T, c Case) {
	t.Run("sweep", c.sweep)
	t.Run("single run", c.singleRun)
	t.Run("too few arguments", c.tooFew)
	t.Run("all wrong arguments reported at once", c.faultyArguments)
	t.Run("names that would leave the results folder", c.names)
	t.Run("help", c.help)
	t.Run("fingerprint", c.fingerprint)
	t.Run("event log", c.log)
	t.Run("resume", c.resume)
	t.Run("engine down", c.down)
	t.Run("engine ready only after its first requests fail", c.recovers)
	t.Run("failing requests", c.failing)
	t.Run("one signal", c.oneSignal)
	t.Run("two signals", c.twoSignals)
	t.Run("secrets", c.secrets)
	t.Run("calibration", c.calibration)
}

// engine returns a fast engine with a prefix cache.
func engine() simengine.Config {
	return simengine.Config{BaseTTFT: 20 * time.Millisecond, PrefillPer1k: 40 * time.Millisecond, ITL: 5 * time.Millisecond, CacheBlocks: 1 << 16}
}

func (c Case) sweep(t *testing.T) {
	out := Harness{Workload: c.New(), Args: c.Sweep, Engine: engine()}.Run(t)
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	w := c.New()
	results := out.Files(t, "4-latest-results/*/*.json")
	if len(results) != c.points() {
		t.Fatalf("results %v, want %d", results, c.points())
	}
	for _, name := range results {
		var result struct {
			Results struct {
				Requests float64                `json:"requests_ok"`
				TTFT     struct{ Mean float64 } `json:"ttft_ms"`
			}
			Workload map[string]any
		}
		if err := json.Unmarshal([]byte(out.Read(t, name)), &result); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if result.Results.Requests == 0 || result.Results.TTFT.Mean < 20 || result.Workload["WORKLOAD"] != cmp.Or(c.Named, w.Name) {
			t.Errorf("%s: %+v", name, result)
		}
	}
	for _, name := range out.Files(t, c.rows()) {
		if header := rows(t, out.Read(t, name))[0]; !slices.Equal(header, w.Layout) {
			t.Errorf("%s: columns %v, want %v", name, header, w.Layout)
		}
	}
}

func (c Case) singleRun(t *testing.T) {
	file := t.TempDir() + "/one.csv"
	out := Harness{Workload: c.New(), Args: append(slices.Clone(c.Flags), "--output", file), Engine: engine()}.Run(t)
	if out.Err != nil {
		t.Fatalf("%v\n%s", out.Err, out.Stderr)
	}
	if left := out.Files(t, "4-latest-results"); len(left) > 0 {
		t.Errorf("a single run left %v", left)
	}
	again := Harness{Workload: c.New(), Args: []string{"--process-summary", file}, Down: true}.Run(t)
	figures := out.Stdout[:max(0, strings.LastIndex(out.Stdout, "requests: "))] // the last line names the file
	if c.New().Report != nil {                                                  // the workload's own report comes first, and only after a run
		figures = figures[max(0, strings.LastIndex(figures, "\nsent ")+1):]
	}
	rest, same := strings.CutPrefix(again.Stdout, figures)
	if again.Err != nil || !same || !strings.HasPrefix(rest, "by these rows alone, verdict: ") {
		t.Errorf("--process-summary: %v\n%s\nwant\n%sand a verdict", again.Err, again.Stdout, figures)
	}
}

func (c Case) tooFew(t *testing.T) {
	for _, args := range [][]string{nil, {"model"}, {"model", "http://localhost:1"}} {
		out := Harness{Workload: c.New(), Args: args, Down: true}.Run(t)
		if out.Code != 1 {
			t.Errorf("%q: exit code %d, want 1", args, out.Code)
		}
		for _, name := range append(c.New().Positional, "usage: ", "example: ") {
			if !strings.Contains(out.Err.Error(), name) {
				t.Errorf("%q: the usage does not name %s:\n%v", args, name, out.Err)
			}
		}
	}
}

func (c Case) faultyArguments(t *testing.T) {
	out := Harness{Workload: c.New(), Args: []string{"--base-url", "ftp://x", "--api-type", "telepathy", "--stall-timeout", "soon"}, Down: true}.Run(t)
	if out.Code != 2 {
		t.Errorf("exit code %d, want 2", out.Code)
	}
	faults := []string{`--base-url: invalid base URL "ftp://x"`, `--api-type: want completions or chat, got "telepathy"`, `--stall-timeout: want seconds above 0, or none, got "soon"`}
	if c.New().Defaults["model"] == "" {
		faults = append(faults, "--model is missing")
	}
	for _, fault := range faults {
		if !strings.Contains(out.Err.Error(), fault) {
			t.Errorf("%q is missing in\n%v", fault, out.Err)
		}
	}
	out = Harness{Workload: c.New(), Args: []string{"--no-such-flag"}, Down: true}.Run(t)
	if out.Code != 2 || !strings.Contains(out.Err.Error(), "no-such-flag") {
		t.Errorf("an unknown flag: exit code %d, %v", out.Code, out.Err)
	}
}

// names passes unsafe words for parts of file names.
func (c Case) names(t *testing.T) {
	for given, name := range map[string]string{"helm_x": "KEY", "suite": "NAME"} {
		at := slices.Index(c.Sweep, given)
		if at < 0 {
			t.Fatalf("%q has no %s %s", c.Sweep, name, given)
		}
		for _, text := range []string{"..", "../x", "/tmp/x", "a/../../x", `..\x`, "a\x00", "a\nb", strings.Repeat("a", 300)} {
			args := slices.Clone(c.Sweep)
			args[at] = text
			folder := t.TempDir()
			root := filepath.Join(folder, "root")
			Harness{Workload: c.New(), Args: args, Down: true, Root: root}.Refused(t, 1, []string{name + " (argument"})
			if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
				t.Errorf("%s %q left %v, %v", name, text, left, err)
			}
		}
	}
}

func (c Case) help(t *testing.T) {
	out := Harness{Workload: c.New(), Args: []string{"--help"}, Down: true}.Run(t)
	if out.Err != nil || out.Stderr != "" {
		t.Errorf("%v %s", out.Err, out.Stderr)
	}
	Golden(t, "help.txt", out.Stdout)
}

func (c Case) down(t *testing.T) {
	out := Harness{Workload: c.New(), Args: c.Sweep, Down: true}.Run(t)
	if out.Code != 1 {
		t.Errorf("exit code %d, want 1", out.Code)
	}
	if out.Elapsed > 10*time.Second {
		t.Errorf("took %v to report that nothing listens", out.Elapsed)
	}
	want := c.points()
	if c.New().FailFast {
		want = 1
	}
	if failed := out.Files(t, "4-latest-results/*/*_failed.txt"); len(failed) != want {
		t.Errorf("failed points %v, want %d", failed, want)
	}
	if made := out.Files(t, "4-latest-results/*/*.json"); len(made) != 0 {
		t.Errorf("results %v although no request succeeded", made)
	}
	for _, word := range []string{"http://", "connection refused"} {
		if !strings.Contains(out.Stderr, word) {
			t.Errorf("%q is missing in\n%s", word, out.Stderr)
		}
	}
}

// recovers lets the engine refuse the first ten requests, those of the warm-up.
func (c Case) recovers(t *testing.T) {
	healthy, err := simengine.New(engine())
	if err != nil {
		t.Fatal(err)
	}
	var got atomic.Int64
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got.Add(1) <= 10 {
			http.Error(w, "loading the model", http.StatusServiceUnavailable)
			return
		}
		healthy.ServeHTTP(w, r)
	})
	out := Harness{Workload: c.New(), Args: c.Sweep, Handler: handler}.Run(t)
	if out.Code != 0 {
		t.Errorf("exit code %d although a point succeeded: %v", out.Code, out.Err)
	}
	if n := len(out.Files(t, "4-latest-results/*/*.json")); n == 0 {
		t.Errorf("no result\n%s", out.Stderr)
	}
}

func (c Case) failing(t *testing.T) {
	faulty := engine()
	faulty.FailEvery, faulty.CutEvery, faulty.ErrorEventEvery, faulty.NoUsageEvery = 11, 13, 17, 7
	out := Harness{Workload: c.New(), Args: c.Sweep, Engine: faulty}.Run(t)
	if out.Code != 0 {
		t.Fatalf("exit code %d: %v\n%s", out.Code, out.Err, out.Stderr)
	}
	reasons := map[string]int{}
	for _, name := range out.Files(t, c.rows()) {
		lines := rows(t, out.Read(t, name))
		column := func(name string) int { return slices.Index(lines[0], name) }
		for _, row := range lines[1:] {
			why := row[column("error")]
			reasons[why]++
			if failed := why != ""; failed != (row[column("ttft")] == "") || failed != (row[column("generation_tokens")] == "") {
				t.Errorf("a failed row has metrics, or a successful one lacks them: %v", row)
			}
			if row[column("launch_time")] == "" || row[column("finish_time")] == "" {
				t.Errorf("a row without timestamps: %v", row)
			}
			if row[column("tokens_from")] == "chunks" && row[column("prompt_tokens")] != "" {
				t.Errorf("prompt tokens that the engine did not report: %v", row)
			}
		}
	}
	for _, want := range []string{"status 500", "cut", "the engine failed"} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(reasons)), func(why string) bool { return strings.Contains(why, want) }) {
			t.Errorf("no row failed for %q: %v", want, reasons)
		}
	}
	if reasons[""] < 2*len(reasons) {
		t.Errorf("the load did not go on: %v", reasons)
	}
}

// rows parses a CSV; the header is the first row.
func rows(t *testing.T, file string) [][]string {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil && err != io.EOF {
		t.Fatal(err)
	}
	if len(lines) == 0 {
		t.Fatal("a CSV without a header")
	}
	return lines
}
