package monitor

import (
	"time"

	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// An Accounting counts the requests of a measured stage as they become final,
// independently of the rows: a disagreement between the two is a bug. Only the
// goroutine that runs the plan may use it.
type Accounting struct {
	rows              int           // requests in the CSV
	inFlight          time.Duration // sum over these from dispatch to completion
	requested         int           // sum of the token limits of the answers in the CSV
	limitUnknown      bool
	overLimit         int // answers with more tokens than their limit, by the engine's count
	truncated         int // shorter answers with finish_reason length
	finished, failed  int // requests, in the CSV or not
	prompt, generated int // tokens of all finished requests, by the engine's count
	uncounted         bool
}

// Count adds a completed request. listed says whether it is in the CSV.
func (a *Accounting) Count(request *workload.Request, row *record.Row, listed bool) {
	usage := &request.Reply.Usage
	if request.Err != nil {
		a.failed++
	} else {
		a.finished++
		a.prompt += usage.Prompt
		a.generated += usage.Completion
		a.uncounted = a.uncounted || usage.Prompt == 0 || usage.Completion == 0
	}
	if !listed {
		return
	}
	a.rows++
	a.inFlight += time.Since(request.Dispatch.Reached)
	if request.Err != nil {
		return
	}
	limit := request.Payload.MaxTokens
	a.requested += limit
	a.limitUnknown = a.limitUnknown || limit == 0
	if limit > 0 && usage.Completion > limit {
		a.overLimit++
	}
	if request.Reply.FinishReason == "length" && 0 < usage.Completion && usage.Completion < limit-1 {
		a.truncated++
	}
}

// AddTo adds what was counted to the facts. Planned is how many requests the stage
// planned; 0: unknown. Unsent says why some of them were not sent.
func (a *Accounting) AddTo(facts *verdict.Facts, planned int, unsent func(n int) verdict.NeverSent) {
	if planned == 0 {
		planned = a.rows
	}
	facts.Ledger = verdict.Accounting{Planned: &planned, Sent: &a.rows}
	if n := planned - a.rows; n > 0 {
		facts.Ledger.NeverSent = unsent(n)
	} else if n < 0 {
		facts.Ledger.BeyondPlan = -n
	}
	facts.InFlightSeconds = new(a.inFlight.Seconds())
	if !a.limitUnknown {
		facts.TokensAsked = &a.requested
		facts.Answers = verdict.Answers{OverLimit: &a.overLimit, Cut: a.truncated}
	}
	facts.Total = verdict.Total{Finished: &a.finished, Lost: &a.failed}
	if !a.uncounted {
		facts.Total.PromptTokens, facts.Total.GenerationTokens = &a.prompt, &a.generated
	}
}
