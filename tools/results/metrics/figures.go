// Package metrics is the serving figures of one measured point.
//
// The formulas of TTFT, TPOT and ITL, of the durations and of the throughputs
// are those of LMBench's own summarizer, with two deviations: a row with an
// error counts in no figure, and a row of one token or none has no TPOT.
package metrics

import "math"

// Figures is what is said of the requests of one measured point. Times are in
// milliseconds, durations in seconds, rates per second. Only the requests that
// succeeded count, except where a comment says otherwise. A figure that does
// not exist is NaN.
type Figures struct {
	Sent, OK, Failed int       // Sent and Failed: all rows
	Failures         []Failure // of the failed rows, most frequent first
	Incomplete       int       // succeeded, and yet without a TTFT, a time or a token count

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
	// TTFTKnown is without the requests whose history was made up, which the
	// engine had to compute whole; no values if there are none of these.
	TTFTKnown         Distribution
	TPOT              Distribution // generation time / (tokens - 1); answers of one token have none
	NormalizedLatency Distribution // (TTFT + generation time) / tokens: the original's name for time per token, end to end
	E2EL              Distribution // launch to end of stream
	ITL               Distribution // between two chunks with text, pooled over all requests: the true inter-token latency
	Lag               Distribution // launch - scheduled time
	Connect           Distribution // waiting for a connection; part of TTFT

	CachedTokens float64 // prompt tokens from the engine's cache; NaN if no row reports it
	CachedShare  float64 // of the prompt tokens of the rows that report it

	FromChunks    int  // rows whose tokens are chunks counted, as the engine sent no usage
	TokensSourced bool // rows tell where their tokens come from
	ExtraAttempts int  // connections tried beyond the first, all rows
	AttemptsKnown bool // rows tell their attempts

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

// Failure is one reason and how many requests failed for it.
type Failure struct {
	Text  string // of the first such request; the others differ at most in numbers
	Count int
}
