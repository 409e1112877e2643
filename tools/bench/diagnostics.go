package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// diagnosticsName is the argument that measures the overhead of diagnostics: of the
// event log, the clock checks and everything else that supports a verdict.
const diagnosticsName = "proof"

// diagnosticsScenario returns the load that one client sends with diagnostics and
// another one, at the same time, without. Measured one after the other, the two would
// differ by more than the diagnostics cost, because other work on the machine varies.
// With fewer than four CPUs, which also run two engines, the load is halved.
func diagnosticsScenario(cpus int) scenario {
	s := scenario{
		Name: diagnosticsName, About: "1,000 streams of 50 tokens/s with diagnostics, and as many without",
		Engine:   slowStream,
		Requests: 5000, Rate: 500, Prompt: 1000, Connections: 1100,
	}
	if cpus < 4 {
		s.About = "500 streams of 50 tokens/s with diagnostics, and as many without"
		s.Requests, s.Rate, s.Connections = s.Requests/2, s.Rate/2, s.Connections/2
	}
	return s
}

// measureDiagnostics measures the overhead of diagnostics and prints it.
func (o *options) measureDiagnostics(ctx context.Context, p *process, s scenario) error {
	if o.repeat < 1 {
		return command.Usagef("--repeat: want at least 1, got %d", o.repeat)
	}
	fmt.Fprintf(p.stderr, "%s: %s\n", s.Name, s.About)
	rounds, err := p.compareAB(ctx, s, o)
	var calibrated diagnosticsReport
	if err == nil {
		calibrated, err = p.runDiagnostics(ctx, diagnosticsTask{Scenario: s, With: true, Calibrate: true})
	}
	if len(rounds) > 0 { // earlier rounds count even if the last one failed
		err = errors.Join(err, writeDiagnostics(p.stdout, rounds, calibrated))
	}
	return err
}

// compareAB runs a client without and one with diagnostics at the same time, o.repeat
// times. With an error it also returns the rounds before.
func (p *process) compareAB(ctx context.Context, s scenario, o *options) (rounds [][2]diagnosticsReport, err error) {
	halves, stop := p.split()
	defer stop()
	for range o.repeat {
		var round [2]diagnosticsReport
		var errs [2]error
		var both sync.WaitGroup
		for k := range round {
			both.Go(func() {
				round[k], errs[k] = halves[k].runDiagnostics(ctx, diagnosticsTask{Scenario: s, With: k == 1, Profile: o.profile})
			})
		}
		both.Wait()
		if err := errors.Join(errs[:]...); err != nil {
			return rounds, err
		}
		rounds = append(rounds, round)
	}
	return rounds, nil
}

// runDiagnostics runs one client and its engine in new processes. This process serves
// the engine's metrics, which the reference engine lacks.
func (p *process) runDiagnostics(ctx context.Context, t diagnosticsTask) (report diagnosticsReport, err error) {
	s := &t.Scenario
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	engine, url, err := p.startEngine(ctx, *s)
	if err != nil {
		return report, err
	}
	metricsPage := httptest.NewServer(http.HandlerFunc(serveMetrics))
	defer metricsPage.Close()
	dir, err := os.MkdirTemp("", "bench-proof-")
	if err != nil {
		return report, err
	}
	defer os.RemoveAll(dir)
	t.URL, t.MetricsURL, t.Rows = url, metricsPage.URL+"/metrics", filepath.Join(dir, "rows.csv")
	if !t.With {
		t.Profile = ""
	}
	task, err := json.Marshal(t)
	if err != nil {
		return report, err
	}
	client, err := p.spawn(ctx, p.stderr, diagnosticsProcess, string(task))
	if err != nil {
		return report, err
	}
	if err := client.end(&report); err != nil {
		return report, fmt.Errorf("%s: %w", s.Name, err)
	}
	if want := s.Requests * s.Engine.Chunks; report.Requests != s.Requests || report.Chunks != want {
		return report, fmt.Errorf("%s: %d requests with %d chunks were completed, want %d with %d", s.Name, report.Requests, report.Chunks, s.Requests, want)
	}
	return report, engine.end(&engineReport{})
}

