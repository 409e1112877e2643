package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/prompt"
	"github.com/LMCache/LMBench/tools/data/trace"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// A point is one measurement of a sweep.
type point struct {
	number      int // in the sweep, from 1
	requests    []trace.Request
	userOf      []int           // conversation of each request
	skipped     int             // requests of the window that exceed --max-context
	due         []time.Duration // of each request at the trace's times
	ideal       []trace.Reuse   // of each request
	calibration calibration
	prompts     promptBuilder
	queue       promptQueue
	fidelity    fidelityReport
}

// begin starts the next point. The calibration of the previous one stays valid.
func (r *replayer) begin() {
	r.point = point{number: r.number + 1, calibration: r.calibration}
	window := trace.Window(r.trace.Requests, time.Duration(r.start), time.Duration(r.duration))
	first := len(r.trace.Requests) - len(trace.Window(r.trace.Requests, time.Duration(r.start), trace.ToEnd))
	for i, request := range window {
		if r.maxContext > 0 && request.Input+request.Output > r.maxContext {
			r.skipped++
			continue
		}
		r.requests = append(r.requests, request)
		r.userOf = append(r.userOf, r.conversations[first+i])
	}
	r.due = r.timing().Due(r.requests)
	r.ideal = trace.IdealReuse(r.requests, r.layout.Size)
}

func (r *replayer) timing() trace.Timing {
	return trace.Timing{Start: time.Duration(r.start), Scale: r.scale, MaxGap: time.Duration(r.maxDelay), Legacy: r.legacyDelay}
}

// offered returns the mean request rate, per second.
func (r *replayer) offered() float64 {
	if !r.timed {
		return r.qps
	}
	return r.timing().Rate(r.requests, time.Duration(r.duration))
}

// stages returns the stages of a point: a warm-up of ten short requests that
// share no text with the trace, then the window.
func (r *replayer) stages(bool) []workload.Stage {
	r.begin()
	stage := workload.Stage{
		Name: "measured", For: r.common.Time, Connections: r.connections(), Offered: r.offered(), Planned: r.planned(),
		Notes: append(r.source.notes(), r.point.notes()...),
		Plan:  r.plan, DryRunPlan: r.dryRunPlan, Prepare: r.prepare, NeedsEngine: r.needsCalibration(), Before: r.before, After: r.finish,
	}
	if r.number > 1 {
		stage.Notes = r.point.notes()
	}
	if r.maxDelay > 0 && !r.timed {
		stage.Notes = append(stage.Notes, "MAX_DELAY has no effect without PRESERVE_TIMING")
	}
	if len(r.requests) == 0 {
		return []workload.Stage{stage}
	}
	return []workload.Stage{workload.EngineWarmUp(&r.common), stage}
}

func (p *point) notes() []string {
	if p.skipped > 0 {
		return []string{fmt.Sprintf("skipping %d requests with more tokens than --max-context", p.skipped)}
	}
	return nil
}

// arrivals returns when requests are due: with the trace's times, or at a rate.
func (r *replayer) arrivals() schedule.Arrivals {
	if r.timed {
		return schedule.Times(r.due)
	}
	return r.common.Arrivals.Draw(r.qps, len(r.requests), uint64(r.seed))
}

// planned returns the number of requests that are due before the sending ends.
func (r *replayer) planned() int { return r.dueBefore(r.common.Time) }

// connections returns how many connections to open in advance: one for each
// request of the first seconds, after which idle ones may be closed.
func (r *replayer) connections() int { return min(r.dueBefore(4*time.Second), 256) }

// dueBefore returns the number of requests due before a time; 0 means no limit.
func (r *replayer) dueBefore(end time.Duration) int {
	if len(r.requests) == 0 {
		return 0
	}
	return r.arrivals().Count(end)
}

// needsCalibration reports whether the engine has to count tokens before prompts
// can be built.
func (r *replayer) needsCalibration() bool {
	return r.promptMode != "legacy" && !r.trustWords && (r.calibration.source == "" || r.calibration.failed != nil)
}

