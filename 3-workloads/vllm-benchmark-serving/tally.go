package main

import (
	"time"

	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
)

// tally is what is known of a point's requests. One goroutine fills it while
// they are sent; it is read when all are over.
type tally struct {
	requests []served // by number; unsent ones are zero
	waits    []time.Duration
	lmbench  metrics.Accumulator // the same requests by LMBench's definitions
}

// served is a request as vLLM's client sees it.
type served struct {
	sent, ok     bool
	start        time.Duration // launch, since the point's start
	ended        time.Duration // end of the answer or failure, since the point's start
	promptTokens int           // as the engine counts them, else as the prompt was made to have

	requestedTokens int // that the prompt was made to have
	outputTokens    int // as the engine counts them; 0: it does not
	events          []time.Duration
	ttft, e2el      time.Duration // first and last event - launch; of a whole answer 0 and its end
	text            string        // kept where tokens have to be counted, or for --save-detailed
	err             string
}

func (t *tally) begin(n int, waits []time.Duration) {
	*t = tally{requests: make([]served, n), waits: waits}
}

// row notes a request that is over, and fills in its row.
func (s *serving) row(turn *workload.Request, row *record.Row) bool {
	i := turn.Question - 1
	request := &s.requests[i]
	made := s.serve(turn, request.PromptTokens, request.OutputTokens)
	s.tally.requests[i] = made
	row.RequestedPromptTokens, row.RequestedGenerationTokens = request.PromptTokens, request.OutputTokens
	row.Model = s.composer().model
	if s.modules != nil {
		row.Model = s.modules[i]
	}
	if s.load.concurrency > 0 {
		row.SlotWait = seconds(s.tally.waits[i])
	}
	if made.ok {
		row.EventTTFT, row.EventE2EL = seconds(made.ttft), seconds(made.e2el)
		if made.outputTokens > 1 {
			tpot := made.tpot()
			row.EventTPOT = &tpot
		}
	}
	s.tally.lmbench.Add(row)
	return true
}

// serve is a turn as vLLM's client sees it.
func (s *serving) serve(turn *workload.Request, promptTokens, outputTokens int) served {
	reply := &turn.Reply
	made := served{sent: true, promptTokens: promptTokens, requestedTokens: promptTokens, start: turn.Ended - reply.Finish, ended: turn.Ended}
	if turn.Err != nil {
		made.err = turn.Err.Error()
		return made
	}
	made.ok = true
	if reply.Usage.Prompt > 0 {
		made.promptTokens = reply.Usage.Prompt
	}
	made.outputTokens = reply.Usage.Completion
	if made.outputTokens == 0 && s.backend == "tgi" && s.common.IgnoreEOS {
		made.outputTokens = outputTokens
	}
	made.events = reply.Events
	if n := len(made.events); n > 0 {
		made.ttft, made.e2el = made.events[0], made.events[n-1]
	} else {
		made.e2el = reply.Finish // not streamed
	}
	if made.outputTokens == 0 || s.options.figures.detailed {
		made.text = reply.Text
	}
	return made
}

// tpot is seconds per token after the first; 0 for one token.
func (r *served) tpot() float64 {
	if r.outputTokens <= 1 {
		return 0
	}
	return (r.e2el.Seconds() - r.ttft.Seconds()) / float64(r.outputTokens-1)
}

// gaps are the seconds between events.
func (r *served) gaps(to []float64) []float64 {
	for i := 1; i < len(r.events); i++ {
		to = append(to, (r.events[i] - r.events[i-1]).Seconds())
	}
	return to
}

func seconds(d time.Duration) *float64 {
	s := d.Seconds()
	return &s
}
