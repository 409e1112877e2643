package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/fingerprint"
	"github.com/LMCache/LMBench/tools/load/monitor"
	"github.com/LMCache/LMBench/tools/load/output"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/live"
)

// A stageRun is one run of a stage.
type stageRun struct {
	*session
	stage  workload.Stage
	client *openai.Client
	load   fingerprint.Load // of a measured stage
	after  time.Duration    // expected from the end of the stage's rest to that of the run

	shown    *live.Running
	inFlight monitor.InFlight
	onStart  func(*workload.Request) // called when a request is sent; nil: not needed
	start    time.Time

	ended       bool // by its plan
	complete    bool // all that it planned was sent
	interrupted bool // by a signal while requests were sent; one during a rest ends only the run
}

// show shows the stage on the console. Engine, if not nil, returns its metrics.
func (r *stageRun) show(monitors *monitor.Monitors) {
	shown := live.Stage{Name: r.stage.Name, Duration: r.stage.For, Planned: r.stage.Planned, Offered: r.stage.Offered, After: sum(r.stage.Rest, r.after)}
	if monitors != nil {
		shown.Engine = monitors.Engine()
	}
	r.shown = r.console.Begin(shown)
}

// send sends the requests of the stage's plan. It calls final for each one that is
// done, in the goroutine that runs the plan.
func (r *stageRun) send(final func(*workload.Request)) {
	sending, stopSending := context.WithCancel(r.interrupt.sending)
	defer stopSending()
	waiting, stopWaiting := context.WithCancel(r.interrupt.waiting)
	defer stopWaiting()
	plan := r.stage.Plan(workload.Control{Final: final, End: func() {
		r.ended = true
		stopSending()
		stopWaiting()
	}})
	if r.stage.Connections > 0 {
		// A connection that fails now is retried, or reported, by its request.
		_ = r.client.Warm(waiting, r.stage.Connections)
	}
	r.start = time.Now()
	options := schedule.Options{Start: r.start, Until: r.stage.For, Precise: r.env.Precise}
	schedule.Do(sending, waiting, options, plan, r.sendOne)
	r.interrupted = r.interrupt.interrupted()
	_, more := plan.Next()
	r.complete = !more
}

// sendOne sends one request and waits for its answer, in a goroutine of its own.
func (r *stageRun) sendOne(ctx context.Context, request *workload.Request, dispatch schedule.Dispatch) {
	r.shown.Sent()
	r.inFlight.Begin()
	defer r.inFlight.End()
	request.Dispatch = dispatch
	if r.onStart != nil {
		r.onStart(request)
	}
	began := time.Now()
	request.Reply, request.Err = r.client.Stream(ctx, request.Payload)
	if request.Reply.Launch.IsZero() {
		request.Reply.Launch = began // it did not reach the transport
	}
	request.Ended = request.Reply.Launch.Add(request.Reply.Finish).Sub(r.start)
	r.showDone(request)
}

// showDone shows a request that is done.
func (r *stageRun) showDone(request *workload.Request) {
	reply := &request.Reply
	done := live.Result{Lag: reply.Launch.Sub(r.start) - request.Due, TTFT: reply.FirstToken, E2EL: reply.Finish, Arrivals: reply.Chunks,
		PromptTokens: reply.Usage.Prompt, GenerationTokens: cmp.Or(reply.Usage.Completion, len(reply.Chunks))}
	if request.Err != nil {
		done.Cause = cause(request.Err)
	}
	r.shown.Done(done)
}

// cause returns the part of an error's text that differs between errors.
func cause(err error) string {
	if errors.Is(err, context.Canceled) {
		return "cancelled"
	}
	text := output.OneLine(err)
	if strings.HasPrefix(text, "POST ") {
		_, text, _ = strings.Cut(text, ": ")
	}
	return text
}

