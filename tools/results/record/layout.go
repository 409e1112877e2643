package record

import "slices"

// Layout is the order of a workload's columns: those of LMBench first, then the six that
// ADDING_NEW_WORKLOADS.md asks for, then ours.
type Layout []string

// Conversation returns the layout of workloads with users and questions.
func Conversation() Layout {
	return layout("prompt_tokens", "generation_tokens", "ttft", "generation_time",
		"user_id", "question_id", "launch_time", "finish_time",
		"timestamp", "request_id", "latency", "completion_tokens", "total_tokens", "error",
		"question_number", "simulated_history")
}

// Strict returns the layout of strict-synthetic.
func Strict() Layout { return with(Conversation(), "finish_time", "record_stats") }

// Agentic returns the layout of agentic.
func Agentic() Layout { return with(Conversation(), "finish_time", "agentID", "input", "output") }

// ShareGPT returns the layout of sharegpt, in which a user is a conversation and a
// question is its round.
func ShareGPT() Layout {
	return layout("prompt_tokens", "generation_tokens", "ttft", "generation_time", "launch_time", "finish_time",
		"timestamp", "request_id", "latency", "completion_tokens", "total_tokens", "error",
		"user_id", "question_number")
}

// Trace returns the layout of replayed traces.
func Trace() Layout {
	return layout("launch_time", "finish_time", "ttft", "generation_time",
		"prompt_tokens", "generation_tokens", "total_tokens", "error",
		"timestamp", "request_id", "latency", "completion_tokens",
		"user_id", "trace_line", "trace_offset", "requested_prompt_tokens", "requested_generation_tokens", "ideal_cached_tokens")
}

// Serving returns the layout of serving benchmarks.
func Serving() Layout {
	return layout("prompt_tokens", "generation_tokens", "ttft", "generation_time",
		"user_id", "launch_time", "finish_time",
		"timestamp", "request_id", "latency", "completion_tokens", "total_tokens", "error",
		"requested_prompt_tokens", "requested_generation_tokens", "model",
		"slot_wait", "vllm_ttft", "vllm_tpot", "vllm_e2el")
}

// with inserts columns after another.
func with(columns Layout, after string, more ...string) Layout {
	return slices.Insert(columns, slices.Index(columns, after)+1, more...)
}

// layout appends the columns that every workload has at its end; the longest is last.
func layout(columns ...string) Layout {
	return append(columns, "scheduled_time", "connect_time", "attempts", "cached_tokens",
		"tokens_from", "finish_reason",
		"lag_timer", "lag_queue", "lag_backlog", "lag_inherited", "cold", "itl_us")
}
