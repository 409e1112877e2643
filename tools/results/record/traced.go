package record

// Traced is what a row of a replayed trace has beside the others.
type Traced struct {
	TraceLine                 int     `csv:"trace_line"`                  // of the request in the trace's file
	TraceOffset               float64 `csv:"trace_offset"`                // seconds since the trace's earliest request, by its own clock
	RequestedPromptTokens     int     `csv:"requested_prompt_tokens"`     // as the trace says
	RequestedGenerationTokens int     `csv:"requested_generation_tokens"` // as the trace says; an answer may be shorter
	IdealCachedTokens         int     `csv:"ideal_cached_tokens"`         // of the prompt, in blocks that came before in the run
}

// Trace is the layout of replayed traces.
func Trace() Layout {
	return layout("launch_time", "finish_time", "ttft", "generation_time",
		"prompt_tokens", "generation_tokens", "total_tokens", "error",
		"timestamp", "request_id", "latency", "completion_tokens",
		"user_id", "trace_line", "trace_offset", "requested_prompt_tokens", "requested_generation_tokens", "ideal_cached_tokens")
}
