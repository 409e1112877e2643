package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/result"
	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

var now = time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)

// rows returns requests of 4 users at a steady rate. The first turn takes longest. If nth
// is not 0, every nth request fails.
func rows(rate, ttft float64, nth int) (all []record.Row) {
	value := func(v float64) *float64 { return &v }
	for i := range 40 {
		turn := i/4 + 1
		launch := 1_700_000_000 + float64(i)/rate
		row := record.Row{UserID: i%4 + 1, QuestionID: turn, LaunchTime: launch, ScheduledTime: launch - 0.0002, Attempts: 1}
		if nth > 0 && i%nth == 0 {
			row.FinishTime, row.Error = launch+0.1, `HTTP 500: "<b>no</b>"`
			all = append(all, row)
			continue
		}
		first := ttft * (1 + 3/float64(turn)) * (1 + float64(i%5)/20)
		row.TTFT, row.GenerationTime = value(first), value(0.2)
		row.PromptTokens, row.GenerationTokens, row.CachedTokens = value(1000), value(21), value(float64(turn*80))
		row.FinishTime = launch + first + 0.2
		for range 20 {
			row.Gaps = append(row.Gaps, 10*time.Millisecond)
		}
		all = append(all, row)
	}
	return all
}

// measure writes the result of a point as a sweep does.
func measure(t *testing.T, root, key string, qps float64, at time.Time, rows []record.Row) (path string) {
	t.Helper()
	csv := filepath.Join(root, "requests.csv")
	file, err := os.Create(csv)
	if err != nil {
		t.Fatal(err)
	}
	out, err := record.NewWriter(file, record.Conversation())
	if err := errors.Join(err, out.Write(rows...), file.Close()); err != nil {
		t.Fatal(err)
	}
	report, err := result.Write(result.Options{Root: root, CSV: csv, Now: at, Pairs: []string{
		"NAME=night", "LMBENCH_SESSION_ID=s", "KEY=" + key, "WORKLOAD=synthetic", "NUM_USERS=4", fmt.Sprintf("QPS=%g", qps), "AUTO_UPLOAD=false"}})
	if report.Path == "" {
		t.Fatal(err)
	}
	if beside, is := strings.CutSuffix(report.Path, ".json"); is {
		if err := os.Rename(csv, beside+".csv"); err != nil {
			t.Fatal(err)
		}
	}
	return report.Path
}

// setVerdict sets the verdict of a result.
func setVerdict(t *testing.T, path, level, reason string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]json.RawMessage // keeps the order of the parameters
	var results map[string]any
	if err := errors.Join(json.Unmarshal(text, &document), json.Unmarshal(document["results"], &results)); err != nil {
		t.Fatal(err)
	}
	results["verdict"] = map[string]any{"word": level, "reasons": []any{}}
	if reason != "" {
		results["verdict"] = map[string]any{"word": level, "reasons": []any{map[string]any{"code": "x", "text": reason, "advice": "measure again"}}}
	}
	if document["results"], err = json.Marshal(results); err != nil {
		t.Fatal(err)
	}
	if text, err = json.Marshal(document); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// writeSuite writes a suite with two baselines whose keys contain names of workloads, a
// repeated point, a failed, a SUSPECT and an INVALID one, and one without its requests.
func writeSuite(t *testing.T) (root string) {
	root = t.TempDir()
	minute := func(n int) time.Time { return now.Add(time.Duration(n) * time.Minute) }
	for i, qps := range []float64{1, 2, 4} {
		setVerdict(t, measure(t, root, "vllm_random_a", qps, minute(i), rows(qps, 0.05*qps, 0)), "VALID", "")
	}
	setVerdict(t, measure(t, root, "vllm_random_a", 2, minute(10), rows(2, 0.08, 0)), "VALID", "")
	setVerdict(t, measure(t, root, "vllm_random_b", 1, minute(20), rows(1, 0.03, 7)), "SUSPECT", "few requests")
	setVerdict(t, measure(t, root, "vllm_random_b", 4, minute(21), rows(4, 0.2, 0)), "INVALID", "the client was starved")
	measure(t, root, "vllm_random_b", 2, minute(22), rows(2, 0.1, 1))
	without := measure(t, root, "bare", 2, minute(30), rows(2, 0.07, 0))
	setVerdict(t, without, "VALID", "")
	if err := os.Remove(strings.TrimSuffix(without, ".json") + ".csv"); err != nil {
		t.Fatal(err)
	}
	return root
}

