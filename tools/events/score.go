package main

import (
	"fmt"
	"math"

	"github.com/LMCache/LMBench/tools/results/metrics"
)

// tool is a benchmark whose definitions are used.
type tool struct {
	name  string
	score func(*load) figures
}

func tools() []tool {
	return []tool{
		{"vllm", vllm}, {"sglang", sglang}, {"guidellm", guidellm}, {"aiperf", aiperf}, {"mlperf", mlperf}, {"lmbench", lmbench},
	}
}

const ms = 1000.0

// vllm computes calculate_metrics of vLLM's benchmarks/serve.py. The duration is from
// the first due time to the last end.
func vllm(l *load) (f figures) {
	duration := l.lastFinish - l.firstDue
	f.add("duration", duration)
	f.add("completed", len(l.ok))
	f.add("failed", l.failed)
	f.add("total_input_tokens", l.sum(input))
	f.add("total_output_tokens", l.sum(output))
	f.add("request_throughput", over(float64(len(l.ok)), duration))
	f.add("output_throughput", over(l.sum(output), duration))
	f.add("total_token_throughput", over(l.sum(input)+l.sum(output), duration))
	for _, one := range []struct {
		name   string
		values []float64
	}{{"ttft", l.each(first)}, {"tpot", l.each(perToken)}, {"itl", l.gaps()}, {"e2el", l.each(last)}} {
		spread(&f, one.name, of(ms, one.values), 99)
	}
	return f
}

// spread adds the keys of one latency as vLLM and SGLang name them.
func spread(f *figures, name string, s series, percents ...float64) {
	f.add("mean_"+name+"_ms", s.mean())
	f.add("median_"+name+"_ms", s.median())
	f.add("std_"+name+"_ms", s.deviation())
	for _, p := range percents {
		f.add(fmt.Sprintf("p%v_%s_ms", p, name), s.percentile(p))
	}
}

// sglang computes calculate_metrics of SGLang's benchmark/serving.py (2026) for its own
// backend: a gap is divided by the tokens of its chunk and counts once for each of
// them; a request lasts until its stream ends.
func sglang(l *load) (f figures) {
	duration := l.lastFinish - l.firstDue
	var split []float64
	for i := range l.ok {
		for k, gap := range l.ok[i].gaps {
			n := l.ok[i].tokens[k+1]
			for range n {
				split = append(split, gap/float64(n))
			}
		}
	}
	perToken := func(r *request) float64 { return metrics.TPOT(r.first, r.whole, r.total) }
	f.add("duration", duration)
	f.add("completed", len(l.ok))
	f.add("total_input_tokens", l.sum(input))
	f.add("total_output_tokens", l.sum(output))
	f.add("request_throughput", over(float64(len(l.ok)), duration))
	f.add("input_throughput", over(l.sum(input), duration))
	f.add("output_throughput", over(l.sum(output), duration))
	f.add("total_throughput", over(l.sum(input)+l.sum(output), duration))
	f.add("concurrency", over(l.sum(whole), duration))
	for _, one := range []struct {
		name   string
		values []float64
	}{{"e2e_latency", l.each(whole)}, {"ttft", l.each(first)}, {"tpot", l.each(perToken)}, {"itl", split}} {
		spread(&f, one.name, of(ms, one.values), 90, 95, 99)
	}
	f.add("max_itl_ms", of(ms, split).most())
	return f
}

// guidellm computes the metrics of GuideLLM 0.7 (schemas/request_stats.py,
// schemas/statistics.py): its time per output token is over all tokens, the first
// included; its inter-token latency is what others call TPOT. Both count once for
// each token.
func guidellm(l *load) (f figures) {
	duration := l.lastFinish - l.firstLaunch
	once := func(*request) float64 { return 1 }
	f.add("request_totals", figures{{"successful", len(l.ok)}, {"errored", l.failed}, {"incomplete", 0}, {"total", len(l.ok) + l.failed}})
	// In GuideLLM rates are distributions over time; only their means are computed.
	for _, rate := range []struct {
		name string
		of   func(*request) float64
	}{{"requests_per_second", once}, {"output_tokens_per_second", output}, {"tokens_per_second", tokens}} {
		f.add(rate.name, successful(figures{{"mean", over(l.sum(rate.of), duration)}}))
	}
	for _, one := range []struct {
		name       string
		unit       float64
		of, weight func(*request) float64
	}{
		{"request_latency", 1, whole, once},
		{"prompt_token_count", 1, input, once},
		{"output_token_count", 1, output, once},
		{"total_token_count", 1, tokens, once},
		{"time_to_first_token_ms", ms, first, once},
		{"time_per_output_token_ms", ms, func(r *request) float64 { return over(r.last, r.total) }, output},
		{"inter_token_latency_ms", ms, perToken, func(r *request) float64 { return r.total - 1 }},
	} {
		var values []weighted
		for i := range l.ok {
			values = append(values, weighted{one.unit * one.of(&l.ok[i]), one.weight(&l.ok[i])})
		}
		if s := summary(values); s != nil {
			f.add(one.name, successful(s))
		}
	}
	return f
}

// successful nests a figure of successful requests as GuideLLM does.
func successful(block figures) figures { return figures{{"successful", block}} }

func tokens(r *request) float64 { return r.input + r.total }

