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

// A fidelityReport measures how closely a point reproduced its trace.
type fidelityReport struct {
	ideal   trace.Reuse // of the requests sent, by their hash ids
	sent    trace.Reuse // of the same requests, by their texts
	lengths lengthStats
	lags    []float64 // scheduling delays, ms

	metricsBefore, metricsAfter enginemetrics.Scrape // of the engine; empty if the engine exports none
}

// lengthStats compares the prompt lengths of the trace with those that the engine
// reports in its usage.
type lengthStats struct {
	prompts, exact      int     // with usage
	requested, reported float64 // tokens
	maxError            float64 // tokens too many or too few
	cached, cachedOf    float64 // tokens of prompts with a cached count
	hasCached           bool
}

// row fills the columns of a trace and adds the row to the report.
func (r *replayer) row(sent *workload.Request, row *record.Row) bool {
	i := sent.Question - 1
	request := &r.requests[i]
	row.Traced = record.Traced{
		TraceLine: request.Line, TraceOffset: request.At.Seconds(),
		RequestedPromptTokens: request.Input, RequestedGenerationTokens: request.Output, IdealCachedTokens: r.ideal[i].HitTokens,
	}
	r.fidelity.lags = append(r.fidelity.lags, (row.LaunchTime-row.ScheduledTime)*1000)
	if row.OK() && row.PromptTokens != nil {
		r.fidelity.lengths.add(float64(request.Input), *row.PromptTokens, row.CachedTokens)
	}
	return true
}

func (l *lengthStats) add(requested, reported float64, cached *record.Tokens) {
	l.prompts++
	l.requested += requested
	l.reported += reported
	difference := math.Abs(reported - requested)
	if difference == 0 {
		l.exact++
	}
	l.maxError = max(l.maxError, difference)
	if cached != nil {
		l.hasCached = true
		l.cached += *cached
		l.cachedOf += reported
	}
}

// finish ends the point and returns the report's line for the log.
func (r *replayer) finish(ctx context.Context, client *openai.Client) []string {
	r.queue.end()
	c := &r.fidelity
	if c.metricsBefore.Values != nil {
		c.metricsAfter, _ = client.Counters(ctx, "")
	}
	line := fmt.Sprintf("trace fidelity: %.1f %% of the trace's blocks are reusable, %.1f %% of those sent", 100*c.ideal.BlockRatio(), 100*c.sent.BlockRatio())
	if c.lengths.hasCached {
		line += fmt.Sprintf("; the engine reports %.1f %% of the prompt tokens as cached", 100*c.lengths.cached/c.lengths.cachedOf)
	}
	if c.lengths.prompts > 0 {
		line += fmt.Sprintf("; %d of %d prompts have the exact length, the largest difference is %.0f tokens", c.lengths.exact, c.lengths.prompts, c.lengths.maxError)
	}
	return []string{line}
}

// describe records the report in the result. Pairs that begin with FIDELITY_ become
// its trace_fidelity.
func (r *replayer) describe(run *runfile.Run) {
	c, l := &r.fidelity, &r.fidelity.lengths
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
	if l.prompts > 0 {
		add("PROMPT_TOKENS_REQUESTED", "%.0f", l.requested)
		add("PROMPT_TOKENS_REPORTED", "%.0f", l.reported)
		ratio("PROMPT_LENGTHS_EXACT", float64(l.exact), float64(l.prompts))
		add("PROMPT_LENGTH_ERROR_MAX_TOKENS", "%.0f", l.maxError)
	}
	if l.hasCached {
		add("CACHED_TOKENS_REPORTED", "%.0f", l.cached)
		ratio("CACHED_TOKEN_RATIO_REPORTED", l.cached, l.cachedOf)
	}
	delta := c.metricsAfter.Delta(c.metricsBefore).Values
	for _, cache := range []struct {
		name          string
		queries, hits enginemetrics.Metric
	}{
		{"ENGINE_CACHE", enginemetrics.CacheQueries, enginemetrics.CacheHits},
		{"ENGINE_EXTERNAL_CACHE", enginemetrics.ExternalQueries, enginemetrics.ExternalHits},
	} {
		queried, hasQueries := delta[cache.queries]
		hit, hasHits := delta[cache.hits]
		if hasQueries && hasHits {
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
	run.Recorded = append(run.Recorded, r.parameters()...)
}

// parameters returns the parameters that LMBench's script does not record.
func (r *replayer) parameters() []string {
	pairs := []string{"PRESERVE_TIMING=False"}
	if r.timed {
		pairs = []string{"PRESERVE_TIMING=True"}
	}
	pairs = append(pairs, "TIME_SCALE="+fmt.Sprint(r.scale), "MAX_DELAY="+orNone(&r.maxDelay).String(),
		"TRACE_FORMAT="+string(r.trace.Format), "TRACE_UNIT="+r.trace.Unit.String())
	return append(pairs, r.calibration.pairs()...)
}