// prepare makes the point ready to build prompts, unless it needs calibration.
func (r *replayer) prepare(context.Context) (notes []string, err error) {
	if len(r.requests) == 0 {
		return nil, r.noRequests()
	}
	switch {
	case r.promptMode == "legacy":
		r.calibration = calibration{source: "none"}
	case r.trustWords:
		r.calibration = calibration{source: "none", vocabulary: prompt.Vocabulary(), perWord: 1}
	}
	if !r.needsCalibration() {
		r.newPromptBuilder()
	}
	return nil, nil
}

// before calibrates if needed and scrapes the engine's metrics, which are compared
// with those at the end.
func (r *replayer) before(ctx context.Context, client *openai.Client) (notes []string, err error) {
	if r.needsCalibration() {
		r.calibration = calibrate(ctx, client, func(text chat.Text) openai.Request { return r.request(text, "", 1) }, prompt.Vocabulary())
		r.newPromptBuilder()
		notes = r.calibration.notes()
	}
	r.fidelity.metricsBefore, _ = client.Counters(ctx, "") // optional
	return notes, nil
}

func (r *replayer) newPromptBuilder() {
	r.prompts = promptBuilder{layout: r.layout}
	if r.promptMode == "legacy" {
		r.prompts.legacy = prompt.NewLegacyTrace()
	} else {
		r.prompts.blocks = r.blocks()
		r.prompts.overhead = r.calibration.overhead
	}
}

// blocks returns the texts of the point's blocks. They differ between points so
// that no point hits what an earlier one left in the engine's cache.
func (r *replayer) blocks() *prompt.Blocks {
	size := r.layout.Size
	if size == 0 {
		size = 64
	}
	return prompt.NewBlocks(r.calibration.vocabulary, size, uint64(r.seed)+uint64(r.number)<<56)
}

// noRequests explains why there is nothing to replay.
func (r *replayer) noRequests() error {
	end := "its end"
	if time.Duration(r.duration) != trace.ToEnd {
		end = seconds(time.Duration(r.start+r.duration)) + " s"
	}
	if r.skipped > 0 {
		return fmt.Errorf("all %d requests from %s s to %s of the trace exceed --max-context %d", r.skipped, r.start.String(), end, r.maxContext)
	}
	return fmt.Errorf("no requests from %s s to %s of the trace: its %d requests are between 0 s and %s s; change START_TIME or DURATION",
		r.start.String(), end, len(r.trace.Requests), seconds(r.trace.Span()))
}

// plan sends each request when it is due, with a prompt built in advance.
func (r *replayer) plan(control workload.Control) workload.Plan {
	r.queue.begin(&r.prompts, r.requests)
	return r.planOf(control, func(i int) chat.Text {
		next := r.queue.next()
		r.fidelity.ideal.Add(r.ideal[i])
		r.fidelity.sent.Add(next.reuse)
		return next.text
	})
}

// dryRunPlan is plan without the queue and the report, for the fingerprint.
func (r *replayer) dryRunPlan(control workload.Control) workload.Plan {
	return r.planOf(control, func(i int) chat.Text { return r.prompts.text(&r.requests[i]) })
}

// planOf sends requests with prompts from text, which is called in order.
func (r *replayer) planOf(control workload.Control, text func(i int) chat.Text) workload.Plan {
	firstUser := r.common.InitUserID + (r.number-1)*r.users
	return &workload.OpenLoop{
		Arrivals: r.arrivals(),
		Item: func(i int, due time.Duration) *workload.Request {
			user := firstUser + r.userOf[i]
			return &workload.Request{User: user, Question: i + 1, Due: due, UncachedShare: r.uncached(i), Payload: r.request(text(i), strconv.Itoa(user), r.requests[i].Output)}
		},
		Final: control.Final,
	}
}

// uncached returns 1 for a prompt of which no block was sent earlier in the run, else 0.
func (r *replayer) uncached(i int) float64 {
	if r.promptMode == "legacy" || r.ideal[i].HitTokens > 0 {
		return 0
	}
	return 1
}

func (r *replayer) request(text chat.Text, user string, maxTokens int) openai.Request {
	request := r.common.Request([]chat.Message{{Role: chat.User, Content: text}}, user, maxTokens)
	request.Plain = true // all words are printable ASCII
	request.Unread = true
	if request.Messages == nil {
		request.Prompt = text // alone, without the labels of a conversation
	}
	return request
}
