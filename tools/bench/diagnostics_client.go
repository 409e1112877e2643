package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/calibrate"
	"github.com/LMCache/LMBench/tools/load/monitor"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/runner"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// diagnosticsProcess is the argument that starts a client with or without diagnostics.
const diagnosticsProcess = "diagnostics-client"

// runDiagnosticsClient is the process of such a client. The task is JSON.
func runDiagnosticsClient(ctx context.Context, taskJSON string, p process) error {
	var t diagnosticsTask
	if err := json.Unmarshal([]byte(taskJSON), &t); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	schedule.Prepare()
	stopProfile, err := startProfile(t.Profile)
	if err != nil {
		return err
	}
	defer stopProfile()
	cpuBefore := monitor.CPUTime()
	send := t.sendWithout
	if t.With {
		send = t.sendWith
	}
	report, err := send(ctx)
	if err != nil {
		return err
	}
	report.CPU = monitor.CPUTime() - cpuBefore
	if t.With {
		if err := t.readEventLog(&report); err != nil {
			return err
		}
	}
	return gob.NewEncoder(p.stdout).Encode(report)
}

// load returns the load that both clients send. Each request is due at a random time
// within its interval. Evenly spaced requests would all coincide with arrivals of chunks
// or all fall between them, by chance, and the two differ in CPU time.
func (t *diagnosticsTask) load(common *workload.Common, final func(*workload.Request)) workload.Plan {
	random := rand.New(rand.NewPCG(1, 2))
	dues := make([]time.Duration, t.Scenario.Requests)
	for i := range dues {
		dues[i] = time.Duration((float64(i) + random.Float64()) / t.Scenario.Rate * float64(time.Second))
	}
	conversation := []chat.Message{{Role: chat.User, Content: chat.Text{prompt(t.Scenario)}}}
	return &workload.OpenLoop{Arrivals: schedule.Times(dues), Final: final, Item: func(i int, due time.Duration) *workload.Request {
		return &workload.Request{User: i, Question: 1, Answer: 1, Due: due, UncachedShare: 1, Payload: common.Request(conversation, strconv.Itoa(i), t.Scenario.Engine.Chunks)}
	}}
}

// batchSize is the number of rows handed to the writer at a time, as in a workload.
const batchSize = 32

// sendWithout sends the load without diagnostics: it only writes a row for each request,
// with the gaps between its chunks, and computes the figures. As in a workload, one
// goroutine owns the file, and rows are reused.
func (t *diagnosticsTask) sendWithout(ctx context.Context) (report diagnosticsReport, err error) {
	file, err := os.Create(t.Rows)
	if err != nil {
		return report, err
	}
	defer file.Close()
	lines := bufio.NewWriterSize(file, 64<<10)
	out, err := record.NewWriter(lines, slices.DeleteFunc(record.Conversation(), func(column string) bool {
		return strings.HasPrefix(column, "lag_") || column == "cold"
	}))
	if err != nil {
		return report, err
	}
	client, err := openai.New(openai.Config{BaseURL: t.URL, StallTimeout: 300 * time.Second})
	if err != nil {
		return report, err
	}
	defer client.Close()
	if err := client.Warm(ctx, t.Scenario.Connections); err != nil {
		return report, err
	}
	var writeErr, requestErr error
	var writing sync.WaitGroup
	batches, written := make(chan []record.Row, 64), make(chan []record.Row, 64)
	writing.Go(func() {
		for batch := range batches {
			writeErr = cmp.Or(writeErr, out.Write(batch...))
			select {
			case written <- batch:
			default:
			}
		}
	})
	rows := make([]record.Row, 0, batchSize)
	plan := t.load(&workload.Common{Model: "reference", WithUserID: true}, func(r *workload.Request) {
		report.Requests++
		report.Chunks += len(r.Reply.Chunks)
		requestErr = cmp.Or(requestErr, r.Err)
		rows = rows[:len(rows)+1]
		plainRow(&rows[len(rows)-1], r)
		if len(rows) < batchSize {
			return
		}
		batches <- rows
		select {
		case rows = <-written:
			rows = rows[:0]
		default:
			rows = make([]record.Row, 0, batchSize)
		}
	})
	schedule.Do(ctx, ctx, schedule.Options{Start: time.Now(), Precise: true}, plan, func(ctx context.Context, r *workload.Request, _ schedule.Dispatch) {
		r.Reply, r.Err = client.Stream(ctx, r.Payload)
	})
	batches <- rows
	close(batches)
	writing.Wait()
	writeErr = cmp.Or(writeErr, lines.Flush())
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return report, err
	}
	figures, err := metrics.Collect(record.Read(file))
	if figures.OK != report.Requests {
		writeErr = cmp.Or(writeErr, fmt.Errorf("%d rows of %d requests", figures.OK, report.Requests))
	}
	return report, cmp.Or(requestErr, writeErr, err)
}

