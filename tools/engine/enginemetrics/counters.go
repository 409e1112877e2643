// Package enginemetrics reads the metrics that serving engines export at /metrics, under
// names common to all engines.
package enginemetrics

import (
	"errors"
	"maps"
)

// Metric is a metric that several engines export.
type Metric string

const (
	// Gauges.
	Running Metric = "running"        // requests being computed
	Waiting Metric = "waiting"        // requests in a queue
	KVUsage Metric = "kv_cache_usage" // fraction of the KV cache in use, 0 to 1

	// Counters since the engine started.
	CacheQueries     Metric = "prefix_cache_queries" // prompt tokens looked up in the engine's own prefix cache
	CacheHits        Metric = "prefix_cache_hits"    // of those, tokens found
	ExternalQueries  Metric = "external_cache_queries"
	ExternalHits     Metric = "external_cache_hits"
	Preemptions      Metric = "preemptions" // requests evicted from the batch for lack of memory
	PromptTokens     Metric = "prompt_tokens"
	GenerationTokens Metric = "generation_tokens"
	Finished         Metric = "finished_requests"
	TTFTSum          Metric = "ttft_seconds_sum" // sum of the engine's own histogram
	TTFTCount        Metric = "ttft_seconds_count"
)

// IsCounter reports whether a metric only rises while the engine runs.
func (q Metric) IsCounter() bool { return q != Running && q != Waiting && q != KVUsage }

// Scrape holds the metrics of one page. Metrics that the engine does not export are absent.
type Scrape struct {
	Engine string // such as "vLLM"
	Router bool   // a router in front of engines, which counts the same requests as they do
	Values map[Metric]float64
}

// ErrUnknown reports a page without metrics of a known engine.
var ErrUnknown = errors.New("no metrics of a known engine")

// Read reads the metrics of an engine from a page in Prometheus' text format.
func Read(page []byte) (Scrape, error) {
	series := Parse(page)
	for _, m := range mappings {
		if values := m.read(series); len(values) > 0 {
			return Scrape{m.engine, m.router, values}, nil
		}
	}
	return Scrape{}, ErrUnknown
}

// Delta returns by how much counters have risen since an earlier scrape. Counters that
// were reset are left out.
func (r Scrape) Delta(before Scrape) Scrape {
	delta := Scrape{r.Engine, r.Router, map[Metric]float64{}}
	for metric, after := range r.Values {
		if was, exported := before.Values[metric]; metric.IsCounter() && exported && after >= was {
			delta.Values[metric] = after - was
		}
	}
	return delta
}

// WasReset reports whether counters are lower than in an earlier scrape: the engine was
// restarted, or another engine answered.
func (r Scrape) WasReset(before Scrape) bool {
	for _, metric := range [...]Metric{PromptTokens, GenerationTokens, Finished} {
		if after, exported := r.Values[metric]; exported && after < before.Values[metric] {
			return true
		}
	}
	return false
}

// Sum adds up the scrapes of several engines. Metrics of routers are used only if no
// engine exports them. The cache usage is a mean.
func Sum(scrapes ...Scrape) map[Metric]float64 {
	sum := sumOf(scrapes, true)
	maps.Copy(sum, sumOf(scrapes, false))
	return sum
}

func sumOf(scrapes []Scrape, routers bool) map[Metric]float64 {
	sum, count := map[Metric]float64{}, map[Metric]float64{}
	for _, scrape := range scrapes {
		if scrape.Router == routers {
			for metric, value := range scrape.Values {
				sum[metric] += value
				count[metric]++
			}
		}
	}
	if count[KVUsage] > 0 {
		sum[KVUsage] /= count[KVUsage]
	}
	return sum
}
