package workload

import (
	"context"
	"fmt"
	"time"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/fingerprint"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/live"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// outcome is what a measured stage came to.
type outcome struct {
	figures metrics.Figures
	stage   Stage
	sending time.Duration // how long requests were sent; 0: until the plan ended
	facts   verdict.Facts // what the rows cannot tell
	peak    int           // requests under way at once
	body    int           // mean bytes of a request

	interrupted bool // by a signal, before the last request was over
}

// measure runs stages one after the other and writes what becomes of the last
// one's requests.
func measure(w *Workload, world World, until *interrupt, stages []Stage, out *files) (outcome, error) {
	if err := world.Capacity.check(stages, len(w.Common.Sources)); err != nil {
		return outcome{}, err
	}
	client, err := w.Common.client(world)
	if err != nil {
		return outcome{}, err
	}
	defer client.Close()
	// An engine that nobody can reach is no reason to go through all the plan.
	if err := client.Warm(until.waiting, 1); err != nil {
		return outcome{}, err
	}

	last := len(stages) - 1
	measured := &run{world: world, view: world.view, until: until, client: client, stage: stages[last], row: w.Row, common: w.Common, after: world.view.later}
	if err := measured.prepare(w.Common); err != nil {
		return outcome{}, err
	}
	for i, s := range stages[:last] {
		warming := &run{world: world, view: world.view, until: until, client: client, stage: s, after: together(takes(stages[i+1:]), world.view.later)}
		if err := warming.warmUp(); err != nil {
			return outcome{}, err
		}
	}
	return measured.measure(out, w.Common)
}

// run is one stage under way.
type run struct {
	world  World
	view   *view
	until  *interrupt
	client *openai.Client
	stage  Stage
	row    func(*Request, *record.Row) bool // see Workload
	common *Common
	engine *enginemetrics.Watch // nil: its counters are not watched
	opened time.Time            // when the event log was
	outbox *outbox              // of a measured stage; nil: of another
	start  time.Time
	ended  bool // by its plan, before all was sent
	sent   bool // all that it plans

	interrupted bool // by a signal: one that comes while the client rests ends the run, but not the stage

	load  fingerprint.Load // of a measured stage
	level level

	running *live.Running
	after   time.Duration // expected from the end of the stage's rest to that of the whole run; below 0: not known
}

// warmUp runs a stage whose rows nobody keeps.
func (r *run) warmUp() error {
	var first error
	users := map[int]bool{}
	r.show()
	r.do(func(turn *Request, _ time.Time) {
		if turn.User > 0 || turn.Payload.UserID != "" {
			users[turn.User] = true
		}
		if turn.Err != nil && first == nil {
			first = turn.Err
		}
	})
	r.view.end(r.running)
	r.view.rest(r.until, "rest", r.stage.Rest, r.after)
	done, failed := r.running.Counts()
	if r.until.interrupted() {
		return errInterrupted
	}
	if r.stage.Vital && done == failed && first != nil {
		return fmt.Errorf("%s: none of %d requests succeeded: %w", r.stage.Name, done, first)
	}
	said := fmt.Sprintf("%s: %d requests", r.stage.Name, done)
	if len(users) > 0 {
		said += fmt.Sprintf(" by %d users", len(users))
	}
	if failed > 0 {
		fmt.Fprintf(r.world.Stderr, "%s, %d failed, the first: %v\n", said, failed, first)
	} else {
		r.view.say("%s", said)
	}
	return nil
}

// measure runs a stage and writes its events as they come. One goroutine owns
// the files, so that a slow disk does not hold up the sending.
func (r *run) measure(out *files, c *Common) (outcome, error) {
	notes := r.stage.Notes
	if r.stage.Before != nil {
		more, err := r.stage.Before(r.until.waiting, r.client)
		if err != nil {
			return outcome{stage: r.stage}, err
		}
		notes = append(notes, more...)
	}
	if r.stage.Asks {
		if err := r.identify(c); err != nil {
			return outcome{stage: r.stage}, err
		}
	}
	r.tell(notes)
	r.view.say("fingerprint: %s", r.load.Sum)
	box := newOutbox(out.log == nil) // whoever reads a pipe waits for each row
	r.outbox, r.opened = box, out.start
	written := make(chan writing, 1)
	go func() { written <- out.write(box) }()

	witnessed := r.watch(r.until.waiting)
	anchor := epoch(time.Now())
	r.show()
	var census census
	var ones []int
	var request *eventlog.Request // the next one's; what has no row leaves it
	r.do(func(turn *Request, start time.Time) {
		if request == nil {
			request = box.request()
		}
		row := &request.Row
		*request = eventlog.Request{Row: anchor.row(turn, start, row.Gaps[:0]), Arrivals: turn.Reply.Chunks, Tokens: chunkTokens(&turn.Reply, &ones)}
		kept := r.row == nil || r.row(turn, row)
		census.count(turn, row, kept)
		if kept {
			census.held += box.add(request)
			request = nil
		} else {
			census.held += box.add(eventlog.Unlisted{User: turn.User, Question: turn.Question})
		}
	})
	r.view.end(r.running)
	facts := witnessed(r.until.late())
	box.end()
	facts.Fingerprint = r.load.Sum.String()
	if r.stage.After != nil {
		r.tell(r.stage.After(r.until.late(), r.client))
	}
	file := <-written
	census.tell(r, &facts)
	file.tell(&census, &facts)
	figures, err := out.figures()
	if file.err != nil {
		err = file.err // and why the rows cannot be read
	}
	return outcome{figures: figures, stage: r.stage, sending: r.sending(), facts: facts, peak: r.level.max(), body: r.load.Body(), interrupted: r.interrupted}, err
}

// sending is how long the stage has sent requests; 0: until its plan ended.
func (r *run) sending() time.Duration {
	if r.sent {
		return 0
	}
	if !r.interrupted {
		return r.stage.For
	}
	sent := r.until.since.Sub(r.start)
	if r.stage.For > 0 {
		sent = min(sent, r.stage.For)
	}
	return max(sent, 0)
}

func (r *run) tell(notes []string) {
	for _, note := range notes {
		fmt.Fprintln(r.world.Stderr, "note:", note)
	}
}

// started is an event of a request that leaves.
func (r *run) started(turn *Request) {
	if r.outbox != nil {
		begun := r.start.Sub(r.opened)
		r.outbox.leave(eventlog.Started{User: turn.User, Question: turn.Question, Due: begun + turn.Due, At: time.Since(r.opened)})
	}
}

// do sends what the stage's plan says.
func (r *run) do(final func(*Request, time.Time)) {
	sending, stopSending := context.WithCancel(r.until.sending)
	defer stopSending()
	waiting, stopWaiting := context.WithCancel(r.until.waiting)
	defer stopWaiting()
	plan := r.stage.Plan(Control{
		Final: func(turn *Request) {
			final(turn, r.start)
		},
		End: func() {
			r.ended = true
			stopSending()
			stopWaiting()
		},
	})
	if r.stage.Connections > 0 {
		// What cannot be opened now is opened, or fails, with its request.
		_ = r.client.Warm(waiting, r.stage.Connections)
	}
	start := time.Now()
	r.start = start
	conditions := schedule.Options{Start: start, Until: r.stage.For, Precise: r.world.Precise}
	schedule.Do(sending, waiting, conditions, plan, func(ctx context.Context, turn *Request, dispatch schedule.Dispatch) {
		r.running.Sent()
		r.level.enter()
		defer r.level.leave()
		turn.Dispatch = dispatch
		r.started(turn)
		began := time.Now()
		turn.Reply, turn.Err = r.client.Stream(ctx, turn.Payload)
		if turn.Reply.Launch.IsZero() {
			turn.Reply.Launch = began // it never got as far as the transport
		}
		turn.Ended = turn.Reply.Launch.Add(turn.Reply.Finish).Sub(start)
		r.done(turn)
	})
	r.interrupted = r.until.interrupted()
	_, more := plan.Next()
	r.sent = !more
}
