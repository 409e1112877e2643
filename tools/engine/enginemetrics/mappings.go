package enginemetrics

import "strings"

// mapping maps the names of one engine.
type mapping struct {
	engine string
	router bool
	// names holds the engine's names of a metric; the first one on the page is used. A +
	// means the sum of several, if all are on the page.
	names map[Metric][]string
}

// mappings are tried in this order. Engines come before routers, because the page of an
// engine may also have names of a router, but not vice versa. A colon in a name also
// matches an underscore, because some proxies replace it.
var mappings = []mapping{
	{engine: "vLLM", names: map[Metric][]string{
		Running: {"vllm:num_requests_running"},
		Waiting: {"vllm:num_requests_waiting"},
		// gpu_ and no _total: version 0 and the first ones of version 1.
		KVUsage:          {"vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"},
		CacheQueries:     {"vllm:prefix_cache_queries_total", "vllm:prefix_cache_queries", "vllm:gpu_prefix_cache_queries_total", "vllm:gpu_prefix_cache_queries"},
		CacheHits:        {"vllm:prefix_cache_hits_total", "vllm:prefix_cache_hits", "vllm:gpu_prefix_cache_hits_total", "vllm:gpu_prefix_cache_hits"},
		ExternalQueries:  {"vllm:external_prefix_cache_queries_total", "vllm:connector_prefix_cache_queries_total", "lmcache:num_requested_tokens_total"},
		ExternalHits:     {"vllm:external_prefix_cache_hits_total", "vllm:connector_prefix_cache_hits_total", "lmcache:num_hit_tokens_total"},
		Preemptions:      {"vllm:num_preemptions_total", "vllm:num_preemptions"},
		PromptTokens:     {"vllm:prompt_tokens_total", "vllm:prompt_tokens"},
		GenerationTokens: {"vllm:generation_tokens_total", "vllm:generation_tokens"},
		Finished:         {"vllm:request_success_total", "vllm:request_success"},
		TTFTSum:          {"vllm:time_to_first_token_seconds_sum"},
		TTFTCount:        {"vllm:time_to_first_token_seconds_count"},
	}},
	{engine: "SGLang", names: map[Metric][]string{
		Running:          {"sglang:num_running_reqs"},
		Waiting:          {"sglang:num_queue_reqs"},
		KVUsage:          {"sglang:token_usage"},
		CacheQueries:     {"sglang:prompt_tokens_total"}, // every prompt token is looked up
		CacheHits:        {"sglang:cached_tokens_total"},
		Preemptions:      {"sglang:num_retracted_requests_total"}, // num_retracted_reqs is of one batch
		PromptTokens:     {"sglang:prompt_tokens_total"},
		GenerationTokens: {"sglang:generation_tokens_total"},
		Finished:         {"sglang:num_requests_total"},
		TTFTSum:          {"sglang:time_to_first_token_seconds_sum"},
		TTFTCount:        {"sglang:time_to_first_token_seconds_count"},
	}},
	{engine: "llama.cpp", names: map[Metric][]string{
		Running: {"llamacpp:requests_processing"},
		Waiting: {"llamacpp:requests_deferred"},
		KVUsage: {"llamacpp:kv_cache_usage_ratio"},
		// prompt_tokens_total excludes cached tokens, which older servers do not
		// export.
		CacheQueries:     {"llamacpp:prompt_tokens_total+llamacpp:prompt_tokens_cached_total"},
		CacheHits:        {"llamacpp:prompt_tokens_cached_total"},
		PromptTokens:     {"llamacpp:prompt_tokens_total+llamacpp:prompt_tokens_cached_total"},
		GenerationTokens: {"llamacpp:tokens_predicted_total"},
	}},
	{engine: "TGI", names: map[Metric][]string{
		Running:          {"tgi_batch_current_size"},
		Waiting:          {"tgi_queue_size"},
		PromptTokens:     {"tgi_request_input_length_sum"},
		GenerationTokens: {"tgi_request_generated_tokens_sum"},
		Finished:         {"tgi_request_success_total", "tgi_request_success"},
	}},
	{engine: "TensorRT-LLM", names: map[Metric][]string{
		Running:   {"trtllm_num_requests_running"},
		Waiting:   {"trtllm_num_requests_waiting"},
		KVUsage:   {"trtllm_kv_cache_utilization"},
		Finished:  {"trtllm_request_success_total"},
		TTFTSum:   {"trtllm_time_to_first_token_seconds_sum"},
		TTFTCount: {"trtllm_time_to_first_token_seconds_count"},
	}},
	// llm-d's router, and the Gateway API Inference Extension from which it derives.
	{engine: "llm-d router", router: true, names: map[Metric][]string{
		Running:          {"llm_d_epp_request_running", "inference_objective_running_requests", "inference_model_running_requests"},
		Waiting:          {"llm_d_epp_per_endpoint_queue_size", "inference_pool_per_pod_queue_size"},
		KVUsage:          {"llm_d_epp_average_kv_cache_utilization", "inference_pool_average_kv_cache_utilization"},
		CacheQueries:     {"llm_d_epp_request_input_tokens_sum", "inference_objective_input_tokens_sum"},
		CacheHits:        {"llm_d_epp_request_cached_tokens_sum", "inference_objective_prompt_cached_tokens_sum"},
		PromptTokens:     {"llm_d_epp_request_input_tokens_sum", "inference_objective_input_tokens_sum", "inference_model_input_tokens_sum"},
		GenerationTokens: {"llm_d_epp_request_output_tokens_sum", "inference_objective_output_tokens_sum", "inference_model_output_tokens_sum"},
		Finished:         {"llm_d_epp_request_duration_seconds_count", "inference_objective_request_duration_seconds_count", "inference_model_request_duration_seconds_count"},
		TTFTSum:          {"llm_d_epp_request_ttft_seconds_sum"},
		TTFTCount:        {"llm_d_epp_request_ttft_seconds_count"},
	}},
	{engine: "Dynamo frontend", router: true, names: map[Metric][]string{
		Running:          {"dynamo_frontend_inflight_requests"},
		Waiting:          {"dynamo_frontend_queued_requests"},
		CacheQueries:     {"dynamo_frontend_input_sequence_tokens_sum"},
		CacheHits:        {"dynamo_frontend_cached_tokens_sum"},
		PromptTokens:     {"dynamo_frontend_input_sequence_tokens_sum"},
		GenerationTokens: {"dynamo_frontend_output_sequence_tokens_sum"},
		Finished:         {"dynamo_frontend_requests_total"},
		TTFTSum:          {"dynamo_frontend_time_to_first_token_seconds_sum"},
		TTFTCount:        {"dynamo_frontend_time_to_first_token_seconds_count"},
	}},
}

// read reads the metrics of a page. Cache queries are dropped if there are no hits to
// compare them with.
func (m *mapping) read(series map[string]Total) map[Metric]float64 {
	values := map[Metric]float64{}
	for metric, names := range m.names {
		for _, name := range names {
			value, found := find(series, name)
			if !found {
				continue
			}
			values[metric] = value.Sum
			if metric == KVUsage {
				values[metric] /= value.Count
			}
			break
		}
	}
	for queries, hits := range map[Metric]Metric{CacheQueries: CacheHits, ExternalQueries: ExternalHits} {
		if _, exported := values[hits]; !exported {
			delete(values, queries)
		}
	}
	return values
}

// find returns the total of a name, or of several names joined by +.
func find(series map[string]Total, names string) (total Total, found bool) {
	for name := range strings.SplitSeq(names, "+") {
		one, found := series[name]
		if !found {
			one, found = series[strings.ReplaceAll(name, ":", "_")]
		}
		if !found {
			return Total{}, false
		}
		total.Sum += one.Sum
		total.Count += one.Count
	}
	return total, true
}
