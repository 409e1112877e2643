package openai

import "time"

// Reply is an answer and its times. All durations are monotonic and count from
// Launch. Beside an error it holds what was known until then.
type Reply struct {
	Text         string // without reasoning
	FinishReason string // as the engine says it; "": it did not
	Usage        Usage

	Launch     time.Time       // just before the request went to the HTTP transport; zero: it never did
	Connect    time.Duration   // until the connection it was answered on was had; 0: none was
	Written    time.Duration   // until the system had the whole request; 0: it never had, or a proxy hid it
	FirstToken time.Duration   // Chunks[0], if any came
	Chunks     []time.Duration // arrival of each chunk with text or reasoning, however many tokens it has
	Counts     []int           // tokens of the answer up to each chunk, if the engine told them with every one
	Events     []time.Duration // of a Call: arrival of each event that is a part of the answer, with text or without
	Finish     time.Duration   // arrival of the end of the stream, or the moment it failed

	// Attempts is the number of connections the request was given to: more
	// than 1 if the engine had closed an idle one, 0 if there was none at all.
	Attempts int
}

// Usage is what the engine says it counted. A count of nothing is no count:
// some engines fill in zeros.
type Usage struct {
	Prompt         int // tokens of the prompt; 0: not reported
	Completion     int // tokens of the answer with its reasoning; 0: not reported
	Cached         int // tokens of the prompt found in the engine's cache
	CachedReported bool
}
