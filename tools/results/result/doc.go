// Package result is the result JSON of one measured point.
//
// Write reads the point's CSV, computes and writes
//
//	4-latest-results/<NAME>/<KEY>_<WORKLOAD>_<qps>_<YYYYmmdd-HHMM>.json
//
// and where that name is taken -2, -3 … after the stamp. A point without one
// success has no result: its reasons are written to the same name ending in
// _failed.txt, and Write returns an error.
//
// # Keys
//
// First those of LMBench's own summarizer, in its order, then ours. A figure that
// does not exist is absent: no figure is ever null, NaN or Infinity. Rows with an
// error count in no figure, except where "all rows" is said.
//
//	name                  the spec's Name, else NAME
//	lmbench-session-id    LMBENCH_SESSION_ID
//	timestamp             local time, minutes, as in the file name
//	results               see below
//	infra                 1-infrastructure of run-bench.yaml
//	serving               baseline_type and config of the spec's entry SERVING_INDEX
//	workload              the KEY=VALUE pairs, except those above, KEY, FIDELITY_… and PROOF_…; never a secret
//	baseline_key          KEY
//	timestamp_utc         the same instant, ISO 8601, UTC
//
// In results, with n successful rows, rounded to two decimals:
//
//	successful_requests                  n
//	benchmark_duration_s                 D = last finish - first launch
//	total_input_tokens                   sum of prompt_tokens
//	total_generated_tokens               sum of generation_tokens
//	request_throughput_req_per_s         n / D; strict-synthetic: the configured QPS
//	output_token_throughput_tok_per_s    generated tokens / D
//	input_token_throughput_tok_per_s     prompt tokens / D
//	total_token_throughput_tok_per_s     both / D
//	ttft_ms                              ttft: mean, median, p99
//	tpot_ms                              generation_time / (generation_tokens - 1), where tokens > 1
//	itl_ms                               (ttft + generation_time) / generation_tokens
//
// itl_ms is the original's name for time per token from end to end; the time
// between two chunks is inter_token_latency_ms. Ours follow, rates and shares with
// six significant digits, milliseconds with three decimals:
//
//	requests_planned                     the pair REQUESTS_PLANNED
//	requests_sent                        all rows
//	requests_ok                          n
//	requests_failed                      rows with an error
//	failures                             error text -> rows, at most 20, most frequent first
//	offered_rate_req_per_s               the pair OFFERED_RATE
//	achieved_rate_req_per_s              the pair ACHIEVED_RATE, for what not only the rows' users sent; else
//	                                     all rows / SENDING_SECONDS if that pair is given,
//	                                     else (all rows - 1) / (last launch - first launch)
//	measured_request_rate_req_per_s      strict-synthetic: all rows / (last finish - first launch)
//	all_users                            strict-synthetic: the pairs ALL_USERS_REQUESTS, _GENERATED_TOKENS and
//	                                     _INPUT_TOKENS / D: what the engine did for all in that time
//	ttft_percentiles_ms                  of what ttft_ms is made
//	ttft_known_history_ms                the same without simulated_history: a history that was made up is
//	                                     computed whole; absent if no row has one
//	tpot_percentiles_ms                  of what tpot_ms is made
//	e2el_ms                              launch to end of stream
//	inter_token_latency_ms               gaps between chunks with text, of all requests together
//	send_lag_ms                          launch_time - scheduled_time
//	connect_ms                           waiting for a connection, a part of TTFT
//	cached_tokens                        prompt tokens the engine took from its cache
//	cached_token_share                   of the prompt tokens of the rows that say so
//	tokens_from_chunks                   rows whose tokens are chunks counted, the engine sent no usage
//	attempts_extra                       connections tried beyond the first, all rows
//	trace_fidelity                       trace_replayer: the pairs FIDELITY_…, see below
//	lmbench_definitions_ms               vllm: LMBench's definitions of the same requests
//	ttft_sched_ms, e2el_sched_ms         from scheduled_time instead of launch_time: what a user felt whom the load
//	                                     stands for, as MLPerf's LoadGen counts
//	inherited_lateness_ms                how far due times lay behind users' own pace, since answers were slow: load that
//	                                     the engine did not take in time; absent if none did
//	send_lag_causes_ms                   why requests left late: timer (the client woke up late), run_queue (from then to
//	                                     the launch: run queue, garbage collection, preparation), backlog (it had others
//	                                     to send before), slot (--max-concurrency); these add up to send_lag_ms. Beside
//	                                     them connection, which comes after the launch
//	percentile_intervals                 see below
//	ledger                               planned = ok + failed + cancelled + never_sent (by cause) + missing; missing other
//	                                     than 0 makes the result INVALID
//	arrivals                             the requests as they left against the plan, see below
//	littles_law                          in_flight_mean, counted as requests begin and end, and rate_times_e2el, by the rows
//	token_check                          usage against chunks with text, and against the tokens asked for
//	cache_guard                          prompts that no cache can have unless from another run (column cold), and how many
//	                                     of these the engine served from its cache: by its count, or where it gives none
//	                                     by two groups of TTFTs (ttft_modes_ms)
//	longest_silence                      the longest time in which none of three or more answers under way got anything
//	longest_wait                         the same of requests, begun or not, that were under way for a second of it
//	engine_counters                      the pairs PROOF_COUNTERS_…: what the engine said at /metrics
//	measurement_error                    the pairs PROOF_CALIBRATION_…: what the client adds by itself, and the load it was found
//	                                     under, which is the point's up to 2,000 streams, 50,000 chunks/s and 256 kB
//	client                               its CPU time and share, pauses of the garbage collector, a step of the machine's
//	                                     clock, the longest write of a row and how long sending waited for the writer
//	fingerprint                          SHA-256 of the load
//	verdict                              word VALID, SUSPECT or INVALID, and reasons: code, weight, text, advice; package
//	                                     verdict has the thresholds
//	unrounded                            the original's rounded figures, not rounded
//
// Each distribution is {count, mean, min, max, p50, p90, p95, p99, p99.9};
// percentiles interpolate linearly between ranks.
//
// In percentile_intervals each percentile of what requests have has the two order
// statistics between which it lies with 95 % confidence, whatever the
// distribution, for independent requests; an end that so few samples cannot give
// is absent. too_few_samples_for names the percentiles that need more: MLPerf's
// floors, 64 for p90, 662 for p99, 6,636 for p99.9. Terminals mark them with ?.
//
// In arrivals, over all rows, or the first million:
//
//	window_s                             ten times the mean gap of the plan
//	dispersion, dispersion_planned       variance / mean of the requests in a window: 0 even, 1 Poisson, more in clumps
//	ks_distance                          greatest difference between the distributions of gaps (Kolmogorov-Smirnov),
//	                                     where gaps no more than ks_tolerance_s apart count as equal
//	correlation, correlation_planned     of each gap with the next
//
// In trace_fidelity, how truly a trace was replayed; ratios are shares of 1:
//
//	requests                             to be sent: of the window, less those left out
//	requests_left_out                    too long for --max-context
//	block_size                           tokens in a block that has a hash id
//	ideal_block_hit_ratio                blocks, by the hash ids of the requests sent, that a prefix cache
//	                                     without end would have; cold at the start of the window
//	ideal_token_hit_ratio                prompt tokens in them
//	sent_block_hit_ratio                 the same by the texts that were sent, cut where the trace's blocks lie
//	sent_token_hit_ratio                 the same in tokens, with those before the first block
//	prompt_tokens_requested, _reported   sums over rows whose tokens the engine told
//	prompt_lengths_exact                 share of these with exactly the tokens the trace asks for
//	prompt_length_error_max_tokens       the largest difference
//	cached_tokens_reported               sum of usage.prompt_tokens_details.cached_tokens
//	cached_token_ratio_reported          of the prompt tokens of the rows that tell
//	engine_cache_queried_tokens          by how much the engine's own counters rose; absent without /metrics
//	engine_cache_hit_tokens, _hit_ratio
//	engine_external_cache_…              the same of a cache beside the engine, such as LMCache
//	send_lag_p50_ms, _p99_ms, _max_ms    launch - due time, all rows
//
// For a CSV of metric,value (WORKLOAD vllm_…) the figures are the benchmark's own,
// by vLLM's definitions: there itl_ms is the time between two chunks. LMBench's of
// the same requests are in lmbench_definitions_ms. Of a CSV of these requests beside
// it, its name ending in _requests.csv, are all blocks that do not depend on whose
// definitions ttft_ms and tpot_ms follow: failures, e2el_ms, inter_token_latency_ms,
// send_lag_ms, connect_ms, cached_tokens and what follows it.
// ttft_percentiles_ms and tpot_percentiles_ms are absent.
package result
