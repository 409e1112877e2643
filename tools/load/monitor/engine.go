package monitor

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/redact"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// EngineConfig says which metrics pages to sample.
type EngineConfig struct {
	Client   openai.Config         // a client of its own, so that no connection is shared with the load
	Pages    []string              // see params.MetricsPages; none: nothing is sampled
	Interval time.Duration         // between two samples of a page
	Clock    time.Time             // start of the event log's clock
	OnSample func(eventlog.Sample) // called for each sample; it may be nil
}

// An engineMonitor samples metrics pages.
type engineMonitor struct {
	config *EngineConfig
	watch  *enginemetrics.Scraper // nil: not started
}

// start implements monitor. Pages that cannot be read are left out.
func (m *engineMonitor) start(ctx context.Context, c *Config) func(context.Context, *verdict.Facts) {
	m.config = &c.Engine
	pages := m.config.Pages
	if len(pages) == 0 {
		return nil
	}
	client, err := openai.New(m.config.Client)
	if err != nil {
		c.Note("no engine metrics: %v", err)
		return nil
	}
	m.watch = enginemetrics.Start(ctx, m.config.Interval, sources(client, pages), m.sampled)
	for i, err := range m.watch.Failed() {
		// Many engines have no page of their own; one that was named is missed.
		if err != nil && pages[i] != params.OwnPage {
			c.Note("no engine metrics: %v", err)
		}
	}
	return func(ctx context.Context, facts *verdict.Facts) {
		summary := m.watch.End(ctx)
		client.Close()
		if summary.Failed > 0 {
			c.Note("engine metrics could not be read %d times, the last error: %v", summary.Failed, summary.Err)
		}
		facts.Counters = counters(summary)
	}
}

// sampled passes on a sample as an event.
func (m *engineMonitor) sampled(s enginemetrics.Sample) {
	if m.config.OnSample == nil {
		return
	}
	sample := eventlog.Sample{At: s.At.Sub(m.config.Clock)}
	for _, quantity := range slices.Sorted(maps.Keys(s.Values)) {
		name := string(quantity)
		if len(m.config.Pages) > 1 {
			name += "@" + redact.URLs(m.config.Pages[s.Source])
		}
		sample.Values = append(sample.Values, eventlog.Value{Name: name, Number: s.Values[quantity]})
	}
	m.config.OnSample(sample)
}

// sources returns a reader for each page.
func sources(client *openai.Client, pages []string) []enginemetrics.Source {
	var sources []enginemetrics.Source
	for _, page := range pages {
		url := page
		if page == params.OwnPage {
			url = "" // the client knows it
		}
		sources = append(sources, enginemetrics.Source{Name: redact.URLs(page), Read: func(ctx context.Context) (enginemetrics.Scrape, error) {
			return client.Counters(ctx, url)
		}})
	}
	return sources
}

// counters returns the facts of a summary. Counters cover the stage only.
func counters(summary enginemetrics.Summary) verdict.Counters {
	if len(summary.Sources) == 0 {
		return verdict.Counters{}
	}
	engines := slices.Clone(summary.Sources)
	slices.Sort(engines)
	risen := func(quantity enginemetrics.Metric) *float64 {
		if risen, known := summary.Delta[quantity]; known {
			return verdict.Number(risen)
		}
		return nil
	}
	gauge := func(quantity enginemetrics.Metric) verdict.Gauge {
		if gauge, known := summary.Gauges[quantity]; known {
			return verdict.Gauge{Mean: verdict.Number(gauge.Mean()), Max: verdict.Number(gauge.Max)}
		}
		return verdict.Gauge{}
	}
	facts := verdict.Counters{
		Engine:           strings.Join(slices.Compact(engines), ", "),
		Sources:          new(len(summary.Sources)),
		Samples:          &summary.Samples,
		SamplesFailed:    &summary.Failed,
		Falls:            summary.Resets,
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
	if n := summary.Delta[enginemetrics.TTFTCount]; n > 0 {
		facts.TTFTMeanMS = verdict.Number(1000 * summary.Delta[enginemetrics.TTFTSum] / n)
	}
	return facts
}
