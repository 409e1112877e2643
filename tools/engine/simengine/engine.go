// Package simengine simulates an LLM serving engine as an http.Handler, with
// configurable timing, a prefix cache and faults.
//
// It serves OpenAI's completions and chat APIs with vLLM's shapes. An answer has
// as many tokens as its request allows, and each token is sent at a time that is
// computed in advance:
//
//	arrival -> place in the batch -> prefill -> first token -> ITL -> token …
//	           (or FIFO queue)       BaseTTFT + PrefillPer1k * uncached/1000
//
// Running requests do not slow each other down. An Engine starts no goroutines
// and takes the time only from package time, so it runs in real time behind a
// server and in virtual time inside a testing/synctest bubble over net.Pipe.
//
// To add a fault, add a field and a row to faults.go, and a flag to simserver.
package simengine

import (
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
)

// defaultModel is the name listed by an engine that accepts every name.
const defaultModel = "simulated-model"

// An Engine is a simulated serving engine. New creates one.
type Engine struct {
	config  Config
	routes  map[string]route
	cache   *prefixCache
	batch   *batch
	metrics *metrics

	requests atomic.Int64 // generation requests so far
	kvInUse  atomic.Int64 // KV blocks that running requests use
}

// New returns an engine with the given configuration. Its error reports every
// mistake in the configuration, each under the name of simserver's flag.
func New(config Config) (*Engine, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	config = config.withDefaults()
	engine := &Engine{
		config: config,
		cache:  newPrefixCache(config.CacheBlocks),
		batch:  newBatch(config.MaxBatch),
	}
	engine.metrics = newMetrics(engine)
	engine.routes = engine.newRoutes()
	return engine, nil
}

// models returns the names of the served models, at least one.
func (e *Engine) models() []string {
	if len(e.config.Models) == 0 {
		return []string{defaultModel}
	}
	return e.config.Models
}

// resolveModel returns the model name for an answer to a request that names the
// given model. A request without a model is served by the first one.
func (e *Engine) resolveModel(name string) (string, *apiError) {
	if name == "" {
		return e.models()[0], nil
	}
	if len(e.config.Models) > 0 && !slices.Contains(e.config.Models, name) {
		parameter := "model"
		return "", &apiError{
			Message: fmt.Sprintf("The model `%s` does not exist.", name),
			Type:    "NotFoundError",
			Param:   &parameter,
			Code:    http.StatusNotFound,
		}
	}
	return name, nil
}