// aiperf computes the metrics of AIPerf 0.13 (metrics/types) with its --per-chunk-usage:
// its inter-token latency leaves out the tokens of the first chunk, its inter-chunk
// latency is the gaps as they are.
func aiperf(l *load) (f figures) {
	begin, end := math.Inf(1), math.Inf(-1) // of successful requests, to their last chunks
	for i := range l.ok {
		begin, end = min(begin, l.ok[i].launch), max(end, l.ok[i].launch+l.ok[i].last)
	}
	scalar := func(name, unit string, v float64) {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			f.add(name, figures{{"unit", unit}, {"avg", v}})
		}
	}
	second := func(r *request) float64 {
		if len(r.gaps) == 0 {
			return math.NaN()
		}
		return r.gaps[0]
	}
	between := func(r *request) float64 {
		if !(r.total > 1) {
			return math.NaN()
		}
		after := r.total - 1
		if len(r.tokens) > 0 && r.total-float64(r.tokens[0]) >= 1 {
			after = r.total - float64(r.tokens[0])
		}
		return (r.last - r.first) / after
	}
	requests := float64(len(l.ok))
	scalar("request_throughput", "requests/sec", over(requests, end-begin))
	for _, one := range []struct {
		name, unit string
		scale      float64
		values     []float64
	}{
		{"request_latency", "ms", ms, l.each(last)},
		{"time_to_first_token", "ms", ms, l.each(first)},
		{"time_to_second_token", "ms", ms, l.each(second)},
		{"inter_token_latency", "ms", ms, l.each(between)},
		{"inter_chunk_latency", "ms", ms, l.gaps()},
		{"output_token_throughput_per_user", "tokens/sec/user", 1, l.each(func(r *request) float64 { return over(1, between(r)) })},
		{"output_sequence_length", "tokens", 1, l.each(output)},
		{"input_sequence_length", "tokens", 1, l.each(input)},
	} {
		s := of(one.scale, one.values)
		if len(s) == 0 {
			continue
		}
		block := figures{{"unit", one.unit}, {"avg", s.mean()}}
		for _, p := range []float64{1, 5, 10, 25, 50, 75, 90, 95, 99} {
			block.add(fmt.Sprintf("p%v", p), s.percentile(p))
		}
		f.add(one.name, append(block, figures{{"min", s.least()}, {"max", s.most()}, {"std", s.deviation()}, {"count", len(s)}, {"sum", s.mean() * float64(len(s))}}...))
	}
	scalar("output_token_throughput", "tokens/sec", over(l.sum(output), end-begin))
	scalar("total_osl", "tokens", l.sum(output))
	scalar("total_isl", "tokens", l.sum(input))
	scalar("request_count", "requests", requests)
	if l.failed > 0 {
		scalar("error_request_count", "requests", float64(l.failed))
	}
	scalar("benchmark_duration", "sec", end-begin)
	return f
}

// mlperf computes LoadGen's Server scenario (loadgen/results.cc): times count from the
// due time, a percentile is the value at index n*p, rates leave out the last
// sample, means are whole nanoseconds.
func mlperf(l *load) (f figures) {
	counted := max(0, float64(len(l.ok)-1))
	f.add("result_query_count", len(l.ok)+l.failed)
	f.add("result_scheduled_samples_per_sec", over(counted, l.lastDue-l.firstDue))
	f.add("result_completed_samples_per_sec", over(counted, l.lastFinish-l.firstDue))
	f.add("Completed tokens per second", over(l.sum(output), l.lastFinish-l.firstDue)) // LoadGen has no key for it
	late := func(r *request) float64 { return r.launch - r.due }
	for _, one := range []struct {
		summary, percentile string // keys with a place for what or how much
		of                  func(*request) float64
	}{
		{"result_%s_latency_ns", "result_%.2f_percentile_latency_ns", func(r *request) float64 { return late(r) + r.whole }},
		{"result_first_token_%s_latency_ns", "result_first_token_%.2f_percentile_latency_ns", func(r *request) float64 { return late(r) + r.first }},
		{"result_time_to_output_token_%s", "result_time_per_output_token_%.2f_percentile_ns", func(r *request) float64 { return metrics.TPOT(r.first, r.whole, r.total) }},
	} {
		s := of(1e9, l.each(one.of))
		if len(s) == 0 {
			continue
		}
		f.add(fmt.Sprintf(one.summary, "min"), math.Round(s[0]))
		f.add(fmt.Sprintf(one.summary, "max"), math.Round(s[len(s)-1]))
		f.add(fmt.Sprintf(one.summary, "mean"), math.Floor(s.mean()))
		for _, p := range []float64{0.5, 0.9, 0.95, 0.97, 0.99, 0.999} {
			f.add(fmt.Sprintf(one.percentile, 100*p), math.Round(s[int(float64(len(s))*p)]))
		}
	}
	return f
}

// lmbench computes LMBench's own figures, without rounding.
func lmbench(l *load) (f figures) {
	said := l.accumulator.Figures()
	f.add("successful_requests", said.OK)
	f.add("benchmark_duration_s", said.Duration)
	f.add("total_input_tokens", said.PromptTokens)
	f.add("total_generated_tokens", said.GenerationTokens)
	f.add("request_throughput_req_per_s", said.RequestRate)
	f.add("output_token_throughput_tok_per_s", said.OutputRate)
	f.add("input_token_throughput_tok_per_s", said.InputRate)
	f.add("total_token_throughput_tok_per_s", said.TotalRate)
	for _, one := range []struct {
		key               string
		mean, median, p99 float64
	}{
		{"ttft_ms", said.TTFT.Mean, said.TTFT.Median, said.TTFT.P(99)},
		{"tpot_ms", said.TPOT.Mean, said.TPOT.Median, said.TPOT.P(99)},
		{"itl_ms", said.NormalizedLatency.Mean, said.NormalizedLatency.Median, said.NormalizedLatency.P(99)},
	} {
		var block figures
		block.add("mean", one.mean)
		block.add("median", one.median)
		block.add("p99", one.p99)
		f.add(one.key, block)
	}
	return f
}
