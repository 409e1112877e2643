package result

import (
	"strings"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/spec"
)

// distributions adds the latency blocks that LMBench does not have. The percentiles of TTFT
// and TPOT belong to the same figures as ttft_ms and tpot_ms; the others are computed from
// the requests, also if a benchmark brought its own figures.
func (p *point) distributions(s *block) {
	for _, one := range []struct {
		key string
		of  metrics.Distribution
	}{
		{"ttft_percentiles_ms", p.figures.TTFT},
		{"ttft_known_history_ms", p.figures.TTFTKnown},
		{"tpot_percentiles_ms", p.figures.TPOT},
		{"e2el_ms", p.requestFigures.E2EL},
		{"inter_token_latency_ms", p.requestFigures.ITL},
		{"send_lag_ms", p.requestFigures.Lag},
		{"connect_ms", p.requestFigures.Connect},
	} {
		if one.of.Count > 0 {
			s.nest(one.key, milliseconds(one.of))
		}
	}
}

func milliseconds(d metrics.Distribution) (s block) {
	s.count("count", d.Count)
	s.figure("mean", roundMillis(d.Mean))
	s.figure("min", roundMillis(d.Min))
	s.figure("max", roundMillis(d.Max))
	for _, q := range d.Quantiles {
		s.figure(metrics.PercentName(q.Percent), roundMillis(q.Value))
	}
	return s
}

// tokenSources adds where the token counts come from.
func (p *point) tokenSources(s *block) {
	f := p.requestFigures
	s.tokens("cached_tokens", f.CachedTokens)
	s.figure("cached_token_share", significant(f.CachedShare))
	if f.TokensSourced {
		s.count("tokens_from_chunks", f.FromChunks)
	}
	if f.AttemptsKnown {
		s.count("attempts_extra", f.ExtraAttempts)
	}
}

// served returns the figures by LMBench's definitions of a CSV of metrics by vLLM's
// definitions: the metrics whose names begin with lmbench_.
func (p *point) served() (s block) {
	for _, name := range []string{"ttft", "tpot", "itl", "inter_token_latency", "e2el", "send_lag"} {
		var figures block
		for _, figure := range []string{"mean", "median", "p99"} {
			figures.figure(figure, roundMillis(p.vllm.value("lmbench_"+figure+"_"+name+"_ms")))
		}
		s.nest(name, figures)
	}
	return s
}

// fidelityPrefix begins the keys of pairs that say how closely a trace was replayed. In the
// block trace_fidelity their keys are in lower case, without the prefix.
const fidelityPrefix = "FIDELITY_"

// fidelity returns the pairs with that prefix that are numbers.
func (p pairs) fidelity() (s block) {
	for _, pair := range p.Map {
		name, found := strings.CutPrefix(pair.Key, fidelityPrefix)
		if !found {
			continue
		}
		if whole, ok := pair.Value.(int64); ok {
			s.Map = append(s.Map, spec.Entry{Key: strings.ToLower(name), Value: whole})
		} else {
			s.figure(strings.ToLower(name), number(pair.Value))
		}
	}
	return s
}
