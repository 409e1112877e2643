package simengine

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// generation is one request on its way through the engine.
type generation struct {
	*request
	engine  *Engine
	ordinal int64
	id      string // in the answer
	fault   fault
	arrival time.Time

	pace     pace
	speech   speech
	sequence chain // prompt and answer so far
	cached   int   // tokens of the prompt

	produced int       // tokens so far
	previous time.Time // when the last token was produced
	held     int       // blocks
	ended    bool      // whether end was called
}

// newGeneration gives a request its number.
func (e *Engine) newGeneration(asked *request, arrival time.Time) *generation {
	g := &generation{
		request:  asked,
		engine:   e,
		ordinal:  e.ordinal.Add(1),
		arrival:  arrival,
		speech:   speech{state: asked.prompt.hash},
		sequence: asked.prompt,
	}
	g.fault = e.config.Faults.of(g.ordinal)
	g.id = "cmpl-" + strconv.FormatInt(g.ordinal, 10)
	if g.chat {
		g.id = "chat" + g.id
	}
	return g
}

// serve answers the request, or not, as its fault demands.
func (g *generation) serve(w http.ResponseWriter, r *http.Request) {
	g.identify(w, r)
	switch g.fault {
	case failFault:
		broken(g.ordinal).send(w)
		return
	case hangFault:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	}
	start, err := g.engine.batch.enter(r.Context(), g.arrival)
	if err != nil {
		g.engine.metrics.finished.WithLabelValues("abort").Inc()
		return
	}
	defer g.end("abort") // unless it has ended well before
	g.begin(start)
	if g.stream {
		g.run(r.Context(), newStream(w, g))
	} else {
		g.run(r.Context(), newWhole(w, g))
	}
}

// identify sets the header which names the request: with the name the client
// gave it, or else with the id of the answer.
func (g *generation) identify(w http.ResponseWriter, r *http.Request) {
	name := r.Header.Get("X-Request-Id")
	if name == "" {
		name = g.id
	}
	w.Header().Set("X-Request-Id", name)
}

// answer is where tokens go.
type answer interface {
	// add takes the next token of the answer. It blocks no one.
	add(token string)
	// full tells whether what was added should go out before more is.
	full() bool
	// flush sends what was added. It fails when the client is gone.
	flush() error
	// finish adds the end of the answer, which the last flush sends.
	finish()
	// fail adds the error with which the answer breaks off.
	fail(*failure)
}

// begin is called when the request gets its place in the batch.
func (g *generation) begin(start time.Time) {
	e := g.engine
	g.cached = e.cache.lookup(&g.prompt)
	e.metrics.cacheQueries.Add(float64(g.prompt.tokens))
	e.metrics.cacheHits.Add(float64(g.cached))
	g.hold()
	uncached := g.prompt.tokens - g.cached
	g.pace = pace{
		start:    start,
		prefill:  e.config.BaseTTFT + time.Duration(uncached)*e.config.PrefillPer1k/1000,
		interval: e.config.ITL,
		jitter:   e.config.Jitter,
		random:   rand.New(rand.NewPCG(e.config.Seed, uint64(g.ordinal))),
	}
}

// run produces the tokens, each when it is due. Tokens that are late go out at
// once and together.
func (g *generation) run(ctx context.Context, out answer) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	last := g.fault.tokensOf(g.tokens)
	due := g.pace.next()
	for g.produced < last {
		if sleepUntil(ctx, timer, due) != nil {
			return
		}
		now := time.Now()
		for g.produced < last && !due.After(now) && !out.full() {
			out.add(g.produce(now))
			due = g.pace.next()
		}
		if g.produced == last {
			g.conclude(out)
		}
		if out.flush() != nil {
			return
		}
	}
	if g.fault == cutFault {
		panic(http.ErrAbortHandler)
	}
}

// produce makes the next token and accounts for it.
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
	token := g.speech.next()
	g.sequence.add(tokenID(token))
	g.hold()
	g.produced++
	g.previous = now
	return token
}

// conclude is called after the last token and before it is sent, so that a
// client which has its answer finds the place free and the answer cached.
func (g *generation) conclude(out answer) {
	switch g.fault {
	case cutFault:
		g.end("abort")
	case errorEventFault:
		out.fail(broken(g.ordinal))
		g.end("abort")
	default:
		out.finish()
		g.end(g.reason)
	}
}

// end gives back what the request holds. Only its first call does anything.
func (g *generation) end(reason string) {
	if g.ended {
		return
	}
	g.ended = true
	e := g.engine
	if g.produced > 0 {
		e.cache.insert(&g.sequence)
	}
	if reason != "abort" {
		e.metrics.request.Observe(time.Since(g.arrival).Seconds())
	}
	e.metrics.finished.WithLabelValues(reason).Inc()
	e.heldBlocks.Add(int64(-g.held))
	e.batch.leave()
}

// hold takes as many blocks as the tokens so far need.
func (g *generation) hold() {
	if more := g.sequence.blocks() - g.held; more > 0 {
		g.held += more
		g.engine.heldBlocks.Add(int64(more))
	}
}
