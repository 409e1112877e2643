// Package counters is what serving engines say of themselves at /metrics, in
// words common to all of them.
package enginemetrics

import (
	"errors"
	"maps"
)

// Quantity is something that engines measure.
type Quantity string

const (
	// How things stand.
	Running Quantity = "running"        // requests being computed
	Waiting Quantity = "waiting"        // requests in a queue
	KVUsage Quantity = "kv_cache_usage" // share of the KV cache that is in use, 0 to 1

	// What has been since the engine started.
	CacheQueries     Quantity = "prefix_cache_queries" // tokens of prompts looked up in the engine's own cache
	CacheHits        Quantity = "prefix_cache_hits"    // tokens found there
	ExternalQueries  Quantity = "external_cache_queries"
	ExternalHits     Quantity = "external_cache_hits"
	Preemptions      Quantity = "preemptions" // requests thrown out of the batch for want of memory
	PromptTokens     Quantity = "prompt_tokens"
	GenerationTokens Quantity = "generation_tokens"
	Finished         Quantity = "finished_requests"
	TTFTSum          Quantity = "ttft_seconds_sum" // of the engine's own histogram
	TTFTCount        Quantity = "ttft_seconds_count"
)

// Counts tells whether a quantity only rises while the engine runs.
func (q Quantity) Counts() bool { return q != Running && q != Waiting && q != KVUsage }

// Reading is what one page said. A quantity that the engine does not tell is
// not there.
type Reading struct {
	Engine string // whose page it is, e.g. "vLLM"
	Router bool   // it stands before engines, and counts what they count as well
	Values map[Quantity]float64
}

// ErrUnknown is what a page comes to that no known engine wrote.
var ErrUnknown = errors.New("it has no metric of an engine we know")

// Read finds an engine's quantities in a page in Prometheus' text format.
func Read(page []byte) (Reading, error) {
	series := Parse(page)
	for _, dialect := range dialects {
		if values := dialect.read(series); len(values) > 0 {
			return Reading{dialect.engine, dialect.router, values}, nil
		}
	}
	return Reading{}, ErrUnknown
}

// Since is by how much the quantities that count have risen. One that fell is
// left out: the engine was started anew.
func (r Reading) Since(before Reading) Reading {
	risen := Reading{r.Engine, r.Router, map[Quantity]float64{}}
	for quantity, after := range r.Values {
		if was, told := before.Values[quantity]; quantity.Counts() && told && after >= was {
			risen.Values[quantity] = after - was
		}
	}
	return risen
}

// Fell tells whether the engine counts less than it did: it was started anew, or
// it is another.
func (r Reading) Fell(before Reading) bool {
	for _, quantity := range [...]Quantity{PromptTokens, GenerationTokens, Finished} {
		if after, told := r.Values[quantity]; told && after < before.Values[quantity] {
			return true
		}
	}
	return false
}

// Sum puts the pages of several engines together. What routers tell counts
// only where no engine tells it. The usage of caches is their mean.
func Sum(readings ...Reading) map[Quantity]float64 {
	sum := sumOf(readings, true)
	maps.Copy(sum, sumOf(readings, false))
	return sum
}

func sumOf(readings []Reading, routers bool) map[Quantity]float64 {
	sum, of := map[Quantity]float64{}, map[Quantity]float64{}
	for _, reading := range readings {
		if reading.Router == routers {
			for quantity, value := range reading.Values {
				sum[quantity] += value
				of[quantity]++
			}
		}
	}
	if of[KVUsage] > 0 {
		sum[KVUsage] /= of[KVUsage]
	}
	return sum
}
