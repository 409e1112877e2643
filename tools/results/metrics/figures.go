// Package metrics computes the latency and throughput figures of one measured point.
//
// The formulas of TTFT, TPOT, normalized latency, durations and throughputs are those of
// LMBench's own summarizer, with two deviations: failed requests are in no figure, and an
// answer of at most one token has no TPOT.
package metrics

import "math"

// Figures are computed from the requests of one measured point. Latencies are in
// milliseconds, durations in seconds, rates per second. Only requests that succeeded
// count, unless a comment says otherwise. A figure that does not exist is NaN.
type Figures struct {
	Sent, OK, Failed int       // Sent and Failed: all rows
	Failures         []Failure // of the failed rows, most frequent first
	Incomplete       int       // succeeded, but lack a TTFT, a duration, an instant or a token count

	Duration         float64 // last finish - first launch
	PromptTokens     float64
	GenerationTokens float64
	RequestRate      float64 // OK / Duration
	OutputRate       float64 // GenerationTokens / Duration
	InputRate        float64 // PromptTokens / Duration
	TotalRate        float64 // both / Duration

	MeasuredRate float64 // all rows / (last finish - first launch of all rows)
	AchievedRate float64 // (all rows - 1) / (last launch - first launch of all rows)

	TTFT Distribution // launch to first text
	// TTFTKnown is TTFT without requests over a simulated history, which the engine had
	// to compute as a whole. It is empty if there are no such requests.
	TTFTKnown         Distribution
	TPOT              Distribution // generation time / (tokens - 1); answers of one token have none
	NormalizedLatency Distribution // (TTFT + generation time) / tokens: end-to-end time per token, which LMBench calls itl_ms
	E2EL              Distribution // launch to end of stream
	ITL               Distribution // between two chunks with text, pooled over all requests
	Lag               Distribution // scheduling delay: launch - scheduled time
	Connect           Distribution // waiting for a connection; part of TTFT

	CachedTokens float64 // prompt tokens from the engine's cache; NaN if no row reports it
	CachedShare  float64 // of the prompt tokens of the rows that report it

	FromChunks    int  // rows whose tokens are counted chunks, as the engine sent no usage
	TokensSourced bool // rows say where their token counts come from
	ExtraAttempts int  // connections tried beyond the first, all rows
	AttemptsKnown bool // rows have a number of attempts

	Diagnostics Diagnostics
}

// TPOT returns the time per output token of an answer: from its first token to its
// end, divided by the tokens after the first. An answer of one token has none: NaN.
func TPOT(first, end, tokens float64) float64 {
	if !(tokens > 1) {
		return math.NaN()
	}
	return (end - first) / (tokens - 1)
}

// Failure is an error and the number of requests that failed with it.
type Failure struct {
	Text  string // of the first such request; the others may differ in numbers
	Count int
}