// writeEventLog writes the event log of a point beside its result, with a scrape of the
// engine every five seconds.
func writeEventLog(t *testing.T, path string, rows []record.Row) {
	t.Helper()
	file, err := os.Create(strings.TrimSuffix(path, ".json") + eventlog.Ending)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Unix(1_700_000_000, 0)
	log, err := eventlog.NewWriter(file, eventlog.Header{Workload: "synthetic", Start: start, Layout: record.Conversation()})
	for i := range rows {
		err = errors.Join(err, log.Write(&eventlog.Request{Row: rows[i]}))
	}
	for second := range 9 {
		err = errors.Join(err, log.Write(eventlog.Sample{At: time.Duration(5*second) * time.Second, Values: []eventlog.Value{
			{Name: string(enginemetrics.Running), Number: 3}, {Name: string(enginemetrics.Waiting), Number: float64(second)}, {Name: string(enginemetrics.KVUsage), Number: 0.25},
			{Name: string(enginemetrics.CacheQueries), Number: float64(1000 * second)}, {Name: string(enginemetrics.CacheHits), Number: float64(400 * second)},
		}}))
	}
	if err := errors.Join(err, log.Flush(), file.Close()); err != nil {
		t.Fatal(err)
	}
}

// runCommand runs a command line. In its output ROOT replaces the path of the root.
func runCommand(t *testing.T, root string, arguments ...string) (transcript string, exit int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err := run(context.Background(), arguments, command.Streams{Out: &stdout, Err: &stderr}, now)
	exit = command.Report("report", err, &stderr)
	transcript = fmt.Sprintf("exit %d\n--- stdout\n%s--- stderr\n%s", exit, &stdout, &stderr)
	return strings.ReplaceAll(transcript, root, "ROOT"), exit
}

func TestCommandLines(t *testing.T) {
	root := writeSuite(t)
	if err := os.Mkdir(filepath.Join(root, "4-latest-results", "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "4-latest-results", "night", "broken.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		why, stdout, stderr string
		arguments           []string
		exit                int
	}{
		{"the path of the page, and skipped files", "report: ROOT/4-latest-results/night/report/index.html", "warning: skipped ROOT/4-latest-results/night/broken.json", []string{"--no-png", "night"}, 0},
		{"one baseline", "index.html", "", []string{"--no-png", "night:vllm_random_a"}, 0},
		{"unknown suite", "", "no folder ROOT/4-latest-results/day", []string{"day"}, 1},
		{"a suite without results", "", "no results in empty", []string{"empty"}, 1},
		{"unknown baseline", "", "no results in night:none", []string{"night:none"}, 1},
		{"no suite", "", "want one argument, SUITE", nil, 2},
		{"several wrong arguments", "", "ttfb:5", []string{"--goodput", "ttfb:5", "a", "b"}, 2},
		{"an unknown flag", "", "flag", []string{"--colour", "x"}, 2},
		{"the help", "usage: report", "", []string{"--help"}, 0},
	} {
		t.Run(test.why, func(t *testing.T) {
			got, exit := runCommand(t, root, append([]string{"--root", root}, test.arguments...)...)
			stdout, stderr, _ := strings.Cut(got, "--- stderr\n")
			if exit != test.exit || !strings.Contains(stdout, test.stdout) || !strings.Contains(stderr, test.stderr) {
				t.Errorf("want exit %d, %q, %q; got\n%s", test.exit, test.stdout, test.stderr, got)
			}
		})
	}
}

// report runs the command on the suite of writeSuite.
func report(t *testing.T, flags ...string) (dir, html string) {
	t.Helper()
	root := writeSuite(t)
	if got, exit := runCommand(t, root, append(append([]string{"--root", root}, flags...), "night")...); exit != 0 {
		t.Fatal(got)
	}
	dir = filepath.Join(root, "4-latest-results", "night", "report")
	text, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	return dir, strings.ReplaceAll(string(text), root, "ROOT")
}

func TestPageLoadsNothing(t *testing.T) {
	_, html := report(t, "--no-png")
	html = strings.ReplaceAll(html, `xmlns="http://www.w3.org/2000/svg"`, "")
	html = strings.NewReplacer("URL.createObjectURL(", "", "URL.revokeObjectURL(", "").Replace(html) // these refer to data of the page itself
	for _, pattern := range []string{`(?i)\b(https?|ftp|wss?):`, `(?i)\bsrc\s*=`, `(?i)@import`, `(?i)url\(`, `(?i)href="[^#d]`, `(?i)href="d[^a]`, `//[a-z]+\.`} {
		if found := regexp.MustCompile(pattern).FindString(html); found != "" {
			t.Errorf("the page contains %q", found)
		}
	}
	if !strings.Contains(html, `default-src 'none'`) {
		t.Error("the content security policy allows requests")
	}
}

func TestPageShowsProblems(t *testing.T) {
	_, html := report(t, "--no-png", "--goodput", "ttft:300 e2el:2000")
	for _, want := range []string{
		"7 results · 3 baselines · 1 session", "1 failed point",
		`<b class="verdict failed">FAILED</b> synthetic, vllm_random_b at 2 requests/s`, "40 × HTTP 500: &#34;&lt;b&gt;no&lt;/b&gt;&#34;",
		`<b class="verdict suspect">SUSPECT</b>`, "few requests: <i>measure again</i>", `<b class="verdict invalid">INVALID</b>`, "the client was starved",
		"an earlier run of this point", "TTFT ≤ 300 ms, E2EL ≤ 2 s",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not contain %q", want)
		}
	}
	if strings.Contains(html, "<b>no</b>") {
		t.Error("the text of an error was not escaped")
	}
	// A failed point has rows without figures, not with zeros.
	rows := regexp.MustCompile(`<td>vllm_random_b</td><td>2</td><td>FAILED</td><td>0</td><td>40</td>(.*)</tr>`).FindAllStringSubmatch(html, -1)
	if len(rows) != 6 {
		t.Errorf("the failed point has rows in %d tables, want 6", len(rows))
	}
	for _, row := range rows {
		if figures := regexp.MustCompile(`(<td>-</td>)+(<td>2026-01-02 15:26</td><td>s</td>)?`); figures.FindString(row[1]) != row[1] {
			t.Errorf("the failed point has figures in the table: %s", row[1])
		}
	}
}

