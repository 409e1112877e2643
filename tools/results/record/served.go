package record

// Served is what a row of a serving benchmark has beside the others: the same
// request by the definitions of vLLM's client, for which an event with a choice
// counts, with text or without. How many tokens were asked for is in Traced.
type Served struct {
	Model     string   `csv:"model"`               // that was asked, a LoRA module perhaps
	SlotWait  *float64 `csv:"slot_wait,omitempty"` // from its due time until fewer than the allowed requests were under way
	EventTTFT *float64 `csv:"vllm_ttft,omitempty"` // first event - launch
	EventTPOT *float64 `csv:"vllm_tpot,omitempty"` // (vllm_e2el - vllm_ttft) / (tokens - 1), where tokens > 1
	EventE2EL *float64 `csv:"vllm_e2el,omitempty"` // last event - launch
}

// Serving is the layout of serving benchmarks.
func Serving() Layout {
	return layout("prompt_tokens", "generation_tokens", "ttft", "generation_time",
		"user_id", "launch_time", "finish_time",
		"timestamp", "request_id", "latency", "completion_tokens", "total_tokens", "error",
		"requested_prompt_tokens", "requested_generation_tokens", "model",
		"slot_wait", "vllm_ttft", "vllm_tpot", "vllm_e2el")
}