// warmUp runs a stage that is not measured.
func (r *stageRun) warmUp() error {
	var first error
	users := map[int]bool{}
	r.show(nil)
	r.send(func(request *workload.Request) {
		if request.User > 0 || request.Payload.UserID != "" {
			users[request.User] = true
		}
		if request.Err != nil && first == nil {
			first = request.Err
		}
	})
	r.console.End(r.shown)
	r.rest("rest", r.stage.Rest, r.after)
	done, failed := r.shown.Counts()
	if r.interrupt.interrupted() {
		return errInterrupted
	}
	if r.stage.Required && done == failed && first != nil {
		return fmt.Errorf("%s: none of %d requests succeeded: %w", r.stage.Name, done, first)
	}
	line := fmt.Sprintf("%s: %d requests", r.stage.Name, done)
	if len(users) > 0 {
		line += fmt.Sprintf(" by %d users", len(users))
	}
	if failed > 0 {
		fmt.Fprintf(r.env.Stderr, "%s, %d failed, the first with: %v\n", line, failed, first)
	} else {
		r.console.Progress("%s", line)
	}
	return nil
}

// measure runs the measured stage and writes its events while it runs. One
// goroutine owns the files, so that a slow disk does not delay the sending.
func (r *stageRun) measure(files *output.Files) (measurement, error) {
	notes := r.stage.Notes
	if r.stage.Before != nil {
		more, err := r.stage.Before(r.interrupt.waiting, r.client)
		if err != nil {
			return measurement{stage: r.stage}, err
		}
		notes = append(notes, more...)
	}
	if r.stage.NeedsEngine {
		if err := r.identify(); err != nil {
			return measurement{stage: r.stage}, err
		}
	}
	r.note(notes)
	r.console.Progress("fingerprint: %s", r.load.Sum)

	queue := output.NewQueue(!files.Logged()) // the reader of a pipe waits for each row
	written := make(chan output.WriterStats, 1)
	go func() { written <- files.Write(queue) }()

	r.onStart = func(request *workload.Request) {
		offset := r.start.Sub(files.Start)
		queue.Start(eventlog.Started{User: request.User, Question: request.Question, Due: offset + request.Due, At: time.Since(files.Start)})
	}
	monitors := monitor.Start(r.interrupt.waiting, r.monitorConfig(files.Start, queue))
	accounts := accounts{run: r, queue: queue, recorder: output.Recorder{Clock: output.NewClock()}}
	r.show(monitors)
	r.send(accounts.final)
	r.console.End(r.shown)

	facts := monitors.End(r.interrupt.late())
	queue.End()
	facts.Fingerprint = r.load.Sum.String()
	if r.stage.After != nil {
		r.note(r.stage.After(r.interrupt.late(), r.client))
	}
	stats := <-written
	accounts.addTo(&facts)
	facts.Writer = stats.Facts(accounts.blocked)
	figures, err := files.Figures()
	if stats.Err != nil {
		err = stats.Err // and the reason why the rows cannot be read
	}
	return measurement{figures: figures, stage: r.stage, sending: r.sendingTime(), facts: facts, peak: r.inFlight.Peak(), body: r.load.Body(), interrupted: r.interrupted}, err
}

// monitorConfig returns what is monitored of a measured stage.
func (r *stageRun) monitorConfig(clock time.Time, queue *output.Queue) monitor.Config {
	return monitor.Config{
		CPU: r.env.CPU, Wall: r.env.wall, Note: r.console.Note,
		Engine: monitor.EngineConfig{
			Client: r.common.Engine(r.env.Dial), Pages: r.common.MetricsPages, Interval: r.common.MetricsInterval,
			Clock: clock, OnSample: func(s eventlog.Sample) { queue.Add(s) },
		},
	}
}

// sendingTime returns how long the stage has sent requests; 0: until its plan ended.
func (r *stageRun) sendingTime() time.Duration {
	if r.complete {
		return 0
	}
	if !r.interrupted {
		return r.stage.For
	}
	sent := r.interrupt.since.Sub(r.start)
	if r.stage.For > 0 {
		sent = min(sent, r.stage.For)
	}
	return max(sent, 0)
}

func (s *session) note(notes []string) {
	for _, note := range notes {
		s.console.Note("%s", note)
	}
}
