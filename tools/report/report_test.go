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

// rows are requests of 4 users at a steady rate; the first turn takes longest. Every
// nth fails, if n is not 0.
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

// measure writes a point's result as a sweep does.
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

// judge sets a result's verdict.
func judge(t *testing.T, path, word, reason string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]json.RawMessage // the order of the parameters stays
	var results map[string]any
	if err := errors.Join(json.Unmarshal(text, &document), json.Unmarshal(document["results"], &results)); err != nil {
		t.Fatal(err)
	}
	results["verdict"] = map[string]any{"word": word, "reasons": []any{}}
	if reason != "" {
		results["verdict"] = map[string]any{"word": word, "reasons": []any{map[string]any{"code": "x", "text": reason, "advice": "measure again"}}}
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

// night is a suite with something of everything: two baselines whose keys hold the
// names of workloads, a repeated point, a failed, a suspect and an invalid one, one
// without its requests.
func night(t *testing.T) (root string) {
	root = t.TempDir()
	minute := func(n int) time.Time { return now.Add(time.Duration(n) * time.Minute) }
	for i, qps := range []float64{1, 2, 4} {
		judge(t, measure(t, root, "vllm_random_a", qps, minute(i), rows(qps, 0.05*qps, 0)), "VALID", "")
	}
	judge(t, measure(t, root, "vllm_random_a", 2, minute(10), rows(2, 0.08, 0)), "VALID", "")
	judge(t, measure(t, root, "vllm_random_b", 1, minute(20), rows(1, 0.03, 7)), "SUSPECT", "few requests")
	judge(t, measure(t, root, "vllm_random_b", 4, minute(21), rows(4, 0.2, 0)), "INVALID", "the client was starved")
	measure(t, root, "vllm_random_b", 2, minute(22), rows(2, 0.1, 1))
	without := measure(t, root, "bare", 2, minute(30), rows(2, 0.07, 0))
	judge(t, without, "VALID", "")
	if err := os.Remove(strings.TrimSuffix(without, ".json") + ".csv"); err != nil {
		t.Fatal(err)
	}
	return root
}

// logged writes the event log of a point beside its result, with what an engine says
// every five seconds.
func logged(t *testing.T, path string, rows []record.Row) {
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

// runCommand runs a command line; the output has ROOT for the root's path.
func runCommand(t *testing.T, root string, arguments ...string) (transcript string, exit int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err := run(context.Background(), arguments, command.Streams{Out: &stdout, Err: &stderr}, now)
	exit = command.Report("report", err, &stderr)
	transcript = fmt.Sprintf("exit %d\n--- stdout\n%s--- stderr\n%s", exit, &stdout, &stderr)
	return strings.ReplaceAll(transcript, root, "ROOT"), exit
}

func TestCommandLines(t *testing.T) {
	root := night(t)
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
		{"the page's path, and what was left out", "report: ROOT/4-latest-results/night/report/index.html", "warning: left out: ROOT/4-latest-results/night/broken.json", []string{"--no-png", "night"}, 0},
		{"one baseline", "index.html", "", []string{"--no-png", "night:vllm_random_a"}, 0},
		{"a suite that is not there", "", "no folder ROOT/4-latest-results/day", []string{"day"}, 1},
		{"a suite without results", "", "empty holds no results", []string{"empty"}, 1},
		{"a baseline that it has not", "", "night:none holds no results", []string{"night:none"}, 1},
		{"no suite", "", "want one SUITE", nil, 2},
		{"all that is wrong at once", "", "ttfb:5", []string{"--goodput", "ttfb:5", "a", "b"}, 2},
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

// drawNight has the page of the suite made.
func drawNight(t *testing.T, flags ...string) (dir, html string) {
	t.Helper()
	root := night(t)
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

func TestPageNamesNoOtherPlace(t *testing.T) {
	_, html := drawNight(t, "--no-png")
	html = strings.ReplaceAll(html, `xmlns="http://www.w3.org/2000/svg"`, "")
	html = strings.NewReplacer("URL.createObjectURL(", "", "URL.revokeObjectURL(", "").Replace(html) // of what the page itself holds
	for _, pattern := range []string{`(?i)\b(https?|ftp|wss?):`, `(?i)\bsrc\s*=`, `(?i)@import`, `(?i)url\(`, `(?i)href="[^#d]`, `(?i)href="d[^a]`, `//[a-z]+\.`} {
		if found := regexp.MustCompile(pattern).FindString(html); found != "" {
			t.Errorf("the page has %q", found)
		}
	}
	if !strings.Contains(html, `default-src 'none'`) {
		t.Error("the page's policy does not forbid all requests")
	}
}

func TestPageTellsWhatIsWrong(t *testing.T) {
	_, html := drawNight(t, "--no-png", "--goodput", "ttft:300 e2el:2000")
	for _, want := range []string{
		"7 results · 3 baselines · 1 session", "1 failed point",
		`<b class="word failed">FAILED</b> synthetic, vllm_random_b at 2 requests/s`, "40 × HTTP 500: &#34;&lt;b&gt;no&lt;/b&gt;&#34;",
		`<b class="word suspect">SUSPECT</b>`, "few requests – <i>measure again</i>", `<b class="word invalid">INVALID</b>`, "the client was starved",
		"an earlier run of this point", "TTFT ≤ 300 ms, E2EL ≤ 2 s",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(html, "<b>no</b>") {
		t.Error("an error's text became markup")
	}
	// A failed point has rows without figures, never with zeros.
	rows := regexp.MustCompile(`<td>vllm_random_b</td><td>2</td><td>FAILED</td><td>0</td><td>40</td>(.*)</tr>`).FindAllStringSubmatch(html, -1)
	if len(rows) != 6 {
		t.Errorf("the failed point has rows in %d tables, want 6", len(rows))
	}
	for _, row := range rows {
		if figures := regexp.MustCompile(`(<td>–</td>)+(<td>2026-01-02 15:26</td><td>s</td>)?`); figures.FindString(row[1]) != row[1] {
			t.Errorf("the failed point has figures in the table: %s", row[1])
		}
	}
}

// What the engine said stands beside what the client saw, at the same instants.
func TestEngineBesideClient(t *testing.T) {
	root := t.TempDir()
	path := measure(t, root, "a", 1, now, rows(1, 0.1, 0))
	logged(t, path, rows(1, 0.1, 0))
	if got, exit := runCommand(t, root, "--root", root, "--no-png", "night"); exit != 0 {
		t.Fatal(got)
	}
	text, err := os.ReadFile(filepath.Join(root, "4-latest-results", "night", "report", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Engine: requests running and waiting", "Engine: share of the KV cache in use",
		`<th scope="col">engine running</th><th scope="col">engine waiting</th><th scope="col">KV used %</th><th scope="col">cache hits %</th></tr>`,
		`<td>3.0</td><td>7.0</td><td>25.0</td><td>40.0</td></tr>`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestPictures(t *testing.T) {
	dir, _ := drawNight(t)
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

// The curves of a suite, word for word.
func TestCurves(t *testing.T) {
	_, html := drawNight(t, "--no-png")
	from := strings.Index(html, `<svg`)
	svg := html[from : from+strings.Index(html[from:], "</svg>")+len("</svg>\n")]
	workloadtest.Golden(t, "ttft.svg", svg)
}

func TestShort(t *testing.T) {
	for _, test := range []struct {
		v    float64
		want string
	}{{0, "0"}, {0.00123456, "0.00123"}, {1, "1"}, {1.5, "1.5"}, {12.345, "12.3"}, {123.4, "123"}, {1234567, "1,234,567"}, {-4321, "-4,321"}} {
		if got := short(test.v); got != test.want {
			t.Errorf("short(%g) = %q, want %q", test.v, got, test.want)
		}
	}
}

// Every value that is drawn lies within its axis, which has ticks at either kind of scale.
func TestAxesHoldTheirValues(t *testing.T) {
	for _, most := range []float64{0.003, 0.9, 1, 7, 19.8, 100, 12345, 3e6} {
		for name, a := range map[string]axis{"linear": linear(most, 0, 100, 5), "log": logarithmic(most/300, most, 0, 100)} {
			if at := a.at(most); at < 0 || at > 100.001 || a.high > most*5.01 {
				t.Errorf("%s axis to %g: the largest value %g lies at %g of 100", name, a.high, most, at)
			}
			if n := len(a.ticks(5)); n < 2 || n > 12 {
				t.Errorf("%s axis to %g has %d ticks", name, most, n)
			}
		}
	}
}
