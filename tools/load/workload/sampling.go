package workload

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/redact"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// watchEngine samples the engine's own counters, on connections of its own. What
// cannot be read is done without.
func watchEngine(ctx context.Context, r *run) func(context.Context, *verdict.Facts) {
	nothing := func(context.Context, *verdict.Facts) {}
	if len(r.common.MetricsPages) == 0 {
		return nothing
	}
	client, err := r.common.client(r.world)
	if err != nil {
		r.tell([]string{fmt.Sprintf("no counters: %v", err)})
		return nothing
	}
	r.engine = enginemetrics.Start(ctx, r.common.MetricsInterval, sources(client, r.common.MetricsPages), r.sampled)
	failed := r.engine.Failed()
	for i, page := range r.common.MetricsPages {
		// Many engines have no page of their own; one that was asked for is missed.
		if err := failed[i]; err != nil && page != params.OwnPage {
			r.tell([]string{fmt.Sprintf("no counters: %v", err)})
		}
	}
	return func(ctx context.Context, facts *verdict.Facts) {
		account := r.engine.End(ctx)
		client.Close()
		if account.Failed > 0 {
			r.tell([]string{fmt.Sprintf("counters could not be read %d times, the last time: %v", account.Failed, account.Err)})
		}
		noteCounters(facts, account)
	}
}

// sampled is an event of what an engine said.
func (r *run) sampled(s enginemetrics.Sample) {
	if r.outbox == nil {
		return
	}
	sample := eventlog.Sample{At: s.At.Sub(r.opened)}
	for _, quantity := range slices.Sorted(maps.Keys(s.Values)) {
		name := string(quantity)
		if len(r.common.MetricsPages) > 1 {
			name += "@" + redact.URLs(r.common.MetricsPages[s.Source])
		}
		sample.Values = append(sample.Values, eventlog.Value{Name: name, Number: s.Values[quantity]})
	}
	r.outbox.add(sample)
}

func sources(client *openai.Client, pages []string) []enginemetrics.Source {
	var sources []enginemetrics.Source
	for _, page := range pages {
		at := page
		if page == params.OwnPage {
			at = ""
		}
		sources = append(sources, enginemetrics.Source{Name: redact.URLs(page), Read: func(ctx context.Context) (enginemetrics.Reading, error) {
			return client.Counters(ctx, at)
		}})
	}
	return sources
}

// noteCounters adds what engines said of themselves. Counters are those of this
// stage alone: after less before.
func noteCounters(facts *verdict.Facts, account enginemetrics.Account) {
	if len(account.Sources) == 0 {
		return
	}
	engines := slices.Clone(account.Sources)
	slices.Sort(engines)
	risen := func(quantity enginemetrics.Quantity) *float64 {
		if risen, known := account.Risen[quantity]; known {
			return verdict.Number(risen)
		}
		return nil
	}
	gauge := func(quantity enginemetrics.Quantity) verdict.Gauge {
		if gauge, known := account.Gauges[quantity]; known {
			return verdict.Gauge{Mean: verdict.Number(gauge.Mean()), Max: verdict.Number(gauge.Most)}
		}
		return verdict.Gauge{}
	}
	facts.Counters = verdict.Counters{
		Engine:           strings.Join(slices.Compact(engines), ", "),
		Sources:          new(len(account.Sources)),
		Samples:          &account.Samples,
		SamplesFailed:    &account.Failed,
		Falls:            account.Falls,
		FinishedRequests: risen(enginemetrics.Finished),
		PromptTokens:     risen(enginemetrics.PromptTokens),
		GenerationTokens: risen(enginemetrics.GenerationTokens),
		CacheQueries:     risen(enginemetrics.CacheQueries),
		CacheHits:        risen(enginemetrics.CacheHits),
		ExternalQueries:  risen(enginemetrics.ExternalQueries),
		ExternalHits:     risen(enginemetrics.ExternalHits),
		Preemptions:      risen(enginemetrics.Preemptions),
		Running:          gauge(enginemetrics.Running),
		Waiting:          gauge(enginemetrics.Waiting),
		KVCacheUsage:     gauge(enginemetrics.KVUsage),
	}
	if n := account.Risen[enginemetrics.TTFTCount]; n > 0 {
		facts.Counters.TTFTMeanMS = verdict.Number(1000 * account.Risen[enginemetrics.TTFTSum] / n)
	}
}