// TestEngineTimeline checks that the engine's own metrics are shown on the client's time
// axis.
func TestEngineTimeline(t *testing.T) {
	root := t.TempDir()
	path := measure(t, root, "a", 1, now, rows(1, 0.1, 0))
	writeEventLog(t, path, rows(1, 0.1, 0))
	if got, exit := runCommand(t, root, "--root", root, "--no-png", "night"); exit != 0 {
		t.Fatal(got)
	}
	text, err := os.ReadFile(filepath.Join(root, "4-latest-results", "night", "report", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Engine: running and waiting requests", "Engine: KV cache usage and prefix cache hit rate",
		`<th scope="col">engine running</th><th scope="col">engine waiting</th><th scope="col">KV usage %</th><th scope="col">cache hit rate %</th></tr>`,
		`<td>3.0</td><td>7.0</td><td>25.0</td><td>40.0</td></tr>`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page does not contain %q", want)
		}
	}
}

func TestPictures(t *testing.T) {
	dir, _ := report(t)
	for _, name := range []string{"synthetic-latency", "synthetic-rate", "synthetic-ecdf-4", "synthetic-cached", "synthetic-lag",
		"vllm_random_a_synthetic_4_20260102-1506-course", "vllm_random_a_synthetic_4_20260102-1506-sessions"} {
		file, err := os.Open(filepath.Join(dir, name+".png"))
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := png.Decode(file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		file.Close()
	}
}

// TestCurves compares the first chart with a golden file.
func TestCurves(t *testing.T) {
	_, html := report(t, "--no-png")
	from := strings.Index(html, `<svg`)
	svg := html[from : from+strings.Index(html[from:], "</svg>")+len("</svg>\n")]
	workloadtest.Golden(t, "ttft.svg", svg)
}

// TestAxes checks that axes contain their values and have ticks.
func TestAxes(t *testing.T) {
	for _, largest := range []float64{0.003, 0.9, 1, 7, 19.8, 100, 12345, 3e6} {
		for name, a := range map[string]axis{"linear": linear(largest, 0, 100, 5), "log": logarithmic(largest/300, largest, 0, 100)} {
			if at := a.position(largest); at < 0 || at > 100.001 || a.high > largest*5.01 {
				t.Errorf("%s axis to %g: position of the largest value %g is %g, want at most 100", name, a.high, largest, at)
			}
			if n := len(a.ticks(5)); n < 2 || n > 12 {
				t.Errorf("%s axis to %g has %d ticks", name, largest, n)
			}
		}
	}
}
