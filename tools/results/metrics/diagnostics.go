package metrics

import (
	"strings"

	"github.com/LMCache/LMBench/tools/results/record"
)

// Diagnostics are figures for judging whether the others can be trusted.
type Diagnostics struct {
	// Latencies from the scheduled time on, as MLPerf's LoadGen counts them: what users of
	// the planned load would have felt. In ms, of requests that succeeded.
	TTFTSched, E2ELSched Distribution

	// Causes of Lag, in ms; for each request they add up to it. Empty if the rows lack
	// them.
	Timer, Queue, Backlog, Slot Distribution
	// ClientLag is the part of Lag that the client causes: all but Slot. One request in a
	// hundred, and at least two, are late by ClientLagTail or more.
	ClientLag     Distribution
	ClientLagTail float64
	// CarriedOver is how far due times lay behind the users' own pace, in ms, because
	// earlier answers were slow: load that the engine did not take in time.
	CarriedOver Distribution

	Cancelled      int     // rows that the client gave up; part of Failed
	RequestSeconds float64 // launch to finish, summed over all rows
	Window         float64 // s, first launch to last finish of all rows; NaN without any
	Arrivals       Arrivals
	Stall          Stall
	RequestStall   Stall // of requests before or after their first token; at least a second
	Uncached       Uncached
	Tokens         TokenCheck
}

// TokenCheck compares the engine's token counts with the chunks that arrived. A chunk may
// hold several tokens, but no token is spread over two chunks.
type TokenCheck struct {
	Rows           int // with both
	Tokens, Chunks int
	Fewer          int // rows with fewer tokens than chunks
	CachedOver     int // of all rows, those with more cached tokens than the prompt has
}

// stallStreams is the number of streams in flight from which a stall of all of them is
// the engine's.
const stallStreams = 3

// diagnostics accumulates Diagnostics.
type diagnostics struct {
	ttft, e2el                       sketch
	timer, queue, backlog, wait, own sketch
	carried                          sketch
	causes                           bool
	cancelled                        int
	seconds                          float64
	arrivals                         arrivals
	stalls                           stalls
	uncached                         uncached
	tokens                           TokenCheck
}

// CancelledPrefix starts the error of a request that the client gave up.
const CancelledPrefix = "cancelled: "

// add adds a row, successful or not.
func (p *diagnostics) add(row *record.Row) {
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
	p.stalls.add(row)
	p.uncached.add(row)
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
	p.carried.add(row.CarriedOver * 1000)
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
	// Tokens may hold parts of a character, so that engines send a chunk more or less.
	if tokens < chunks-max(2, chunks/50) {
		c.Fewer++
	}
}

// figures must be called only once.
func (p *diagnostics) figures() Diagnostics {
	f := Diagnostics{
		TTFTSched: p.ttft.distribution(), E2ELSched: p.e2el.distribution(), ClientLag: p.own.distribution(), ClientLagTail: p.own.latest(),
		Slot: p.wait.distribution(), Cancelled: p.cancelled, RequestSeconds: p.seconds,
		Arrivals: p.arrivals.figures(), Stall: p.stalls.longest(stallStreams), RequestStall: p.stalls.wait(stallStreams), Uncached: p.uncached.figures(), Tokens: p.tokens,
	}
	if p.causes {
		f.Timer, f.Queue, f.Backlog = p.timer.distribution(), p.queue.distribution(), p.backlog.distribution()
	}
	if p.carried.max > 0 {
		f.CarriedOver = p.carried.distribution()
	}
	return f
}
