package record

import "slices"

// Layout is the order of a workload's columns: the original's first, then the
// six of the workload convention, then ours.
type Layout []string

// Conversation is the layout of workloads with users and questions.
func Conversation() Layout {
	return layout("prompt_tokens", "generation_tokens", "ttft", "generation_time",
		"user_id", "question_id", "launch_time", "finish_time",
		"timestamp", "request_id", "latency", "completion_tokens", "total_tokens", "error",
		"question_number", "simulated_history")
}

// Strict is the layout of strict-synthetic.
func Strict() Layout { return with(Conversation(), "finish_time", "record_stats") }

// Agentic is the layout of agentic.
func Agentic() Layout { return with(Conversation(), "finish_time", "agentID", "input", "output") }

// ShareGPT is the layout of sharegpt. The user is the conversation, the
// question its round.
func ShareGPT() Layout {
	return layout("prompt_tokens", "generation_tokens", "ttft", "generation_time", "launch_time", "finish_time",
		"timestamp", "request_id", "latency", "completion_tokens", "total_tokens", "error",
		"user_id", "question_number")
}

// with puts columns after one.
func with(columns Layout, after string, more ...string) Layout {
	return slices.Insert(columns, slices.Index(columns, after)+1, more...)
}

// layout appends the columns that every workload ends with; the longest last.
func layout(columns ...string) Layout {
	return append(columns, "scheduled_time", "connect_time", "attempts", "cached_tokens",
		"tokens_from", "finish_reason",
		"lag_timer", "lag_queue", "lag_backlog", "lag_inherited", "cold", "itl_us")
}
