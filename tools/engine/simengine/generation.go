package simengine

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// A generation is one request on its way through the engine.
type generation struct {
	*request
	engine  *Engine
	ordinal int64  // from 1, in order of arrival
	id      string // in the answer
	fault   fault
	arrival time.Time

	timing timing
	text   textGenerator
	tokens sequence // prompt and answer so far
	cached int      // prompt tokens found in the prefix cache

	produced int       // answer tokens so far
	previous time.Time // when the last token was produced
	blocks   int       // KV blocks in use
	ended    bool      // whether end was called
}

// newGeneration numbers a request and selects its fault.
func (e *Engine) newGeneration(r *request, arrival time.Time) *generation {
	g := &generation{
		request: r,
		engine:  e,
		ordinal: e.requests.Add(1),
		arrival: arrival,
		text:    textGenerator{seed: r.prompt.hash},
		tokens:  r.prompt,
	}
	g.fault = e.config.Faults.of(g.ordinal)
	g.id = "cmpl-" + strconv.FormatInt(g.ordinal, 10)
	if g.chat {
		g.id = "chat" + g.id
	}
	return g
}

// serve answers the request, or lets its fault do so.
func (g *generation) serve(w http.ResponseWriter, r *http.Request) {
	g.setRequestID(w, r)
	if g.fault.respond != nil {
		g.fault.respond(g, w, r)
		return
	}
	start, err := g.engine.batch.enter(r.Context(), g.arrival)
	if err != nil {
		g.engine.metrics.finished.WithLabelValues("abort").Inc()
		return
	}
	defer g.end("abort") // no effect if the answer was completed
	g.begin(start)
	if g.stream {
		g.run(r.Context(), newEventStream(w, g))
	} else {
		g.run(r.Context(), &jsonResponse{w: w, g: g})
	}
}

// setRequestID sets the X-Request-Id header: the client's value if it sent one,
// else the id of the answer.
func (g *generation) setRequestID(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get("X-Request-Id")
	if id == "" {
		id = g.id
	}
	w.Header().Set("X-Request-Id", id)
}

// A response sends an answer, token by token or as one JSON document.
type response interface {
	// add appends the next token. It does not block.
	add(token string)
	// full reports whether the caller should flush before it adds more.
	full() bool
	// flush sends what was added. It returns an error if the client has left.
	flush() error
	// finish appends the end of the answer.
	finish()
	// fail ends the answer with an error.
	fail(*apiError)
}

// begin starts a request that got its place in the batch: it looks the prompt up
// in the prefix cache and computes the timing of the answer.
func (g *generation) begin(start time.Time) {
	e := g.engine
	g.cached = e.cache.lookup(&g.prompt)
	e.metrics.cacheQueries.Add(float64(g.prompt.tokens))
	e.metrics.cacheHits.Add(float64(g.cached))
	g.growBlocks()
	uncached := g.prompt.tokens - g.cached
	g.timing = timing{
		start:   start,
		prefill: e.config.BaseTTFT + time.Duration(uncached)*e.config.PrefillPer1k/1000,
		itl:     e.config.ITL,
		jitter:  e.config.Jitter,
		random:  rand.New(rand.NewPCG(e.config.Seed, uint64(g.ordinal))),
	}
}

// run produces each token when it is due. Tokens that are late are sent at once,
// in a single write.
func (g *generation) run(ctx context.Context, out response) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	last := g.fault.limit(g.maxTokens)
	due := g.timing.next()
	for g.produced < last {
		if sleepUntil(ctx, timer, due) != nil {
			return
		}
		now := time.Now()
		for g.produced < last && !due.After(now) && !out.full() {
			out.add(g.produce(now))
			due = g.timing.next()
		}
		if g.produced == last {
			g.conclude(ctx, out)
		}
		if out.flush() != nil {
			return
		}
	}
}

// produce returns the next token and counts it.
func (g *generation) produce(now time.Time) string {
	e := g.engine
	if g.produced == 0 {
		e.cache.insert(&g.prompt)
		e.metrics.promptTokens.Add(float64(g.prompt.tokens))
		e.metrics.firstToken.Observe(now.Sub(g.arrival).Seconds())
	} else {
		e.metrics.interToken.Observe(now.Sub(g.previous).Seconds())
	}
	e.metrics.generationTokens.Inc()
	token := g.text.next()
	g.tokens.add(tokenID(token))
	g.growBlocks()
	g.produced++
	g.previous = now
	return token
}

// conclude ends the answer after its last token. It is called before that token
// is sent, so that a client with a complete answer can rely on a free place in
// the batch and on the cached answer.
func (g *generation) conclude(ctx context.Context, out response) {
	if g.fault.breakOff != nil {
		g.end("abort")
		g.fault.breakOff(ctx, g, out)
		return
	}
	out.finish()
	g.end(g.finishReason)
}

// end releases the place in the batch and the KV blocks. Later calls do nothing.
func (g *generation) end(reason string) {
	if g.ended {
		return
	}
	g.ended = true
	e := g.engine
	if g.produced > 0 {
		e.cache.insert(&g.tokens)
	}
	if reason != "abort" {
		e.metrics.request.Observe(time.Since(g.arrival).Seconds())
	}
	e.metrics.finished.WithLabelValues(reason).Inc()
	e.kvInUse.Add(int64(-g.blocks))
	e.batch.leave()
}

// growBlocks takes as many KV blocks as the tokens so far need.
func (g *generation) growBlocks() {
	if more := g.tokens.blocks() - g.blocks; more > 0 {
		g.blocks += more
		g.engine.kvInUse.Add(int64(more))
	}
}
