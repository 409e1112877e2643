package openai

import "time"

// Reply is an answer and its times. All durations are monotonic and start at Launch.
// With an error it holds what was known until then.
type Reply struct {
	Text         string // without reasoning
	FinishReason string // as the engine reports it; empty: not reported
	Usage        Usage

	Launch     time.Time       // when the HTTP transport had the request; zero: never
	Connect    time.Duration   // until the last connection was ready; 0: there was none
	Written    time.Duration   // until the whole request was written; 0: never
	FirstToken time.Duration   // arrival of the first chunk
	Chunks     []time.Duration // arrival of each chunk with text or reasoning, however many tokens it has
	Counts     []int           // tokens of the answer up to each chunk, if the engine counts in every chunk
	Events     []time.Duration // if Request.Events: arrival of each event of the answer, with text or without
	Finish     time.Duration   // arrival of the end of the stream, or the moment it failed

	// Attempts is the number of connections that the request was sent on: more than
	// 1 if the engine had closed an idle one, 0 if none could be opened.
	Attempts int
}

// Usage holds the engine's counts of tokens. Zeros mean that there is no count, since
// some engines always send the fields.
type Usage struct {
	Prompt         int // tokens of the prompt; 0: not reported
	Completion     int // tokens of the answer with its reasoning; 0: not reported
	Cached         int // tokens of the prompt found in the engine's cache
	CachedReported bool
}
