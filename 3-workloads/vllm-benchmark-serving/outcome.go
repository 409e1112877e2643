package main

import (
	"time"

	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
)

// outcomes are those of a point's requests. One goroutine fills them while the load runs;
// they are read when all requests have ended.
type outcomes struct {
	requests []outcome // by number; zero for requests not sent
	waits    []time.Duration
	lmbench  metrics.Accumulator // of the same requests by LMBench's definitions
}

// outcome is the result of a request as vLLM's benchmark defines it.
type outcome struct {
	sent, ok     bool
	start        time.Duration // launch, since the start of the point
	ended        time.Duration // end of the answer or failure, since the start of the point
	promptTokens int           // counted by the engine, else as requested

	requestedTokens int // length that the prompt was made for
	outputTokens    int // counted by the engine; 0 if it does not count
	events          []time.Duration
	ttft, e2el      time.Duration // first and last event since launch; 0 and the end of an answer that is not streamed
	text            string        // kept to count its tokens, or for --save-detailed
	err             string
}

func newOutcomes(n int, waits []time.Duration) outcomes {
	return outcomes{requests: make([]outcome, n), waits: waits}
}

// row records the outcome of a request and fills in its row of the CSV.
func (s *serving) row(r *workload.Request, row *record.Row) bool {
	i := r.Question - 1
	request := &s.requests[i]
	o := s.outcome(r, request.PromptTokens, request.OutputTokens)
	s.outcomes.requests[i] = o
	row.RequestedPromptTokens, row.RequestedGenerationTokens = request.PromptTokens, request.OutputTokens
	row.Model = s.composer().model
	if s.modules != nil {
		row.Model = s.modules[i]
	}
	if s.load.concurrency > 0 {
		row.SlotWait = seconds(s.outcomes.waits[i])
	}
	if o.ok {
		row.EventTTFT, row.EventE2EL = seconds(o.ttft), seconds(o.e2el)
		if o.outputTokens > 1 {
			tpot := o.tpot()
			row.EventTPOT = &tpot
		}
	}
	s.outcomes.lmbench.Add(row)
	return true
}

// outcome returns the outcome of a request that asked for these numbers of tokens.
func (s *serving) outcome(r *workload.Request, promptTokens, outputTokens int) outcome {
	reply := &r.Reply
	o := outcome{sent: true, promptTokens: promptTokens, requestedTokens: promptTokens, start: r.Ended - reply.Finish, ended: r.Ended}
	if r.Err != nil {
		o.err = r.Err.Error()
		return o
	}
	o.ok = true
	if reply.Usage.Prompt > 0 {
		o.promptTokens = reply.Usage.Prompt
	}
	o.outputTokens = reply.Usage.Completion
	if o.outputTokens == 0 && s.backend == "tgi" && s.common.IgnoreEOS {
		o.outputTokens = outputTokens
	}
	o.events = reply.Events
	if n := len(o.events); n > 0 {
		o.ttft, o.e2el = o.events[0], o.events[n-1]
	} else {
		o.e2el = reply.Finish // not streamed
	}
	if o.outputTokens == 0 || s.figures.detailed {
		o.text = reply.Text
	}
	return o
}

// tpot returns the seconds per token after the first, or 0 for a single token.
func (o *outcome) tpot() float64 {
	if o.outputTokens <= 1 {
		return 0
	}
	return metrics.TPOT(o.ttft.Seconds(), o.e2el.Seconds(), float64(o.outputTokens))
}

// appendITLs appends the seconds between events.
func (o *outcome) appendITLs(itls []float64) []float64 {
	for i := 1; i < len(o.events); i++ {
		itls = append(itls, (o.events[i] - o.events[i-1]).Seconds())
	}
	return itls
}

func seconds(d time.Duration) *float64 {
	s := d.Seconds()
	return &s
}
