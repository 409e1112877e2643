package result

import (
	"strconv"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/spec"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// text is a fact's value as it was given, had it the form of a number.
func (s *section) text(key, value string) {
	if value != "" {
		s.Map = append(s.Map, spec.Entry{Key: key, Value: value})
	}
}

// proof adds what tells whether the figures may be believed.
func (p *point) proof(s *section) {
	of, facts := &p.proven.Diagnostics, &p.run.Facts
	for _, one := range []struct {
		key string
		of  metrics.Distribution
	}{{"ttft_sched_ms", of.TTFTSched}, {"e2el_sched_ms", of.E2ELSched}, {"inherited_lateness_ms", of.CarriedOver}} {
		if one.of.Count > 0 {
			s.block(one.key, milliseconds(one.of))
		}
	}
	s.block("send_lag_causes_ms", p.causes())
	s.block("percentile_intervals", p.intervals())
	s.block("ledger", p.ledger(facts))
	s.block("arrivals", arrivals(&of.Arrivals))
	s.block("littles_law", p.littlesLaw(facts))
	s.block("token_check", tokenCheck(&of.Tokens, facts))
	s.block("cache_guard", cacheGuard(&of.Uncached))
	s.block("longest_silence", pause(&of.Stall, "answers_under_way"))
	s.block("longest_wait", pause(&of.RequestStall, "requests_under_way"))
	s.block("engine_counters", told(&facts.Counters))
	s.block("measurement_error", told(&facts.Calibration))
	s.block("client", client(facts))
	s.text("fingerprint", facts.Fingerprint)
}

// causes are why requests left late.
func (p *point) causes() (s section) {
	of := &p.proven.Diagnostics
	for _, cause := range []struct {
		key string
		of  metrics.Distribution
	}{{"timer", of.Timer}, {"run_queue", of.Queue}, {"backlog", of.Backlog}, {"slot", of.Slot}} {
		if cause.of.Count > 0 {
			s.block(cause.key, milliseconds(cause.of))
		}
	}
	if len(s.Map) > 0 && p.proven.Connect.Count > 0 {
		s.block("connection", milliseconds(p.proven.Connect))
	}
	return s
}

// intervals are those of the percentiles of requests. Gaps between chunks are
// not independent and have none.
func (p *point) intervals() (s section) {
	of := p.proven
	for _, one := range []struct {
		key string
		of  metrics.Distribution
	}{{"ttft_ms", of.TTFT}, {"tpot_ms", of.TPOT}, {"e2el_ms", of.E2EL}, {"ttft_sched_ms", of.Diagnostics.TTFTSched}, {"e2el_sched_ms", of.Diagnostics.E2ELSched},
		{"send_lag_ms", of.Lag}, {"connect_ms", of.Connect}} {
		if one.of.Count > 0 {
			s.block(one.key, interval(&one.of))
		}
	}
	return s
}

func interval(d *metrics.Distribution) (s section) {
	s.count("count", d.Count)
	var unsupported []any
	for _, q := range d.Quantiles {
		name := metrics.PercentName(q.Percent)
		var bounds section
		bounds.figure("lower", roundMillis(q.Interval.Lower))
		bounds.figure("upper", roundMillis(q.Interval.Upper))
		s.block(name, bounds)
		if !d.Supports(q.Percent) {
			unsupported = append(unsupported, name)
		}
	}
	if len(unsupported) > 0 {
		s.Map = append(s.Map, spec.Entry{Key: "too_few_samples_for", Value: unsupported})
	}
	return s
}

func (p *point) ledger(facts *verdict.Facts) (s section) {
	l, known := verdict.Reconcile(p.proven, facts)
	if !known {
		return s
	}
	s.count("planned", l.Planned)
	s.count("ok", l.OK)
	s.count("failed", l.Failed)
	s.count("cancelled", l.Cancelled)
	var unsent section
	total := 0
	for _, cause := range l.NeverSent {
		unsent.count(cause.Cause, cause.Count)
		total += cause.Count
	}
	s.count("never_sent", total)
	s.block("never_sent_causes", unsent)
	if l.Beyond > 0 {
		s.count("beyond_plan", l.Beyond)
	}
	s.count("missing", l.Missing())
	return s
}

func arrivals(a *metrics.Arrivals) (s section) {
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

// littlesLaw compares the requests in flight on average, counted as they began
// and ended, with rate times time by the rows.
func (p *point) littlesLaw(facts *verdict.Facts) (s section) {
	counted, span := record.Value(facts.InFlightSeconds), p.proven.Diagnostics.Window
	if !(counted > 0) || !(span > 0) {
		return s
	}
	n := float64(p.proven.Sent)
	s.figure("in_flight_mean", significant(counted/span))
	s.figure("rate_req_per_s", significant(n/span))
	s.figure("e2el_mean_s", significant(p.proven.Diagnostics.RequestSeconds/n))
	s.figure("rate_times_e2el", significant(p.proven.Diagnostics.RequestSeconds/span))
	return s
}

func pause(of *metrics.Stall, streams string) (s section) {
	if of.Seconds > 0 {
		s.figure("seconds", significant(of.Seconds))
		s.figure("from", of.From)
		s.count(streams, of.Streams)
	}
	return s
}

func tokenCheck(t *metrics.TokenCheck, facts *verdict.Facts) (s section) {
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

func cacheGuard(c *metrics.Uncached) (s section) {
	if c.Prompts == 0 {
		return s
	}
	s.count("cold_prompts", c.Prompts)
	s.count("cold_prompts_reported", c.Reported)
	s.count("served_from_cache", c.Warm)
	s.tokens("tokens_too_many", c.Tokens)
	if c.Bimodality.Upper > 0 {
		var modes section
		modes.figure("lower", roundMillis(c.Bimodality.Lower))
		modes.figure("upper", roundMillis(c.Bimodality.Upper))
		modes.figure("lower_share", significant(c.Bimodality.LowerShare))
		s.block("ttft_modes_ms", modes)
	}
	return s
}

// told are all facts of one kind.
func told(of any) (s section) {
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

// whole writes a number without a fraction as an integer.
func (s *section) whole(key string, v float64) {
	s.Map = append(s.Map, spec.Entry{Key: key, Value: literal(strconv.FormatFloat(v, 'f', -1, 64))})
}

// client is what the process itself needed and had to put up with.
func client(facts *verdict.Facts) (s section) {
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

// judged is the verdict as a block.
func judged(v *verdict.Verdict) spec.Map {
	reasons := make([]any, len(v.Reasons))
	for i, r := range v.Reasons {
		reasons[i] = spec.Map{
			{Key: "code", Value: string(r.Code)}, {Key: "weight", Value: string(r.Level)}, {Key: "text", Value: r.Text}, {Key: "advice", Value: r.Advice},
		}
	}
	return spec.Map{{Key: "word", Value: string(v.Level)}, {Key: "reasons", Value: reasons}}
}
