package workload

import (
	"context"
	"iter"
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/fingerprint"
)

// DryRunWindow is how much of a stage without end is identified.
const DryRunWindow = 10 * time.Minute

// Endless reports whether only a signal ends the stage, as far as is known.
func (s *Stage) Endless() bool { return s.For == 0 && s.Planned == 0 }

// Identify returns the fingerprint of the load that the stage sends to an engine
// that answers at once. Nothing is sent.
func (s *Stage) Identify(ctx context.Context) (fingerprint.Load, error) {
	return fingerprint.Of(ctx, s.dryRun())
}

// dryRun follows the plan as if an engine answered each request at once, and
// yields what would be sent when.
func (s *Stage) dryRun() iter.Seq[fingerprint.Request] {
	const answer = "This is an answer."
	until := s.For
	if s.Endless() {
		until = DryRunWindow
	}
	newPlan := s.DryRunPlan
	if newPlan == nil {
		newPlan = s.Plan
	}
	return func(yield func(fingerprint.Request) bool) {
		ended := false
		plan := newPlan(Control{Final: func(*Request) {}, End: func() { ended = true }})
		for !ended {
			due, ok := plan.Next()
			if !ok || until > 0 && due >= until {
				return
			}
			request := plan.Start()
			method, path, body := request.Payload.Wire()
			if !yield(fingerprint.Request{Due: due, Method: method, Path: path, Body: body}) {
				return
			}
			request.Ended = due
			request.Reply = openai.Reply{Text: answer}
			plan.Done(request)
		}
	}
}
