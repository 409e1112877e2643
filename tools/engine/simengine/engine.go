// Package simengine is a simulated serving engine as an http.Handler: scripted
// timing, prefix cache, faults.
//
// It speaks OpenAI's API with the shapes of vLLM and generates as many tokens
// as a request allows, at moments computed in advance:
//
//	arrival -> place in the batch -> prefill -> first token -> ITL -> token …
//	           (or FIFO queue)       BaseTTFT + PrefillPer1k * uncached/1000
//
// Requests that run do not slow each other down. An engine has no goroutines of
// its own and takes time only from package time, so it runs in real time behind
// a server and in virtual time inside a testing/synctest bubble over net.Pipe.
package simengine

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync/atomic"
	"time"
)

// maxBody bounds a request, in bytes.
const maxBody = 64 << 20

// anyModel is the name under which an engine that accepts every name is listed.
const anyModel = "simulated-model"

// Engine is a simulated serving engine. Make one with New.
type Engine struct {
	config  Config
	routes  map[string]route
	cache   *cache
	batch   *batch
	metrics *metrics

	ordinal    atomic.Int64 // of the last generation request
	heldBlocks atomic.Int64 // by running requests
}

// route is what a path answers, and to which method.
type route struct {
	method string
	answer http.HandlerFunc
}

// New makes an engine, or reports everything that is wrong with its
// configuration, named as the flags of simserver.
func New(config Config) (*Engine, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	config = config.withDefaults()
	engine := &Engine{
		config: config,
		cache:  newCache(config.CacheBlocks),
		batch:  newBatch(config.MaxBatch),
	}
	engine.metrics = newMetrics(engine)
	engine.routes = map[string]route{
		"/v1/completions":      {http.MethodPost, engine.serveCompletion},
		"/v1/chat/completions": {http.MethodPost, engine.serveChat},
		"/v1/models":           {http.MethodGet, engine.serveModels},
		"/tokenize":            {http.MethodPost, engine.serveTokenize},
		"/health":              {http.MethodGet, func(http.ResponseWriter, *http.Request) {}},
		"/metrics":             {http.MethodGet, engine.metrics.handler.ServeHTTP},
	}
	return engine, nil
}

// ServeHTTP answers one request. Like any handler which has to close a
// connection in the middle of an answer it panics with http.ErrAbortHandler
// for that; net/http expects it.
func (e *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route, found := e.routes[r.URL.Path]
	switch {
	case !found:
		(&failure{
			Message: fmt.Sprintf("there is nothing at %s", r.URL.Path),
			Type:    "NotFoundError",
			Code:    http.StatusNotFound,
		}).send(w)
	case r.Method != route.method:
		w.Header().Set("Allow", route.method)
		(&failure{
			Message: fmt.Sprintf("%s takes %s, not %s", r.URL.Path, route.method, r.Method),
			Type:    "MethodNotAllowedError",
			Code:    http.StatusMethodNotAllowed,
		}).send(w)
	default:
		route.answer(w, r)
	}
}

func (e *Engine) serveCompletion(w http.ResponseWriter, r *http.Request) {
	e.serveGeneration(w, r, false)
}

func (e *Engine) serveChat(w http.ResponseWriter, r *http.Request) { e.serveGeneration(w, r, true) }

// serveGeneration answers a completion or a chat request.
func (e *Engine) serveGeneration(w http.ResponseWriter, r *http.Request, chat bool) {
	data, reason := readBody(w, r)
	// Taken before the prompt is cut into tokens: that is our work, which a
	// real engine would not spend, and must not delay the answer.
	arrival := time.Now()
	if reason != nil {
		reason.send(w)
		return
	}
	asked, reason := e.decode(data, chat)
	if reason != nil {
		reason.send(w)
		return
	}
	e.newGeneration(asked, arrival).serve(w, r)
}

// readBody reads a whole request.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, *failure) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, &failure{
			Message: fmt.Sprintf("the body is larger than %d bytes", tooLarge.Limit),
			Type:    "BadRequestError",
			Code:    http.StatusRequestEntityTooLarge,
		}
	}
	if err != nil {
		return nil, refuse("", "reading the body: %v", err)
	}
	return data, nil
}

// modelFor returns the name under which an answer is given to a request for a
// model. A request without one gets the engine's first.
func (e *Engine) modelFor(name string) (string, *failure) {
	if name == "" {
		return e.models()[0], nil
	}
	if len(e.config.Models) > 0 && !slices.Contains(e.config.Models, name) {
		parameter := "model"
		return "", &failure{
			Message: fmt.Sprintf("The model `%s` does not exist.", name),
			Type:    "NotFoundError",
			Param:   &parameter,
			Code:    http.StatusNotFound,
		}
	}
	return name, nil
}

// models returns the names the engine is listed with, at least one.
func (e *Engine) models() []string {
	if len(e.config.Models) == 0 {
		return []string{anyModel}
	}
	return e.config.Models
}
