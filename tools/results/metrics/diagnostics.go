package metrics

import (
	"strings"

	"github.com/LMCache/LMBench/tools/results/record"
)

// Diagnostics is what tells whether the figures beside it may be believed.
type Diagnostics struct {
	// From the scheduled time on, as MLPerf's LoadGen counts: what a user felt
	// whom the load stands for. In ms, of the requests that succeeded.
	TTFTSched, E2ELSched Distribution

	// Why requests left late, in ms; each sums up with the others to Lag. No
	// values if the rows do not tell.
	Timer, Queue, Backlog, Slot Distribution
	// ClientLag is the part of Lag that is the client's: all but Slot. One request in
	// a hundred, and at least two, have OwnLate of it or more.
	ClientLag     Distribution
	ClientLagTail float64
	// CarriedOver is how far due times lay behind users' own pace, in ms, as
	// answers before were slow: load that the engine did not take in time.
	CarriedOver Distribution

	Cancelled      int     // rows given up by the client, part of Failed
	RequestSeconds float64 // launch to finish, summed over all rows
	Window         float64 // s, first launch to last finish of all rows; NaN without any
	Arrivals       Arrivals
	Stall          Stall
	RequestStall   Stall // the same of requests, begun or not; at least a second
	Uncached       Uncached
	Tokens         TokenCheck
}

// TokenCheck compares the tokens that the engine says it sent with the chunks
// that came. A chunk may hold several tokens, but no token is in two.
type TokenCheck struct {
	Rows           int // with both
	Tokens, Chunks int
	Fewer          int // rows whose engine says fewer tokens than chunks came
	CachedOver     int // rows, of all, whose engine says it took more tokens from its cache than the prompt has
}

// pauseStreams is how many answers must be under way for their common silence
// to be the engine's.
const pauseStreams = 3

// proof gathers Proof.
type proof struct {
	ttft, e2el                       sketch
	timer, queue, backlog, wait, own sketch
	inherited                        sketch
	causes                           bool
	cancelled                        int
	seconds                          float64
	arrivals                         arrivals
	silence                          silence
	cold                             cold
	tokens                           TokenCheck
}

// CancelledPrefix begins the error of a request that the client gave up.
const CancelledPrefix = "cancelled: "

// add takes in a row, whatever became of it.
func (p *proof) add(row *record.Row) {
	p.seconds += row.FinishTime - row.LaunchTime
	if row.ScheduledTime != 0 {
		p.arrivals.add(row.LaunchTime, row.ScheduledTime, row.FinishTime)
	}
	if !row.OK() {
		if strings.HasPrefix(row.Error, CancelledPrefix) {
			p.cancelled++
		}
		return
	}
	p.silence.add(row)
	p.cold.add(row)
	p.tokens.add(row)
	if row.ScheduledTime == 0 {
		return
	}
	lag := row.LaunchTime - row.ScheduledTime
	p.ttft.add((record.Value(row.TTFT) + lag) * 1000)
	p.e2el.add((row.FinishTime - row.ScheduledTime) * 1000)
	slot := 0.0
	if row.SlotWait != nil {
		slot = min(*row.SlotWait, lag)
		p.wait.add(slot * 1000)
	}
	p.own.add((lag - slot) * 1000)
	p.causes = p.causes || row.Lateness != record.Lateness{}
	p.timer.add(row.Timer * 1000)
	p.queue.add(row.Queue * 1000)
	p.backlog.add((row.Backlog - slot) * 1000)
	p.inherited.add(row.CarriedOver * 1000)
}

func (c *TokenCheck) add(row *record.Row) {
	if cachedOver(row) {
		c.CachedOver++
	}
	if row.TokensFrom != record.FromUsage || row.GenerationTokens == nil || len(row.Gaps) == 0 {
		return
	}
	chunks, tokens := len(row.Gaps)+1, int(*row.GenerationTokens)
	c.Rows++
	c.Chunks += chunks
	c.Tokens += tokens
	// A tokenizer may split a character in two: engines then send one chunk
	// more or less.
	if tokens < chunks-max(2, chunks/50) {
		c.Fewer++
	}
}

// figures may be called once.
func (p *proof) figures() Diagnostics {
	f := Diagnostics{
		TTFTSched: p.ttft.distribution(), E2ELSched: p.e2el.distribution(), ClientLag: p.own.distribution(), ClientLagTail: p.own.latest(),
		Slot: p.wait.distribution(), Cancelled: p.cancelled, RequestSeconds: p.seconds,
		Arrivals: p.arrivals.figures(), Stall: p.silence.longest(pauseStreams), RequestStall: p.silence.wait(pauseStreams), Uncached: p.cold.figures(), Tokens: p.tokens,
	}
	if p.causes {
		f.Timer, f.Queue, f.Backlog = p.timer.distribution(), p.queue.distribution(), p.backlog.distribution()
	}
	if p.inherited.max > 0 {
		f.CarriedOver = p.inherited.distribution()
	}
	return f
}
