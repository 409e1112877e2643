package workload

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
)

// epoch gives every stamp of a run from one reading of the wall clock, so that
// a step of that clock cannot bend a duration.
type epoch time.Time

// seconds since the Unix epoch; a float holds them to a quarter microsecond.
func (e epoch) seconds(t time.Time) float64 {
	anchor := time.Time(e)
	return float64(anchor.UnixNano()+int64(t.Sub(anchor))) / 1e9
}

// row is a turn as the CSV shows it, with its gaps in memory that may be used again.
// Offsets of the turn count from start.
func (e epoch) row(turn *Request, start time.Time, memory record.Gaps) record.Row {
	reply := &turn.Reply
	launch, finish := e.seconds(reply.Launch), e.seconds(reply.Launch.Add(reply.Finish))
	r := record.Row{
		UserID: turn.User, QuestionID: turn.Answer, QuestionNumber: turn.Question, SimulatedHistory: turn.SimulatedHistory,
		LaunchTime: launch, FinishTime: finish, Timestamp: launch,
		ScheduledTime: e.seconds(start.Add(turn.Due)),
		RequestID:     strconv.Itoa(turn.User) + "-" + strconv.Itoa(turn.Question),
		Attempts:      reply.Attempts,
		Lateness:      lateness(turn),
		UncachedShare: math.Round(turn.UncachedShare*1000) / 1000,
	}
	if turn.Err != nil {
		r.Error = failure(turn.Err)
		return r
	}
	r.TTFT = seconds(reply.FirstToken)
	r.GenerationTime = seconds(reply.Finish - reply.FirstToken)
	r.Latency = seconds(reply.Finish)
	r.ConnectTime = seconds(reply.Connect)
	r.FinishReason = reply.FinishReason
	r.Gaps = gaps(memory, reply.Chunks)
	countTokens(&r, turn)
	return r
}

// lateness is why a turn left late.
func lateness(turn *Request) record.Lateness {
	d := &turn.Dispatch
	late := record.Lateness{Queue: turn.Reply.Launch.Sub(d.Reached).Seconds(), CarriedOver: turn.CarriedOver.Seconds()}
	if reached := d.Reached.Sub(d.Due).Seconds(); d.Waited {
		late.Timer = reached
	} else {
		late.Backlog = reached
	}
	return late
}

// countTokens takes the engine's counts, or else the chunks with text.
func countTokens(r *record.Row, turn *Request) {
	usage := turn.Reply.Usage
	r.TokensFrom = record.FromUsage
	generated := record.Tokens(usage.Completion)
	if generated == 0 {
		r.TokensFrom = record.FromChunks
		generated = record.Tokens(len(turn.Reply.Chunks))
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

// chunkTokens are how many tokens each chunk has, as far as the engine's counts
// tell: those it sent along with the chunks, or one each where there are as many
// as tokens. All answers of the latter kind share ones, which grows as needed.
func chunkTokens(reply *openai.Reply, ones *[]int) []int {
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
		for len(*ones) < chunks {
			*ones = append(*ones, 1)
		}
		return (*ones)[:chunks:chunks]
	}
	return nil
}

// failure is an error as one line.
func failure(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if errors.Is(err, context.Canceled) {
		return metrics.CancelledPrefix + text
	}
	return text
}

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

func seconds(d time.Duration) *float64 {
	s := d.Seconds()
	return &s
}
