package workload

import (
	"time"

	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// census counts a measured stage's turns as they become final, beside the rows
// and by other means: what the two do not agree in is wrong. The goroutine that
// owns the plan fills it.
type census struct {
	rows              int           // turns that are in the CSV
	inFlight          time.Duration // of these, from their dispatch until they came back, summed
	asked             int           // tokens at most, of the answers in the CSV
	askedUnknown      bool
	over              int // answers with more tokens than that, by the engine's count
	cut               int // answers with fewer, of which it says that they are as long as may be
	finished, lost    int // turns, in the CSV or not, that succeeded or did not
	prompt, generated int // tokens of all that succeeded, by the engine's count
	uncounted         bool
	held              time.Duration // that the writer held up the sending
}

// count takes in a turn, which is in the CSV or not.
func (c *census) count(turn *Request, row *record.Row, kept bool) {
	usage := &turn.Reply.Usage
	if turn.Err != nil {
		c.lost++
	} else {
		c.finished++
		c.prompt += usage.Prompt
		c.generated += usage.Completion
		c.uncounted = c.uncounted || usage.Prompt == 0 || usage.Completion == 0
	}
	if !kept {
		return
	}
	c.rows++
	c.inFlight += time.Since(turn.Dispatch.Reached)
	if turn.Err != nil {
		return
	}
	asked := turn.Payload.MaxTokens
	if turn.Payload.Call != nil {
		asked = row.RequestedGenerationTokens
	}
	c.asked += asked
	c.askedUnknown = c.askedUnknown || asked == 0
	if asked > 0 && usage.Completion > asked {
		c.over++
	}
	if turn.Reply.FinishReason == "length" && 0 < usage.Completion && usage.Completion < asked-1 {
		c.cut++
	}
}

// tell adds what was counted to the facts.
func (c *census) tell(r *run, facts *verdict.Facts) {
	planned := r.stage.Planned
	if planned == 0 {
		planned = c.rows // nobody knows better
	}
	facts.Ledger = verdict.Accounting{Planned: &planned, Sent: &c.rows}
	if unsent := planned - c.rows; unsent > 0 {
		facts.Ledger.NeverSent = r.unsent(unsent)
	} else if unsent < 0 {
		facts.Ledger.BeyondPlan = -unsent
	}
	if r.interrupted {
		facts.Interrupted = verdict.BySignal
	}
	facts.InFlightSeconds = new(c.inFlight.Seconds())
	if !c.askedUnknown {
		facts.TokensAsked = &c.asked
		facts.Answers = verdict.Answers{OverLimit: &c.over, Cut: c.cut}
	}
	facts.Total = verdict.Total{Finished: &c.finished, Lost: &c.lost}
	if !c.uncounted {
		facts.Total.PromptTokens, facts.Total.GenerationTokens = &c.prompt, &c.generated
	}
}

// unsent returns the number of planned requests that were not sent by its cause.
func (r *run) unsent(n int) verdict.NeverSent {
	switch {
	case r.interrupted:
		return verdict.NeverSent{Interrupted: n}
	case r.ended:
		return verdict.NeverSent{StageEnded: n}
	}
	return verdict.NeverSent{NotTaken: n} // users waited for answers, until the time was over
}

// writing is what the goroutine that owns the files tells of them.
type writing struct {
	err     error         // the first
	longest time.Duration // that one event took
	waiting int           // events at most
}

// tell adds it to the facts.
func (w *writing) tell(c *census, facts *verdict.Facts) {
	facts.Writer = verdict.Writer{StallMS: new(milliseconds(w.longest)), HeldMS: new(milliseconds(c.held))}
	if w.waiting > longQueue {
		facts.Writer.QueueMax = w.waiting
	}
}

// longQueue is how many events may wait before it is worth a word.
const longQueue = 1000

// milliseconds keeps whole microseconds.
func milliseconds(d time.Duration) float64 { return float64(d.Round(time.Microsecond)) / 1e6 }