// plainRow fills in a row without the columns for diagnostics.
func plainRow(row *record.Row, r *workload.Request) {
	reply := &r.Reply
	launch := float64(reply.Launch.UnixNano()) / 1e9
	prompt, generated := record.Tokens(reply.Usage.Prompt), record.Tokens(reply.Usage.Completion)
	ttft, generation, latency := reply.FirstToken.Seconds(), (reply.Finish - reply.FirstToken).Seconds(), reply.Finish.Seconds()
	gaps := row.Gaps[:0]
	for i := range max(0, len(reply.Chunks)-1) {
		gaps = append(gaps, reply.Chunks[i+1]-reply.Chunks[i])
	}
	*row = record.Row{
		PromptTokens: &prompt, GenerationTokens: &generated, TTFT: &ttft, GenerationTime: &generation, Latency: &latency, FinishReason: reply.FinishReason,
		UserID: r.User, QuestionID: r.Answer, LaunchTime: launch, FinishTime: launch + latency, TokensFrom: record.FromUsage, Gaps: gaps,
	}
}

// sendWith sends the load with diagnostics, as a workload's command does.
func (t *diagnosticsTask) sendWith(ctx context.Context) (report diagnosticsReport, err error) {
	var common workload.Common
	var qps float64
	s := &t.Scenario
	w := workload.Workload{
		Name: diagnosticsName, Common: &common, Layout: record.Conversation(), ResultKeys: []string{"QPS"},
		Point: params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&qps)},
		Stages: func(bool) []workload.Stage {
			plan := func(control workload.Control) workload.Plan { return t.load(&common, control.Final) }
			return []workload.Stage{{Name: "measured", Connections: s.Connections, Planned: s.Requests, Offered: s.Rate, Plan: plan}}
		},
	}
	var stdout strings.Builder
	err = runner.Run(ctx, w, runner.Env{
		Args: []string{"--model", "reference", "--base-url", t.URL, "--qps", fmt.Sprint(s.Rate), "--output", t.Rows, "--metrics-url", t.MetricsURL,
			fmt.Sprintf("--no-calibration=%t", !t.Calibrate)},
		// The live view is drawn and then discarded.
		Stdout: &stdout, Stderr: io.Discard, Terminal: func() (columns, rows int) { return 80, 24 }, Getenv: environment,
		Loopback: calibrate.Loopback, Precise: true, CPU: monitor.CPUTime,
	})
	if err != nil {
		return report, fmt.Errorf("%w\n%s", err, &stdout)
	}
	return report, nil
}

func environment(name string) string {
	if name == "TERM" {
		return "xterm"
	}
	return ""
}

// An observation is a fact that is missing if a part of the diagnostics did not run.
type observation struct {
	name  string
	found bool
}

func observations(facts *verdict.Facts) []observation {
	return []observation{
		{"fingerprint", facts.Fingerprint != ""}, {"ledger_planned", facts.Ledger.Planned != nil}, {"client_cpu_seconds", facts.Client.CPUSeconds != nil},
		{"clock_step_ms", facts.Clock.StepMS != nil}, {"counters_samples", facts.Counters.Samples != nil},
		{"in_flight_seconds", facts.InFlightSeconds != nil}, {"writer_stall_ms", facts.Writer.StallMS != nil},
	}
}

// readEventLog completes a report with what the event log of the run contains.
func (t *diagnosticsTask) readEventLog(report *diagnosticsReport) error {
	file, err := os.Open(strings.TrimSuffix(t.Rows, ".csv") + eventlog.Ending)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	report.EventLogSize = info.Size()
	log, err := eventlog.NewReader(file)
	var stand eventlog.State
	for err == nil {
		var event eventlog.Event
		if event, err = log.Next(); err != nil {
			break
		}
		stand.Add(event)
		if request, is := event.(*eventlog.Request); is && request.Row.OK() {
			report.Requests++
			report.Chunks += len(request.Arrivals)
		}
	}
	if err != io.EOF || stand.Ended == nil {
		return errors.Join(errors.New("the event log is incomplete"), err)
	}
	facts := stand.Ended.Known().Facts
	for _, fact := range observations(&facts) {
		if !fact.found {
			return fmt.Errorf("the run did not observe %s", fact.name)
		}
		report.Observed = append(report.Observed, fact.name)
	}
	if facts.Calibration.Seconds != nil { // the run skips it if the machine is too busy
		report.Calibration, report.CalibrationCPU = *facts.Calibration.Seconds, record.Value(facts.Calibration.CPUSeconds)
	}
	return nil
}
