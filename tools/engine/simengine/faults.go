package simengine

import (
	"context"
	"net/http"
)

// Faults selects the requests that go wrong. Each field is a period: requests k,
// 2k, 3k … have the fault, and 0 disables it. Requests to both generation
// endpoints are counted together from 1, in order of arrival; a request that is
// rejected as invalid (a 4xx) does not count.
//
// If several faults select the same request, the first of these fields applies.
type Faults struct {
	// FailEvery answers 500 with a JSON error at once.
	FailEvery int
	// HangEvery sends nothing, headers included, until the client leaves. The
	// request neither queues nor takes a place in the batch.
	HangEvery int
	// CutEvery closes the connection after half of the answer.
	CutEvery int
	// ErrorEventEvery sends an error event and [DONE] after half of the answer.
	// An answer that is not streamed becomes a 500 at that time.
	ErrorEventEvery int
	// NoUsageEvery omits the token usage.
	NoUsageEvery int
}

// A fault is the way in which a request goes wrong. The zero value is a healthy response.
type fault struct {
	flag  string // the flag of simserver that sets the period
	every int    // the period, in requests

	// respond, if set, answers the request in place of the engine.
	respond func(*generation, http.ResponseWriter, *http.Request)
	// breakOff, if set, ends the answer after half of its tokens. The context ends when
	// the client leaves.
	breakOff func(context.Context, *generation, response)
	// omitUsage leaves the token usage out of the answer.
	omitUsage bool
}

// all returns the faults in order of precedence.
func (f Faults) all() []fault {
	return []fault{
		{flag: "--fail-every", every: f.FailEvery, respond: failAtOnce},
		{flag: "--hang-every", every: f.HangEvery, respond: hang},
		{flag: "--cut-every", every: f.CutEvery, breakOff: cutConnection},
		{flag: "--error-event-every", every: f.ErrorEventEvery, breakOff: sendError},
		{flag: "--no-usage-every", every: f.NoUsageEvery, omitUsage: true},
	}
}

// of returns the fault of the request with the given ordinal.
func (f Faults) of(ordinal int64) fault {
	for _, candidate := range f.all() {
		if candidate.every > 0 && ordinal%int64(candidate.every) == 0 {
			return candidate
		}
	}
	return fault{}
}

// limit returns how many of n tokens a request with this fault sends: half, but
// at least one, if the answer breaks off.
func (f fault) limit(n int) int {
	if f.breakOff != nil {
		return max(1, n/2)
	}
	return n
}

func failAtOnce(g *generation, w http.ResponseWriter, _ *http.Request) {
	simulatedError(g.ordinal).send(w)
}

func hang(_ *generation, _ http.ResponseWriter, r *http.Request) {
	<-r.Context().Done()
	panic(http.ErrAbortHandler)
}

func cutConnection(_ context.Context, _ *generation, out response) {
	_ = out.flush() // the connection ends in any case
	panic(http.ErrAbortHandler)
}

func sendError(_ context.Context, g *generation, out response) {
	out.fail(simulatedError(g.ordinal))
}
