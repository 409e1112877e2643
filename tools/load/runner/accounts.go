package runner

import (
	"time"

	"github.com/LMCache/LMBench/tools/load/monitor"
	"github.com/LMCache/LMBench/tools/load/output"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// accounts record the completed requests of a measured stage: as events for the files,
// and in an Accounting.
type accounts struct {
	run      *stageRun
	queue    *output.Queue
	recorder output.Recorder
	spare    *eventlog.Request // for the next request; one without a row leaves it

	accounting monitor.Accounting
	blocked    time.Duration // that sending waited for the writer
}

// final records a completed request. Only the goroutine that runs the plan calls it.
func (a *accounts) final(request *workload.Request) {
	if a.spare == nil {
		a.spare = a.queue.Request()
	}
	event := a.spare
	a.recorder.Fill(event, request, a.run.start)
	row := a.run.workload.Row
	listed := row == nil || row(request, &event.Row)
	a.accounting.Count(request, &event.Row, listed)
	if listed {
		a.blocked += a.queue.Add(event)
		a.spare = nil
	} else {
		a.blocked += a.queue.Add(eventlog.Unrecorded{User: request.User, Question: request.Question})
	}
}

// addTo adds what was counted to the facts.
func (a *accounts) addTo(facts *verdict.Facts) {
	a.accounting.AddTo(facts, a.run.stage.Planned, a.run.unsent)
	if a.run.interrupted {
		facts.Interrupted = verdict.BySignal
	}
}

// unsent returns the number of planned requests that were not sent, by cause.
func (r *stageRun) unsent(n int) verdict.NeverSent {
	switch {
	case r.interrupted:
		return verdict.NeverSent{Interrupted: n}
	case r.ended:
		return verdict.NeverSent{StageEnded: n}
	}
	return verdict.NeverSent{NotTaken: n} // users waited for answers until the time was over
}
