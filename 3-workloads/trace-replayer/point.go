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

// point is what one measured point sends.
type point struct {
	number      int // of the sweep's points, from 1
	requests    []trace.Request
	talks       []int           // conversations of requests
	skipped     int             // requests of the window that no model of --max-context takes
	due         []time.Duration // with the trace's times
	ideal       []trace.Reuse   // of each request
	calibration calibration
	composer    composer
	prepared    prepared
	certificate certificate
}

// begin is the next point. The calibration of the one before is good for it.
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
		r.talks = append(r.talks, r.conversations[first+i])
	}
	r.due = r.pace().Due(r.requests)
	r.ideal = trace.IdealReuse(r.requests, r.layout.Size)
}

func (r *replayer) pace() trace.Timing {
	return trace.Timing{Start: time.Duration(r.start), Scale: r.scale, MaxGap: time.Duration(r.maxDelay), Legacy: r.legacyDelay}
}

// offered is requests a second on the whole.
func (r *replayer) offered() float64 {
	if !r.timed {
		return r.qps
	}
	return r.pace().Rate(r.requests, time.Duration(r.duration))
}

// stages are one point: ten short requests that tell whether the engine is
// there, then the window. Nothing of the trace is sent before.
func (r *replayer) stages(bool) []workload.Stage {
	r.begin()
	stage := workload.Stage{
		Name: "measured", For: r.common.Time, Connections: r.connections(), Offered: r.offered(), Planned: r.planned(),
		Notes: append(r.source.notes(), r.point.notes()...),
		Plan:  r.plan, Rehearsal: r.rehearsal, Make: r.make, Asks: r.asks(), Before: r.before, After: r.finish,
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
		return []string{fmt.Sprintf("%d requests have more tokens than --max-context and are left out", p.skipped)}
	}
	return nil
}

// arrivals returns when requests are due: with the trace's times, or at a rate.
func (r *replayer) arrivals() schedule.Arrivals {
	if r.timed {
		return schedule.Times(r.due)
	}
	return r.common.Arrivals.Arrivals(r.qps, len(r.requests), uint64(r.seed))
}

// planned is how many requests fall due before the sending ends.
func (r *replayer) planned() int { return r.dueBefore(r.common.Time) }

// connections are those needed in the seconds for which open ones keep.
func (r *replayer) connections() int { return min(r.dueBefore(4*time.Second), 256) }

// dueBefore counts requests; 0: all of them.
func (r *replayer) dueBefore(end time.Duration) int {
	if len(r.requests) == 0 {
		return 0
	}
	return r.arrivals().Count(end)
}

// asks tells whether the engine is to be asked how it counts tokens, which
// decides what prompts are made of.
func (r *replayer) asks() bool {
	return r.promptMode != "legacy" && !r.trustWords && (r.calibration.source == "" || r.calibration.failed != nil)
}

// make is ready to make prompts, unless the engine is to be asked before.
func (r *replayer) make(context.Context) (notes []string, err error) {
	if len(r.requests) == 0 {
		return nil, r.empty()
	}
	switch {
	case r.promptMode == "legacy":
		r.calibration = calibration{source: "none"}
	case r.trustWords:
		r.calibration = calibration{source: "none", vocabulary: prompt.Vocabulary(), perWord: 1}
	}
	if !r.asks() {
		r.compose()
	}
	return nil, nil
}

// before asks the engine what must be known before the first prompt is made,
// and what is to be compared afterwards.
func (r *replayer) before(ctx context.Context, client *openai.Client) (notes []string, err error) {
	if r.asks() {
		r.calibration = calibrate(ctx, client, func(text chat.Text) openai.Request { return r.request(text, "", 1) }, prompt.Vocabulary())
		r.compose()
		notes = r.calibration.notes()
	}
	r.certificate.before(ctx, client)
	return notes, nil
}

func (r *replayer) compose() {
	r.composer = composer{layout: r.layout}
	if r.promptMode == "legacy" {
		r.composer.legacy = prompt.NewLegacyTrace()
	} else {
		r.composer.blocks = r.blocks()
		r.composer.overhead = r.calibration.overhead
	}
}

// blocks are the point's texts: other points have others, so that none finds
// the engine's cache warm from the one before.
func (r *replayer) blocks() *prompt.Blocks {
	size := r.layout.Size
	if size == 0 {
		size = 64
	}
	return prompt.NewBlocks(r.calibration.vocabulary, size, uint64(r.seed)+uint64(r.number)<<56)
}

// empty says why there is nothing to replay.
func (r *replayer) empty() error {
	end := "its end"
	if time.Duration(r.duration) != trace.ToEnd {
		end = seconds(time.Duration(r.start+r.duration)) + " s"
	}
	if r.skipped > 0 {
		return fmt.Errorf("all %d requests from %s s to %s of the trace have more tokens than --max-context %d", r.skipped, r.start.String(), end, r.maxContext)
	}
	return fmt.Errorf("no request from %s s to %s of the trace, whose %d requests lie between 0 s and %s s: START_TIME and DURATION choose others",
		r.start.String(), end, len(r.trace.Requests), seconds(r.trace.Span()))
}

// plan sends each request when it is due, with a prompt that was prepared
// before.
func (r *replayer) plan(control workload.Control) workload.Plan {
	r.prepared.begin(&r.composer, r.requests)
	return r.planOf(control, func(i int) chat.Text {
		prepared := r.prepared.next()
		r.certificate.ideal.Add(r.ideal[i])
		r.certificate.sent.Add(prepared.reuse)
		return prepared.text
	})
}

// rehearsal is the same without anything that is prepared or noted.
func (r *replayer) rehearsal(control workload.Control) workload.Plan {
	return r.planOf(control, func(i int) chat.Text { return r.composer.text(&r.requests[i]) })
}

// planOf sends requests with prompts that are asked for in order.
func (r *replayer) planOf(control workload.Control, text func(i int) chat.Text) workload.Plan {
	firstUser := r.common.InitUserID + (r.number-1)*r.users
	return &workload.OpenLoop{
		Arrivals: r.arrivals(),
		Item: func(i int, due time.Duration) *workload.Request {
			user := firstUser + r.talks[i]
			return &workload.Request{User: user, Question: i + 1, Due: due, UncachedShare: r.cold(i), Payload: r.request(text(i), strconv.Itoa(user), r.requests[i].Output)}
		},
		Final: control.Final,
	}
}

// cold is a prompt without any block that came before in the run.
func (r *replayer) cold(i int) float64 {
	if r.promptMode == "legacy" || r.ideal[i].HitTokens > 0 {
		return 0
	}
	return 1
}

func (r *replayer) request(text chat.Text, user string, maxTokens int) openai.Request {
	request := r.common.Request(nil, user, maxTokens)
	request.Plain = true // every word is
	request.Unread = true
	if r.common.APIType == "chat" {
		request.Messages, request.Prompt = []chat.Message{{Role: chat.User, Content: text}}, nil
	} else {
		request.Prompt = text
	}
	return request
}
