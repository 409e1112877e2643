package output

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
)

// A Clock converts instants to wall-clock times. It reads the wall clock once, so
// that a step of that clock does not distort durations.
type Clock struct{ anchor time.Time }

// NewClock returns a clock that is anchored now.
func NewClock() Clock { return Clock{time.Now()} }

// seconds returns seconds since the Unix epoch; a float64 holds them to a quarter of
// a microsecond.
func (c Clock) seconds(t time.Time) float64 {
	return float64(c.anchor.UnixNano()+int64(t.Sub(c.anchor))) / 1e9
}

// A Recorder makes events of requests that are done.
type Recorder struct {
	Clock Clock
	ones  []int // shared by all requests whose chunks have one token each
}

// Fill fills in an event of a request, whose offsets count from start. It reuses the
// memory that the event has for gaps.
func (r *Recorder) Fill(event *eventlog.Request, request *workload.Request, start time.Time) {
	*event = eventlog.Request{
		Row:      r.Clock.row(request, start, event.Row.Gaps[:0]),
		Arrivals: request.Reply.Chunks,
		Tokens:   r.chunkTokens(&request.Reply),
	}
}

// row returns a request as the CSV shows it.
func (c Clock) row(request *workload.Request, start time.Time, memory record.Gaps) record.Row {
	reply := &request.Reply
	launch, finish := c.seconds(reply.Launch), c.seconds(reply.Launch.Add(reply.Finish))
	r := record.Row{
		UserID: request.User, QuestionID: request.Answer, QuestionNumber: request.Question, SimulatedHistory: request.SimulatedHistory,
		LaunchTime: launch, FinishTime: finish, Timestamp: launch,
		ScheduledTime: c.seconds(start.Add(request.Due)),
		RequestID:     strconv.Itoa(request.User) + "-" + strconv.Itoa(request.Question),
		Attempts:      reply.Attempts,
		Lateness:      lateness(request),
		UncachedShare: math.Round(request.UncachedShare*1000) / 1000,
	}
	if request.Err != nil {
		r.Error = OneLine(request.Err)
		return r
	}
	r.TTFT = new(reply.FirstToken.Seconds())
	r.GenerationTime = new((reply.Finish - reply.FirstToken).Seconds())
	r.Latency = new(reply.Finish.Seconds())
	r.ConnectTime = new(reply.Connect.Seconds())
	r.FinishReason = reply.FinishReason
	r.Gaps = gaps(memory, reply.Chunks)
	countTokens(&r, request)
	return r
}

// lateness returns why a request was sent late.
func lateness(request *workload.Request) record.Lateness {
	d := &request.Dispatch
	late := record.Lateness{Queue: request.Reply.Launch.Sub(d.Reached).Seconds(), CarriedOver: request.CarriedOver.Seconds()}
	if reached := d.Reached.Sub(d.Due).Seconds(); d.Waited {
		late.Timer = reached
	} else {
		late.Backlog = reached
	}
	return late
}

// countTokens fills in the engine's token counts, or else the number of chunks with
// text.
func countTokens(r *record.Row, request *workload.Request) {
	usage := request.Reply.Usage
	r.TokensFrom = record.FromUsage
	generated := record.Tokens(usage.Completion)
	if generated == 0 {
		r.TokensFrom = record.FromChunks
		generated = record.Tokens(len(request.Reply.Chunks))
	}
	total := generated
	r.GenerationTokens, r.CompletionTokens = &generated, &generated
	if usage.Prompt > 0 {
		prompt := record.Tokens(usage.Prompt)
		total += prompt
		r.PromptTokens, r.TotalTokens = &prompt, &total
	}
	if usage.CachedReported {
		cached := record.Tokens(usage.Cached)
		r.CachedTokens = &cached
	}
}

// chunkTokens returns the number of tokens in each chunk, or nil if unknown. It is
// known if the engine sent counts with the chunks, or if there are as many chunks as
// tokens.
func (r *Recorder) chunkTokens(reply *openai.Reply) []int {
	chunks := len(reply.Chunks)
	switch {
	case chunks > 0 && len(reply.Counts) == chunks:
		tokens, before := make([]int, chunks), 0
		for i, count := range reply.Counts {
			tokens[i] = count - before
			before = count
		}
		return tokens
	case reply.Usage.Completion == chunks:
		for len(r.ones) < chunks {
			r.ones = append(r.ones, 1)
		}
		return r.ones[:chunks:chunks]
	}
	return nil
}

// OneLine returns the text of an error in one line, marked if the request was
// cancelled.
func OneLine(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if errors.Is(err, context.Canceled) {
		return metrics.CancelledPrefix + text
	}
	return text
}

// gaps returns the times between chunks.
func gaps(memory record.Gaps, chunks []time.Duration) record.Gaps {
	if len(chunks) < 2 {
		return nil
	}
	gaps := slices.Grow(memory[:0], len(chunks)-1)
	for i, chunk := range chunks[1:] {
		gaps = append(gaps, chunk-chunks[i])
	}
	return gaps
}
