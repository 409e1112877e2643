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

// proof is a load that is sent with, and at the same time without, all that tells
// whether a figure may be believed. Measured one after the other the two differ by
// more than the proof costs: by whatever else the machine does. Fewer than four
// processors bear half of it, as two engines are on them too.
func proof(processors int) scenario {
	s := scenario{
		Name: "proof", About: "1,000 streams of 50 tokens/s with the proof, and as many without",
		Engine:   slow,
		Requests: 5000, Rate: 500, Prompt: 1000, Connections: 1100,
	}
	if processors < 4 {
		s.About = "500 streams of 50 tokens/s with the proof, and as many without"
		s.Requests, s.Rate, s.Connections = s.Requests/2, s.Rate/2, s.Connections/2
	}
	return s
}

// weigh measures what the proof costs, and says so.
func (o *options) weigh(ctx context.Context, p *process, s scenario) error {
	if o.repeat < 1 {
		return command.Usagef("--repeat: want at least 1")
	}
	fmt.Fprintf(p.stderr, "%s: %s\n", s.Name, s.About)
	rounds, err := p.contrast(ctx, s, o)
	var calibrated proofReport
	if err == nil {
		calibrated, err = p.prove(ctx, proofTask{Scenario: s, With: true, Calibrate: true})
	}
	if len(rounds) > 0 { // what was measured is not lost with a round that failed
		err = errors.Join(err, writeProof(p.stdout, rounds, calibrated))
	}
	return err
}

// contrast runs two clients at a time, without and with the proof, again and again.
// With an error come the rounds before it.
func (p *process) contrast(ctx context.Context, s scenario, o *options) (rounds [][2]proofReport, err error) {
	halves, end := p.halves()
	defer end()
	for range o.repeat {
		var round [2]proofReport
		var errs [2]error
		var both sync.WaitGroup
		for k := range round {
			both.Go(func() {
				round[k], errs[k] = halves[k].prove(ctx, proofTask{Scenario: s, With: k == 1, Profile: o.profile})
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

// prove runs one client, each process anew. The page of counters is this
// process's: the engine has none.
func (p *process) prove(ctx context.Context, t proofTask) (report proofReport, err error) {
	s := &t.Scenario
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	engine, url, err := p.startEngine(ctx, *s)
	if err != nil {
		return report, err
	}
	page := httptest.NewServer(http.HandlerFunc(servePage))
	defer page.Close()
	dir, err := os.MkdirTemp("", "bench-proof-")
	if err != nil {
		return report, err
	}
	defer os.RemoveAll(dir)
	t.URL, t.Page, t.Rows = url, page.URL+"/metrics", filepath.Join(dir, "rows.csv")
	if !t.With {
		t.Profile = ""
	}
	order, err := json.Marshal(t)
	if err != nil {
		return report, err
	}
	driver, err := p.spawn(ctx, p.stderr, "prover", string(order))
	if err != nil {
		return report, err
	}
	if err := driver.end(&report); err != nil {
		return report, fmt.Errorf("%s: %w", s.Name, err)
	}
	if want := s.Requests * s.Engine.Chunks; report.Requests != s.Requests || report.Chunks != want {
		return report, fmt.Errorf("%s: %d requests with %d chunks came to their end, want %d with %d", s.Name, report.Requests, report.Chunks, s.Requests, want)
	}
	return report, engine.end(&engineReport{})
}

// servePage is as long as a page of vLLM's.
func servePage(w http.ResponseWriter, _ *http.Request) {
	for _, name := range []string{"num_requests_running", "num_requests_waiting", "kv_cache_usage_perc", "prompt_tokens_total",
		"generation_tokens_total", "prefix_cache_queries_total", "prefix_cache_hits_total", "num_preemptions_total", "request_success_total"} {
		fmt.Fprintf(w, "vllm:%s{engine=\"0\",model_name=\"m\"} 1.0\n", name)
	}
	for i := range 400 {
		fmt.Fprintf(w, "vllm:request_latency_seconds_bucket{engine=\"0\",le=\"%d.0\",model_name=\"m\"} 12.0\n", i)
	}
}

// writeProof prints each round, and what is in the middle of each column.
func writeProof(out io.Writer, rounds [][2]proofReport, calibrated proofReport) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "CPU of the client, s\twithout\twith\tmore\t")
	var more, without, with []float64
	for _, round := range rounds {
		a, b := round[0].CPU.Seconds(), round[1].CPU.Seconds()
		more, without, with = append(more, 100*(b-a)/a), append(without, a), append(with, b)
		fmt.Fprintf(table, "\t%.3f\t%.3f\t%.2f %%\t\n", a, b, 100*(b-a)/a)
	}
	a, b, d := metrics.Distribute(without).P(50), metrics.Distribute(with).P(50), metrics.Distribute(more)
	fmt.Fprintf(table, "median\t%.3f\t%.3f\t%.2f %%\t\n", a, b, d.P(50))
	if err := table.Flush(); err != nil {
		return err
	}
	if sure := d.Quantiles[0].Interval; !math.IsNaN(sure.Lower + sure.Upper) {
		fmt.Fprintf(out, "95 %% interval of that median: %.2f to %.2f %%\n", sure.Lower, sure.Upper)
	}
	if n := float64(len(more)); n > 1 {
		mean, squares := 0.0, 0.0
		for _, of := range more {
			mean += of / n
		}
		for _, of := range more {
			squares += (of - mean) * (of - mean)
		}
		fmt.Fprintf(out, "mean of the rounds: %.2f %% more, standard error %.2f\n", mean, math.Sqrt(squares/(n-1)/n))
	}
	last := rounds[len(rounds)-1][1]
	chunks := float64(last.Chunks)
	fmt.Fprintf(out, "a chunk: %.2f µs of CPU without, %.2f with; %.2f bytes of event log\n", 1e6*a/chunks, 1e6*b/chunks, float64(last.Log)/chunks)
	if calibrated.Calibration > 0 {
		fmt.Fprintf(out, "calibration, when the point is over and in none of these: %.2f s of CPU in %.2f s\n", calibrated.CalibrationCPU, calibrated.Calibration)
	}
	_, err := fmt.Fprintln(out, "with:", strings.Join(last.Proof, ", "))
	return err
}

// proofTask is what a client's process is to do.
type proofTask struct {
	URL, Page string // of the engine and its counters
	Rows      string // the CSV
	Scenario  scenario
	With      bool
	Calibrate bool // too
	Profile   string
}

// proofReport is what it says at its end.
type proofReport struct {
	CPU              time.Duration
	Requests, Chunks int   // of the answers
	Log              int64 // bytes of the event log

	Calibration, CalibrationCPU float64 // s
	Proof                       []string
}
