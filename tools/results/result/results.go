package result

import (
	"math"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/spec"
)

// block is a JSON object that leaves out figures that do not exist.
type block struct{ spec.Map }

func (s *block) figure(key string, v float64) {
	if !math.IsNaN(v) && !math.IsInf(v, 0) {
		s.Map = append(s.Map, spec.Entry{Key: key, Value: v})
	}
}

func (s *block) count(key string, n int) {
	s.Map = append(s.Map, spec.Entry{Key: key, Value: n})
}

// tokens adds a number of tokens, which is whole, but may have been read as 54.0.
func (s *block) tokens(key string, v float64) {
	if !math.IsNaN(v) {
		s.Map = append(s.Map, spec.Entry{Key: key, Value: int64(v)})
	}
}

// nest adds a block, unless it is empty.
func (s *block) nest(key string, inner block) {
	if len(inner.Map) > 0 {
		s.Map = append(s.Map, spec.Entry{Key: key, Value: inner.Map})
	}
}

// results returns the block of that name: LMBench's keys, then ours.
func (p *point) results() spec.Map {
	f := &p.figures
	var s block
	s.count("successful_requests", f.OK)
	s.figure("benchmark_duration_s", p.round.request(f.Duration))
	s.tokens("total_input_tokens", f.PromptTokens)
	s.tokens("total_generated_tokens", f.GenerationTokens)
	s.figure("request_throughput_req_per_s", p.round.request(p.requestRate))
	p.throughputs(&s, p.round.throughput)
	p.latencies(&s, p.round.latency)
	p.requests(&s)
	p.distributions(&s)
	p.tokenSources(&s)
	s.nest("trace_fidelity", p.fidelity())
	s.nest("lmbench_definitions_ms", p.served())
	p.diagnostics(&s)
	s.Map = append(s.Map, spec.Entry{Key: "verdict", Value: verdictBlock(&p.verdict)})
	s.nest("unrounded", p.unrounded())
	return s.Map
}

func (p *point) throughputs(s *block, round func(float64) float64) {
	s.figure("output_token_throughput_tok_per_s", round(p.figures.OutputRate))
	s.figure("input_token_throughput_tok_per_s", round(p.figures.InputRate))
	s.figure("total_token_throughput_tok_per_s", round(p.figures.TotalRate))
}

func (p *point) latencies(s *block, round func(float64) float64) {
	three := func(d metrics.Distribution) (b block) {
		b.figure("mean", round(d.Mean))
		b.figure("median", round(d.Median))
		b.figure("p99", round(d.P(99)))
		return b
	}
	s.nest("ttft_ms", three(p.figures.TTFT))
	s.nest("tpot_ms", three(p.figures.TPOT))
	s.nest("itl_ms", three(p.figures.NormalizedLatency))
}

// unrounded repeats the figures for which two decimals are too few: 0.004 requests per
// second.
func (p *point) unrounded() (s block) {
	s.figure("benchmark_duration_s", p.figures.Duration)
	s.figure("request_throughput_req_per_s", p.requestRate)
	p.throughputs(&s, exact)
	p.latencies(&s, exact)
	return s
}

// requests adds the number of requests and their rates.
func (p *point) requests(s *block) {
	f := &p.figures
	if p.planned > 0 {
		s.count("requests_planned", p.planned)
	}
	if f.Sent > 0 {
		s.count("requests_sent", f.Sent)
		s.count("requests_ok", f.OK)
		s.count("requests_failed", f.Failed)
	}
	var failures block
	for _, failure := range most(p.requestFigures.Failures) {
		failures.count(failure.Text, failure.Count)
	}
	s.nest("failures", failures)
	s.figure("offered_rate_req_per_s", significant(p.offered))
	s.figure("achieved_rate_req_per_s", significant(p.achieved))
	if p.strict {
		s.figure("measured_request_rate_req_per_s", significant(f.MeasuredRate))
		s.nest("all_users", p.allUsers())
	}
}

// allUsers returns what the engine did in the benchmark's duration for all users, also for
// those whose requests are not in the CSV.
func (p *point) allUsers() (s block) {
	of := &p.run.AllUsers
	requests := record.Value(of.Requests)
	if !(requests > 0) || !(p.figures.Duration > 0) {
		return s
	}
	perSecond := func(amount float64) float64 { return significant(amount / p.figures.Duration) }
	s.tokens("requests_ok", requests)
	s.figure("request_throughput_req_per_s", perSecond(requests))
	s.figure("output_token_throughput_tok_per_s", perSecond(record.Value(of.GeneratedTokens)))
	s.figure("input_token_throughput_tok_per_s", perSecond(record.Value(of.InputTokens)))
	return s
}

// mostFailures bounds the errors in the JSON, which should stay readable.
const mostFailures = 20

func most(failures []metrics.Failure) []metrics.Failure {
	if len(failures) <= mostFailures {
		return failures
	}
	rest := metrics.Failure{Text: metrics.OtherErrors} // an accumulator of many texts has such an entry already
	var kept []metrics.Failure
	for _, failure := range failures {
		if len(kept) < mostFailures-1 && failure.Text != metrics.OtherErrors {
			kept = append(kept, failure)
		} else {
			rest.Count += failure.Count
		}
	}
	return append(kept, rest)
}
