package result

import (
	"strconv"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/spec"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// text adds a text, unless it is empty.
func (s *block) text(key, value string) {
	if value != "" {
		s.Map = append(s.Map, spec.Entry{Key: key, Value: value})
	}
}

// diagnostics adds the blocks for judging whether the figures can be trusted.
func (p *point) diagnostics(s *block) {
	of, facts := &p.requestFigures.Diagnostics, &p.run.Facts
	for _, one := range []struct {
		key string
		of  metrics.Distribution
	}{{"ttft_sched_ms", of.TTFTSched}, {"e2el_sched_ms", of.E2ELSched}, {"inherited_lateness_ms", of.CarriedOver}} {
		if one.of.Count > 0 {
			s.nest(one.key, milliseconds(one.of))
		}
	}
	s.nest("send_lag_causes_ms", p.causes())
	s.nest("percentile_intervals", p.intervals())
	s.nest("ledger", p.ledger(facts))
	s.nest("arrivals", arrivals(&of.Arrivals))
	s.nest("littles_law", p.littlesLaw(facts))
	s.nest("token_check", tokenCheck(&of.Tokens, facts))
	s.nest("cache_guard", cacheGuard(&of.Uncached))
	s.nest("longest_silence", pause(&of.Stall, "answers_under_way"))
	s.nest("longest_wait", pause(&of.RequestStall, "requests_under_way"))
	s.nest("engine_counters", factsOf(&facts.Counters))
	s.nest("measurement_error", factsOf(&facts.Calibration))
	s.nest("client", client(facts))
	s.text("fingerprint", facts.Fingerprint)
}

// causes returns the causes of the send lag.
func (p *point) causes() (s block) {
	of := &p.requestFigures.Diagnostics
	for _, cause := range []struct {
		key string
		of  metrics.Distribution
	}{{"timer", of.Timer}, {"run_queue", of.Queue}, {"backlog", of.Backlog}, {"slot", of.Slot}} {
		if cause.of.Count > 0 {
			s.nest(cause.key, milliseconds(cause.of))
		}
	}
	if len(s.Map) > 0 && p.requestFigures.Connect.Count > 0 {
		s.nest("connection", milliseconds(p.requestFigures.Connect))
	}
	return s
}

// intervals returns the confidence intervals of the percentiles. ITL has none, since gaps
// between chunks are not independent.
func (p *point) intervals() (s block) {
	of := p.requestFigures
	for _, one := range []struct {
		key string
		of  metrics.Distribution
	}{{"ttft_ms", of.TTFT}, {"tpot_ms", of.TPOT}, {"e2el_ms", of.E2EL}, {"ttft_sched_ms", of.Diagnostics.TTFTSched}, {"e2el_sched_ms", of.Diagnostics.E2ELSched},
		{"send_lag_ms", of.Lag}, {"connect_ms", of.Connect}} {
		if one.of.Count > 0 {
			s.nest(one.key, interval(&one.of))
		}
	}
	return s
}

func interval(d *metrics.Distribution) (s block) {
	s.count("count", d.Count)
	var unsupported []any
	for _, q := range d.Quantiles {
		name := metrics.PercentName(q.Percent)
		var bounds block
		bounds.figure("lower", roundMillis(q.Interval.Lower))
		bounds.figure("upper", roundMillis(q.Interval.Upper))
		s.nest(name, bounds)
		if !d.Supports(q.Percent) {
			unsupported = append(unsupported, name)
		}
	}
	if len(unsupported) > 0 {
		s.Map = append(s.Map, spec.Entry{Key: "too_few_samples_for", Value: unsupported})
	}
	return s
}

func (p *point) ledger(facts *verdict.Facts) (s block) {
	l, known := verdict.Reconcile(p.requestFigures, facts)
	if !known {
		return s
	}
	s.count("planned", l.Planned)
	s.count("ok", l.OK)
	s.count("failed", l.Failed)
	s.count("cancelled", l.Cancelled)
	var unsent block
	total := 0
	for _, cause := range l.NeverSent {
		unsent.count(cause.Cause, cause.Count)
		total += cause.Count
	}
	s.count("never_sent", total)
	s.nest("never_sent_causes", unsent)
	if l.Beyond > 0 {
		s.count("beyond_plan", l.Beyond)
	}
	s.count("missing", l.Missing())
	return s
}

func arrivals(a *metrics.Arrivals) (s block) {
	if a.Count == 0 {
		return s
	}
	s.count("count", a.Count)
	s.figure("window_s", significant(a.Window))
	s.figure("dispersion", significant(a.Dispersion))
	s.figure("dispersion_planned", significant(a.PlannedDispersion))
	s.figure("ks_distance", significant(a.KS))
	s.figure("ks_tolerance_s", significant(a.KSTolerance))
	s.figure("correlation", significant(a.Correlation))
	s.figure("correlation_planned", significant(a.PlannedCorrelation))
	return s
}

// littlesLaw compares the mean number of requests in flight, counted as they start and end,
// with rate × latency by the rows.
func (p *point) littlesLaw(facts *verdict.Facts) (s block) {
	counted, span := record.Value(facts.InFlightSeconds), p.requestFigures.Diagnostics.Window
	if !(counted > 0) || !(span > 0) {
		return s
	}
	n := float64(p.requestFigures.Sent)
	s.figure("in_flight_mean", significant(counted/span))
	s.figure("rate_req_per_s", significant(n/span))
	s.figure("e2el_mean_s", significant(p.requestFigures.Diagnostics.RequestSeconds/n))
	s.figure("rate_times_e2el", significant(p.requestFigures.Diagnostics.RequestSeconds/span))
	return s
}

func pause(of *metrics.Stall, streams string) (s block) {
	if of.Seconds > 0 {
		s.figure("seconds", significant(of.Seconds))
		s.figure("from", of.From)
		s.count(streams, of.Streams)
	}
	return s
}

func tokenCheck(t *metrics.TokenCheck, facts *verdict.Facts) (s block) {
	if t.CachedOver > 0 {
		s.count("requests_with_more_cached_than_prompt_tokens", t.CachedOver)
	}
	if t.Rows == 0 {
		return s
	}
	s.count("requests", t.Rows)
	s.count("tokens_by_usage", t.Tokens)
	s.count("chunks", t.Chunks)
	s.figure("tokens_per_chunk", significant(float64(t.Tokens)/float64(t.Chunks)))
	s.count("requests_with_fewer_tokens_than_chunks", t.Fewer)
	s.tokens("tokens_asked", record.Value(facts.TokensAsked))
	s.tokens("requests_over_limit", record.Value(facts.Answers.OverLimit))
	if facts.Answers.Cut > 0 {
		s.count("requests_cut_at_limit", facts.Answers.Cut)
	}
	return s
}

func cacheGuard(c *metrics.Uncached) (s block) {
	if c.Prompts == 0 {
		return s
	}
	s.count("cold_prompts", c.Prompts)
	s.count("cold_prompts_reported", c.Reported)
	s.count("served_from_cache", c.Warm)
	s.tokens("tokens_too_many", c.Tokens)
	if c.Bimodality.Upper > 0 {
		var modes block
		modes.figure("lower", roundMillis(c.Bimodality.Lower))
		modes.figure("upper", roundMillis(c.Bimodality.Upper))
		modes.figure("lower_share", significant(c.Bimodality.LowerShare))
		s.nest("ttft_modes_ms", modes)
	}
	return s
}

// factsOf returns all known facts in a struct.
func factsOf(of any) (s block) {
	for name, value := range runfile.Values(of) {
		switch value := value.(type) {
		case float64:
			s.whole(name, value)
		case int:
			s.count(name, value)
		case string:
			s.text(name, value)
		}
	}
	return s
}

// whole adds a number; one without a fraction is written as an integer.
func (s *block) whole(key string, v float64) {
	s.Map = append(s.Map, spec.Entry{Key: key, Value: literal(strconv.FormatFloat(v, 'f', -1, 64))})
}

// client returns what the load generator itself used and ran into.
func client(facts *verdict.Facts) (s block) {
	for _, one := range []struct {
		key   string
		value *float64
	}{
		{"cpu_seconds", facts.Client.CPUSeconds}, {"cpu_share", facts.Client.CPUShare}, {"gc_pause_max_ms", facts.GCPause.MaxMS},
		{"gc_pause_total_ms", facts.GCPause.TotalMS}, {"clock_step_ms", facts.Clock.StepMS}, {"writer_stall_ms", facts.Writer.StallMS},
		{"writer_held_ms", facts.Writer.HeldMS},
	} {
		s.figure(one.key, significant(record.Value(one.value)))
	}
	if facts.Writer.QueueMax > 0 {
		s.figure("writer_queue_max", float64(facts.Writer.QueueMax))
	}
	return s
}

// verdictBlock returns the verdict as a block.
func verdictBlock(v *verdict.Verdict) spec.Map {
	reasons := make([]any, len(v.Reasons))
	for i, r := range v.Reasons {
		reasons[i] = spec.Map{
			{Key: "code", Value: string(r.Code)}, {Key: "weight", Value: string(r.Level)}, {Key: "text", Value: r.Text}, {Key: "advice", Value: r.Advice},
		}
	}
	return spec.Map{{Key: "word", Value: string(v.Level)}, {Key: "reasons", Value: reasons}}
}
