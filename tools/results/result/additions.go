package result

import "github.com/LMCache/LMBench/tools/results/metrics"

// distributions are blocks that the original has not, in milliseconds. The two
// that tell of what ttft_ms and tpot_ms are made are of the same figures; the
// others are of the requests, whoever made those.
func (p *point) distributions(s *section) {
	for _, one := range []struct {
		key string
		of  metrics.Distribution
	}{
		{"ttft_percentiles_ms", p.figures.TTFT},
		{"ttft_known_history_ms", p.figures.TTFTKnown},
		{"tpot_percentiles_ms", p.figures.TPOT},
		{"e2el_ms", p.proven.E2EL},
		{"inter_token_latency_ms", p.proven.ITL},
		{"send_lag_ms", p.proven.Lag},
		{"connect_ms", p.proven.Connect},
	} {
		if one.of.Count > 0 {
			s.block(one.key, milliseconds(one.of))
		}
	}
}

func milliseconds(d metrics.Distribution) (s section) {
	s.count("count", d.Count)
	s.figure("mean", roundMillis(d.Mean))
	s.figure("min", roundMillis(d.Min))
	s.figure("max", roundMillis(d.Max))
	for _, q := range d.Quantiles {
		s.figure(metrics.PercentName(q.Percent), roundMillis(q.Value))
	}
	return s
}

// tokenSources tells how far the token counts can be trusted.
func (p *point) tokenSources(s *section) {
	f := p.proven
	s.tokens("cached_tokens", f.CachedTokens)
	s.figure("cached_token_share", significant(f.CachedShare))
	if f.TokensSourced {
		s.count("tokens_from_chunks", f.FromChunks)
	}
	if f.AttemptsKnown {
		s.count("attempts_extra", f.ExtraAttempts)
	}
}
