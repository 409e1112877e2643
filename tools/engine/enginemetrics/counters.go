// Package enginemetrics reads the metrics that serving engines export at /metrics, under
// names common to all engines.
package enginemetrics

import (
	"errors"
	"maps"
)

// Quantity is a metric that several engines export.
type Quantity string

const (
	// Gauges.
	Running Quantity = "running"        // requests being computed
	Waiting Quantity = "waiting"        // requests in a queue
	KVUsage Quantity = "kv_cache_usage" // fraction of the KV cache in use, 0 to 1

	// Counters since the engine started.
	CacheQueries     Quantity = "prefix_cache_queries" // prompt tokens looked up in the engine's own prefix cache
	CacheHits        Quantity = "prefix_cache_hits"    // of those, tokens found
	ExternalQueries  Quantity = "external_cache_queries"
	ExternalHits     Quantity = "external_cache_hits"
	Preemptions      Quantity = "preemptions" // requests evicted from the batch for lack of memory
	PromptTokens     Quantity = "prompt_tokens"
	GenerationTokens Quantity = "generation_tokens"
	Finished         Quantity = "finished_requests"
	TTFTSum          Quantity = "ttft_seconds_sum" // sum of the engine's own histogram
	TTFTCount        Quantity = "ttft_seconds_count"
)

// IsCounter reports whether a metric only rises while the engine runs.
func (q Quantity) IsCounter() bool { return q != Running && q != Waiting && q != KVUsage }

// Reading holds the metrics of one page. Metrics that the engine does not export are absent.
type Reading struct {
	Engine string // such as "vLLM"
	Router bool   // a router in front of engines, which counts the same requests as they do
	Values map[Quantity]float64
}

// ErrUnknown reports a page without metrics of a known engine.
var ErrUnknown = errors.New("no metrics of a known engine")

// Read reads the metrics of an engine from a page in Prometheus' text format.
func Read(page []byte) (Reading, error) {
	series := Parse(page)
	for _, m := range mappings {
		if values := m.read(series); len(values) > 0 {
			return Reading{m.engine, m.router, values}, nil
		}
	}
	return Reading{}, ErrUnknown
}

// Since returns by how much counters have risen since an earlier reading. Counters that
// were reset are left out.
func (r Reading) Since(before Reading) Reading {
	delta := Reading{r.Engine, r.Router, map[Quantity]float64{}}
	for quantity, after := range r.Values {
		if was, exported := before.Values[quantity]; quantity.IsCounter() && exported && after >= was {
			delta.Values[quantity] = after - was
		}
	}
	return delta
}

// WasReset reports whether counters are lower than in an earlier reading: the engine was
// restarted, or another engine answered.
func (r Reading) WasReset(before Reading) bool {
	for _, quantity := range [...]Quantity{PromptTokens, GenerationTokens, Finished} {
		if after, exported := r.Values[quantity]; exported && after < before.Values[quantity] {
			return true
		}
	}
	return false
}

// Sum adds up the readings of several engines. Metrics of routers are used only if no
// engine exports them. The cache usage is a mean.
func Sum(readings ...Reading) map[Quantity]float64 {
	sum := sumOf(readings, true)
	maps.Copy(sum, sumOf(readings, false))
	return sum
}

func sumOf(readings []Reading, routers bool) map[Quantity]float64 {
	sum, count := map[Quantity]float64{}, map[Quantity]float64{}
	for _, reading := range readings {
		if reading.Router == routers {
			for quantity, value := range reading.Values {
				sum[quantity] += value
				count[quantity]++
			}
		}
	}
	if count[KVUsage] > 0 {
		sum[KVUsage] /= count[KVUsage]
	}
	return sum
}
