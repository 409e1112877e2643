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
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// prover is the process of a client with the proof, or without.
func prover(ctx context.Context, order string, p process) error {
	var t proofTask
	if err := json.Unmarshal([]byte(order), &t); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	schedule.Prepare()
	profiled, err := profile(t.Profile)
	if err != nil {
		return err
	}
	defer profiled()
	used := cpu()
	run := t.without
	if t.With {
		run = t.with
	}
	report, err := run(ctx)
	if err != nil {
		return err
	}
	report.CPU = cpu() - used
	if t.With {
		if err := t.read(&report); err != nil {
			return err
		}
	}
	return gob.NewEncoder(p.stdout).Encode(report)
}

// load is what both send. Each request is due anywhere in its part of a second: sent
// on a beat, which the answers' chunks keep, all would be due while the client is
// busy, or all while it is not, as chance has it, and to wait for the one costs more
// than for the other.
func (t *proofTask) load(common *workload.Common, final func(*workload.Request)) workload.Plan {
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

// atOnce is how many rows are handed over at once, as in a workload.
const atOnce = 32

// without is a client that sends the load, writes a row of each request with the
// gaps between its chunks, and makes figures of them: one goroutine owns the file,
// and rows use their memory again, as in a workload.
func (t *proofTask) without(ctx context.Context) (report proofReport, err error) {
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
	var first, failed error
	var writing sync.WaitGroup
	batches, written := make(chan []record.Row, 64), make(chan []record.Row, 64)
	writing.Go(func() {
		for batch := range batches {
			first = cmp.Or(first, out.Write(batch...))
			select {
			case written <- batch:
			default:
			}
		}
	})
	rows := make([]record.Row, 0, atOnce)
	plan := t.load(&workload.Common{Model: "metronome", WithUserID: true}, func(turn *workload.Request) {
		report.Requests++
		report.Chunks += len(turn.Reply.Chunks)
		failed = cmp.Or(failed, turn.Err)
		rows = rows[:len(rows)+1]
		plainRow(&rows[len(rows)-1], turn)
		if len(rows) < atOnce {
			return
		}
		batches <- rows
		select {
		case rows = <-written:
			rows = rows[:0]
		default:
			rows = make([]record.Row, 0, atOnce)
		}
	})
	schedule.Do(ctx, ctx, schedule.Options{Start: time.Now(), Precise: true}, plan, func(ctx context.Context, turn *workload.Request, _ schedule.Dispatch) {
		turn.Reply, turn.Err = client.Stream(ctx, turn.Payload)
	})
	batches <- rows
	close(batches)
	writing.Wait()
	first = cmp.Or(first, lines.Flush())
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return report, err
	}
	figures, err := metrics.Collect(record.Read(file))
	if figures.OK != report.Requests {
		first = cmp.Or(first, fmt.Errorf("%d rows of %d requests", figures.OK, report.Requests))
	}
	return report, cmp.Or(failed, first, err)
}

// plainRow fills in what a row has that proves nothing.
func plainRow(row *record.Row, turn *workload.Request) {
	reply := &turn.Reply
	launch := float64(reply.Launch.UnixNano()) / 1e9
	prompt, generated := record.Tokens(reply.Usage.Prompt), record.Tokens(reply.Usage.Completion)
	ttft, generation, latency := reply.FirstToken.Seconds(), (reply.Finish - reply.FirstToken).Seconds(), reply.Finish.Seconds()
	gaps := row.Gaps[:0]
	for i := range max(0, len(reply.Chunks)-1) {
		gaps = append(gaps, reply.Chunks[i+1]-reply.Chunks[i])
	}
	*row = record.Row{
		PromptTokens: &prompt, GenerationTokens: &generated, TTFT: &ttft, GenerationTime: &generation, Latency: &latency, FinishReason: reply.FinishReason,
		UserID: turn.User, QuestionID: turn.Answer, LaunchTime: launch, FinishTime: launch + latency, TokensFrom: record.FromUsage, Gaps: gaps,
	}
}

// with is a workload's own command, as every workload measures.
func (t *proofTask) with(ctx context.Context) (report proofReport, err error) {
	var common workload.Common
	var qps float64
	s := &t.Scenario
	w := workload.Workload{
		Name: "proof", Common: &common, Layout: record.Conversation(), Pairs: []string{"QPS"},
		Point: params.Param{Name: "QPS", Flag: "qps", Value: params.Positive(&qps)},
		Stages: func(bool) []workload.Stage {
			plan := func(control workload.Control) workload.Plan { return t.load(&common, control.Final) }
			return []workload.Stage{{Name: "measured", Connections: s.Connections, Planned: s.Requests, Offered: s.Rate, Plan: plan}}
		},
	}
	var said strings.Builder
	err = workload.Run(ctx, w, workload.World{
		Args: []string{"--model", "metronome", "--base-url", t.URL, "--qps", fmt.Sprint(s.Rate), "--output", t.Rows, "--metrics-url", t.Page,
			fmt.Sprintf("--no-calibration=%t", !t.Calibrate)},
		// The live view is drawn, on a terminal that nobody looks at.
		Stdout: &said, Stderr: io.Discard, Terminal: func() (columns, rows int) { return 80, 24 }, Getenv: environment,
		Loopback: calibrate.Loopback, Precise: true, CPU: cpu,
	})
	if err != nil {
		return report, fmt.Errorf("%w\n%s", err, &said)
	}
	return report, nil
}

func environment(name string) string {
	if name == "TERM" {
		return "xterm"
	}
	return ""
}

// observed is a fact that is missing when a part of the diagnostics did not run.
type observed struct {
	name string
	is   bool
}

func proven(facts *verdict.Facts) []observed {
	return []observed{
		{"fingerprint", facts.Fingerprint != ""}, {"ledger_planned", facts.Ledger.Planned != nil}, {"client_cpu_seconds", facts.Client.CPUSeconds != nil},
		{"clock_step_ms", facts.Clock.StepMS != nil}, {"counters_samples", facts.Counters.Samples != nil},
		{"in_flight_seconds", facts.InFlightSeconds != nil}, {"writer_stall_ms", facts.Writer.StallMS != nil},
	}
}

// read completes a report by what the run left.
func (t *proofTask) read(report *proofReport) error {
	file, err := os.Open(strings.TrimSuffix(t.Rows, ".csv") + eventlog.Ending)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	report.Log = info.Size()
	log, err := eventlog.NewReader(file)
	var stand eventlog.Stand
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
		return errors.Join(errors.New("the event log is not whole"), err)
	}
	facts := stand.Ended.Known().Facts
	for _, fact := range proven(&facts) {
		if !fact.is {
			return fmt.Errorf("the run did not observe %s", fact.name)
		}
		report.Proof = append(report.Proof, fact.name)
	}
	if facts.Calibration.Seconds != nil { // it is given up where the machine is too busy
		report.Calibration, report.CalibrationCPU = *facts.Calibration.Seconds, record.Value(facts.Calibration.CPUSeconds)
	}
	return nil
}
