package result

import (
	"math"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/spec"
)

// section is a mapping that takes only figures that exist.
type section struct{ spec.Map }

func (s *section) figure(key string, v float64) {
	if !math.IsNaN(v) && !math.IsInf(v, 0) {
		s.Map = append(s.Map, spec.Entry{Key: key, Value: v})
	}
}

func (s *section) count(key string, n int) {
	s.Map = append(s.Map, spec.Entry{Key: key, Value: n})
}

// tokens are whole, but can be read as 54.0.
func (s *section) tokens(key string, v float64) {
	if !math.IsNaN(v) {
		s.Map = append(s.Map, spec.Entry{Key: key, Value: int64(v)})
	}
}

func (s *section) block(key string, block section) {
	if len(block.Map) > 0 {
		s.Map = append(s.Map, spec.Entry{Key: key, Value: block.Map})
	}
}

// results is the section of that name: the original's keys, then ours.
func (p *point) results() spec.Map {
	f := &p.figures
	var s section
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
	s.block("trace_fidelity", p.fidelity())
	s.block("lmbench_definitions_ms", p.served())
	p.proof(&s)
	s.Map = append(s.Map, spec.Entry{Key: "verdict", Value: judged(&p.verdict)})
	s.block("unrounded", p.unrounded())
	return s.Map
}

func (p *point) throughputs(s *section, round func(float64) float64) {
	s.figure("output_token_throughput_tok_per_s", round(p.figures.OutputRate))
	s.figure("input_token_throughput_tok_per_s", round(p.figures.InputRate))
	s.figure("total_token_throughput_tok_per_s", round(p.figures.TotalRate))
}

func (p *point) latencies(s *section, round func(float64) float64) {
	three := func(d metrics.Distribution) (block section) {
		block.figure("mean", round(d.Mean))
		block.figure("median", round(d.Median))
		block.figure("p99", round(d.P(99)))
		return block
	}
	s.block("ttft_ms", three(p.figures.TTFT))
	s.block("tpot_ms", three(p.figures.TPOT))
	s.block("itl_ms", three(p.figures.NormalizedLatency))
}

// unrounded repeats what two decimals would spoil: 0.004 requests per second.
func (p *point) unrounded() (s section) {
	s.figure("benchmark_duration_s", p.figures.Duration)
	s.figure("request_throughput_req_per_s", p.requestRate)
	p.throughputs(&s, exact)
	p.latencies(&s, exact)
	return s
}

// requests tells how many there were and how fast they came.
func (p *point) requests(s *section) {
	f := &p.figures
	if p.planned > 0 {
		s.count("requests_planned", p.planned)
	}
	if f.Sent > 0 {
		s.count("requests_sent", f.Sent)
		s.count("requests_ok", f.OK)
		s.count("requests_failed", f.Failed)
	}
	var failures section
	for _, failure := range most(p.proven.Failures) {
		failures.count(failure.Text, failure.Count)
	}
	s.block("failures", failures)
	s.figure("offered_rate_req_per_s", significant(p.offered))
	s.figure("achieved_rate_req_per_s", significant(p.achieved))
	if p.strict {
		s.figure("measured_request_rate_req_per_s", significant(f.MeasuredRate))
		s.block("all_users", p.allUsers())
	}
}

// allUsers is what the engine did in the benchmark's duration for users whose
// requests are not in the CSV as well.
func (p *point) allUsers() (s section) {
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

// mostFailures keeps the JSON readable.
const mostFailures = 20

func most(failures []metrics.Failure) []metrics.Failure {
	if len(failures) <= mostFailures {
		return failures
	}
	rest := metrics.Failure{Text: metrics.OtherErrors} // a tally of many texts has such an entry already
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
