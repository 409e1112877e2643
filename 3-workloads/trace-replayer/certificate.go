package main

import (
	"context"
	"fmt"
	"math"

	"github.com/LMCache/LMBench/tools/data/trace"
	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/runfile"
)

// certificate is how truly a point replayed its trace.
type certificate struct {
	ideal   trace.Reuse // of the requests sent, by their hash ids
	sent    trace.Reuse // of the same, by their texts
	lengths lengths
	lags    []float64 // ms

	countersBefore, countersAfter enginemetrics.Reading // of the engine; empty if it shows none
}

// lengths are how long prompts became, where the engine tells.
type lengths struct {
	told, exact         int
	requested, reported float64 // tokens
	worst               float64 // tokens too many or too few, at most
	cached, cachedOf    float64 // tokens, where the engine tells
	cachedTold          bool
}

// row fills the columns of a trace, and takes its figures in.
func (r *replayer) row(turn *workload.Request, row *record.Row) bool {
	i := turn.Question - 1
	request := &r.requests[i]
	row.Traced = record.Traced{
		TraceLine: request.Line, TraceOffset: request.At.Seconds(),
		RequestedPromptTokens: request.Input, RequestedGenerationTokens: request.Output, IdealCachedTokens: r.ideal[i].HitTokens,
	}
	r.certificate.lags = append(r.certificate.lags, (row.LaunchTime-row.ScheduledTime)*1000)
	if row.OK() && row.PromptTokens != nil {
		r.certificate.lengths.add(float64(request.Input), *row.PromptTokens, row.CachedTokens)
	}
	return true
}

func (l *lengths) add(requested, reported float64, cached *record.Tokens) {
	l.told++
	l.requested += requested
	l.reported += reported
	off := math.Abs(reported - requested)
	if off == 0 {
		l.exact++
	}
	l.worst = max(l.worst, off)
	if cached != nil {
		l.cachedTold = true
		l.cached += *cached
		l.cachedOf += reported
	}
}

// before and after note the engine's own counters, if it shows any.
func (c *certificate) before(ctx context.Context, client *openai.Client) {
	c.countersBefore, _ = client.Counters(ctx, "")
}

func (r *replayer) finish(ctx context.Context, client *openai.Client) []string {
	r.prepared.end()
	c := &r.certificate
	if c.countersBefore.Values != nil {
		c.countersAfter, _ = client.Counters(ctx, "")
	}
	told := fmt.Sprintf("fidelity: the trace's blocks could be reused to %.1f %%, those of the text sent to %.1f %%", 100*c.ideal.BlockRatio(), 100*c.sent.BlockRatio())
	if c.lengths.cachedTold {
		told += fmt.Sprintf("; the engine found %.1f %% of the prompt tokens in its cache", 100*c.lengths.cached/c.lengths.cachedOf)
	}
	if c.lengths.told > 0 {
		told += fmt.Sprintf("; %d of %d prompts have exactly the tokens asked for, the worst is %.0f off", c.lengths.exact, c.lengths.told, c.lengths.worst)
	}
	return []string{told}
}

// describe records the certificate as pairs of the result; those that begin with
// FIDELITY_ become its trace_fidelity.
func (r *replayer) describe(run *runfile.Run) {
	c, l := &r.certificate, &r.certificate.lengths
	add := func(name, format string, value any) {
		run.Recorded = append(run.Recorded, "FIDELITY_"+name+"="+fmt.Sprintf(format, value))
	}
	ratio := func(name string, part, whole float64) {
		if whole > 0 {
			add(name, "%.6f", part/whole)
		}
	}
	add("REQUESTS", "%d", len(r.requests))
	add("REQUESTS_LEFT_OUT", "%d", r.skipped)
	if c.ideal.Blocks > 0 {
		add("BLOCK_SIZE", "%d", r.layout.Size)
	}
	ratio("IDEAL_BLOCK_HIT_RATIO", float64(c.ideal.HitBlocks), float64(c.ideal.Blocks))
	ratio("IDEAL_TOKEN_HIT_RATIO", float64(c.ideal.HitTokens), float64(c.ideal.Tokens))
	ratio("SENT_BLOCK_HIT_RATIO", float64(c.sent.HitBlocks), float64(c.sent.Blocks))
	ratio("SENT_TOKEN_HIT_RATIO", float64(c.sent.HitTokens), float64(c.sent.Tokens))
	if l.told > 0 {
		add("PROMPT_TOKENS_REQUESTED", "%.0f", l.requested)
		add("PROMPT_TOKENS_REPORTED", "%.0f", l.reported)
		ratio("PROMPT_LENGTHS_EXACT", float64(l.exact), float64(l.told))
		add("PROMPT_LENGTH_ERROR_MAX_TOKENS", "%.0f", l.worst)
	}
	if l.cachedTold {
		add("CACHED_TOKENS_REPORTED", "%.0f", l.cached)
		ratio("CACHED_TOKEN_RATIO_REPORTED", l.cached, l.cachedOf)
	}
	counted := c.countersAfter.Since(c.countersBefore).Values
	for _, cache := range []struct {
		name          string
		queries, hits enginemetrics.Quantity
	}{
		{"ENGINE_CACHE", enginemetrics.CacheQueries, enginemetrics.CacheHits},
		{"ENGINE_EXTERNAL_CACHE", enginemetrics.ExternalQueries, enginemetrics.ExternalHits},
	} {
		queried, asked := counted[cache.queries]
		hit, found := counted[cache.hits]
		if asked && found {
			add(cache.name+"_QUERIED_TOKENS", "%.0f", queried)
			add(cache.name+"_HIT_TOKENS", "%.0f", hit)
			ratio(cache.name+"_HIT_RATIO", hit, queried)
		}
	}
	if lag := metrics.Distribute(c.lags); lag.Count > 0 {
		add("SEND_LAG_P50_MS", "%.3f", lag.P(50))
		add("SEND_LAG_P99_MS", "%.3f", lag.P(99))
		add("SEND_LAG_MAX_MS", "%.3f", lag.Max)
	}
	run.Recorded = append(run.Recorded, r.told()...)
}

// told are the parameters that the original does not record.
func (r *replayer) told() []string {
	pairs := []string{"PRESERVE_TIMING=False"}
	if r.timed {
		pairs = []string{"PRESERVE_TIMING=True"}
	}
	pairs = append(pairs, "TIME_SCALE="+fmt.Sprint(r.scale), "MAX_DELAY="+none(&r.maxDelay).String(),
		"TRACE_FORMAT="+string(r.trace.Format), "TRACE_UNIT="+r.trace.Unit.String())
	return append(pairs, r.calibration.pairs()...)
}
