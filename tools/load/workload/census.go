package workload

import (
	"time"

	"github.com/LMCache/LMBench/tools/load/closedloop"
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
func (c *census) count(turn *closedloop.Turn, row *record.Row, kept bool) {
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
	asked := turn.Request.MaxTokens
	if turn.Request.Call != nil {
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
	facts.Add("ledger_planned", float64(planned))
	facts.Add("ledger_sent", float64(c.rows))
	if unsent := planned - c.rows; unsent > 0 {
		facts.Add("ledger_never_sent_"+r.unsentFor(), float64(unsent))
	} else if unsent < 0 {
		facts.Add("ledger_beyond_plan", float64(-unsent))
	}
	if r.interrupted {
		facts.AddText("interrupted", "True")
	}
	facts.Add("in_flight_seconds", c.inFlight.Seconds())
	if !c.askedUnknown {
		facts.Add("answer_tokens_asked", float64(c.asked))
		facts.Add("answers_over_limit", float64(c.over))
		if c.cut > 0 {
			facts.Add("answers_cut", float64(c.cut))
		}
	}
	facts.Add("total_finished", float64(c.finished))
	facts.Add("total_lost", float64(c.lost))
	if !c.uncounted {
		facts.Add("total_prompt_tokens", float64(c.prompt))
		facts.Add("total_generation_tokens", float64(c.generated))
	}
}

// unsentFor is why planned requests were not sent.
func (r *run) unsentFor() string {
	switch {
	case r.interrupted:
		return "interrupted"
	case r.ended:
		return "stage_ended"
	}
	return "not_taken" // users waited for answers, until the time was over
}

// writing is what the goroutine that owns the files tells of them.
type writing struct {
	err     error         // the first
	longest time.Duration // that one event took
	waiting int           // events at most
}

// tell adds it to the facts.
func (w *writing) tell(c *census, facts *verdict.Facts) {
	facts.Add("writer_stall_ms", milliseconds(w.longest))
	facts.Add("writer_held_ms", milliseconds(c.held))
	if w.waiting > longQueue {
		facts.Add("writer_queue_max", float64(w.waiting))
	}
}

// longQueue is how many events may wait before it is worth a word.
const longQueue = 1000

// milliseconds keeps whole microseconds.
func milliseconds(d time.Duration) float64 { return float64(d.Round(time.Microsecond)) / 1e6 }