// serveMetrics serves a metrics page as long as vLLM's.
func serveMetrics(w http.ResponseWriter, _ *http.Request) {
	for _, name := range []string{"num_requests_running", "num_requests_waiting", "kv_cache_usage_perc", "prompt_tokens_total",
		"generation_tokens_total", "prefix_cache_queries_total", "prefix_cache_hits_total", "num_preemptions_total", "request_success_total"} {
		fmt.Fprintf(w, "vllm:%s{engine=\"0\",model_name=\"m\"} 1.0\n", name)
	}
	for i := range 400 {
		fmt.Fprintf(w, "vllm:request_latency_seconds_bucket{engine=\"0\",le=\"%d.0\",model_name=\"m\"} 12.0\n", i)
	}
}

// writeDiagnostics prints the CPU time of each round and the median.
func writeDiagnostics(out io.Writer, rounds [][2]diagnosticsReport, calibrated diagnosticsReport) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "CPU of the client, s\twithout\twith\toverhead\t")
	var overhead, without, with []float64
	for _, round := range rounds {
		a, b := round[0].CPU.Seconds(), round[1].CPU.Seconds()
		overhead, without, with = append(overhead, 100*(b-a)/a), append(without, a), append(with, b)
		fmt.Fprintf(table, "\t%.3f\t%.3f\t%.2f %%\t\n", a, b, 100*(b-a)/a)
	}
	a, b, d := metrics.Distribute(without).P(50), metrics.Distribute(with).P(50), metrics.Distribute(overhead)
	fmt.Fprintf(table, "median\t%.3f\t%.3f\t%.2f %%\t\n", a, b, d.P(50))
	if err := table.Flush(); err != nil {
		return err
	}
	if interval := d.Quantiles[0].Interval; !math.IsNaN(interval.Lower + interval.Upper) {
		fmt.Fprintf(out, "95 %% confidence interval of the median: %.2f to %.2f %%\n", interval.Lower, interval.Upper)
	}
	if n := float64(len(overhead)); n > 1 {
		mean, squares := 0.0, 0.0
		for _, of := range overhead {
			mean += of / n
		}
		for _, of := range overhead {
			squares += (of - mean) * (of - mean)
		}
		fmt.Fprintf(out, "mean overhead: %.2f %%, standard error %.2f\n", mean, math.Sqrt(squares/(n-1)/n))
	}
	last := rounds[len(rounds)-1][1]
	chunks := float64(last.Chunks)
	fmt.Fprintf(out, "per chunk: %.2f µs of CPU without, %.2f with; %.2f bytes of event log\n", 1e6*a/chunks, 1e6*b/chunks, float64(last.EventLogSize)/chunks)
	if calibrated.Calibration > 0 {
		fmt.Fprintf(out, "calibration after the point, not included: %.2f s of CPU in %.2f s\n", calibrated.CalibrationCPU, calibrated.Calibration)
	}
	_, err := fmt.Fprintln(out, "observed:", strings.Join(last.Observed, ", "))
	return err
}

// A diagnosticsTask tells a client's process what to do.
type diagnosticsTask struct {
	URL        string // of the engine
	MetricsURL string
	Rows       string // CSV file
	Scenario   scenario
	With       bool   // with diagnostics
	Calibrate  bool   // calibrate after the run
	Profile    string // file for a CPU profile; empty for none
}

// A diagnosticsReport is what a client's process sends at its end.
type diagnosticsReport struct {
	CPU              time.Duration
	Requests, Chunks int   // completed
	EventLogSize     int64 // bytes

	Calibration, CalibrationCPU float64  // seconds
	Observed                    []string // facts that show that the diagnostics ran
}
