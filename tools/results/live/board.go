// Package live is a run as people watch it while it is under way: in a
// terminal, on a page, as metrics for Prometheus.
package live

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// Board is what is known of a run.
type Board struct {
	workload string

	remember bool // each second, for bars and curves

	mu      sync.Mutex // of all below; no request waits for it
	point   Point
	running *Running
	totals  []*totals
	ending  bool
	history []Tick
	ticks   int // ever, the forgotten ones included
}

// Point is one of a sweep.
type Point struct {
	Name       string // e.g. "QPS 4.0"; empty: there is but one
	Number, Of int    // from 1
}

// Stage is a part of a point: it sends requests, or rests.
type Stage struct {
	Name    string
	For     time.Duration // how long it sends or rests; 0: until its plan ends
	Idle    bool          // it rests
	Planned int           // requests; 0: not known
	Offered float64       // requests a second; 0: not known

	// After is how long the rest of the run takes once this stage has ended;
	// below 0: not known.
	After time.Duration

	// Engine tells what the engine says of itself, and how that has risen in
	// this stage; nil: nothing.
	Engine func() (now, risen map[enginemetrics.Quantity]float64)
}

// totals are those of all stages of one name.
type totals struct {
	name                 string
	sent, ok, failed     atomic.Int64
	prompted, generated  atomic.Int64 // tokens
	ttft, itl, e2el, lag Histogram
	mu                   sync.Mutex // of the following
	causes               metrics.Causes
}

// NewBoard is a board with nothing on it. If asked to it remembers each second.
func NewBoard(workload string, remember bool) *Board {
	return &Board{workload: workload, remember: remember}
}

// Ending says that nothing more is sent: only answers are waited for.
func (b *Board) Ending() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ending = true
}

// Next begins a point.
func (b *Board) Next(p Point) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.point = p
}

// marks are where the totals stood when a stage began, where when its last second
// was over, where they are, and the difference of two of them.
type marks struct{ before, last, now, passed *mark }

// Running is a stage under way. Its maker ends it.
type Running struct {
	*totals
	board  *Board
	stage  Stage
	began  time.Time
	lastAt time.Time
	marks
	causes metrics.Causes

	stop    context.CancelFunc
	ctx     context.Context
	showing sync.WaitGroup
}

// Begin begins a stage. Only one is under way at a time.
func (b *Board) Begin(s Stage) *Running {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	r := &Running{board: b, stage: s, began: now, lastAt: now}
	r.ctx, r.stop = context.WithCancel(context.Background())
	i := slices.IndexFunc(b.totals, func(t *totals) bool { return t.name == s.Name })
	if i < 0 {
		i = len(b.totals)
		b.totals = append(b.totals, &totals{name: s.Name})
	}
	r.totals = b.totals[i]
	r.marks = marks{new(mark), new(mark), new(mark), new(mark)}
	r.before.read(r.totals)
	*r.last = *r.before
	b.running = r
	if b.remember {
		r.Every(time.Second, b.tick)
	}
	return r
}

// Every does something again and again until the stage ends.
func (r *Running) Every(interval time.Duration, do func()) {
	r.showing.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				do()
			case <-r.ctx.Done():
				return
			}
		}
	})
}

// End ends the stage; its figures stay on the board until the next one begins.
func (r *Running) End() {
	r.stop()
	r.showing.Wait()
}

// Outcome is what became of a request.
type Outcome struct {
	Lag          time.Duration // of its launch after it was due
	TTFT, E2EL   time.Duration
	Arrivals     []time.Duration // of the chunks of its answer
	PromptTokens int             // 0: not known

	GenerationTokens int
	Cause            string // why it failed; empty: it did not
}

// Sent counts a request that leaves.
func (r *Running) Sent() { r.sent.Add(1) }

// Done counts a request that is over. It costs nanoseconds per chunk.
func (r *Running) Done(o Outcome) {
	r.lag.Add(o.Lag)
	if o.Cause != "" {
		r.fail(o.Cause)
		return
	}
	r.ttft.Add(o.TTFT)
	r.e2el.Add(o.E2EL)
	r.itl.AddGaps(o.Arrivals)
	r.prompted.Add(int64(o.PromptTokens))
	r.generated.Add(int64(o.GenerationTokens))
	r.ok.Add(1)
}

func (r *Running) fail(cause string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.causes.Add(cause)
	r.totals.causes.Add(cause)
	r.failed.Add(1)
}

// Counts are how many requests of this stage are over, and of these failed.
func (r *Running) Counts() (done, failed int) {
	failed = int(r.failed.Load() - r.before.failed)
	return int(r.ok.Load()-r.before.ok) + failed, failed
}

// mark is where totals stand. It takes 135 kB and so is made anew seldom: memory
// that was never used costs more than counting does.
type mark struct {
	sent, ok, failed     int64
	ttft, itl, e2el, lag counts
}

// read reads what is over before what was sent, so that never more are over.
func (m *mark) read(t *totals) {
	m.ok, m.failed = t.ok.Load(), t.failed.Load()
	m.sent = t.sent.Load()
	m.ttft.read(&t.ttft)
	m.itl.read(&t.itl)
	m.e2el.read(&t.e2el)
	m.lag.read(&t.lag)
}

// between makes it what came after one mark until a later one.
func (m *mark) between(before, after *mark) {
	m.sent, m.ok, m.failed = after.sent-before.sent, after.ok-before.ok, after.failed-before.failed
	m.ttft.between(&before.ttft, &after.ttft)
	m.itl.between(&before.itl, &after.itl)
	m.e2el.between(&before.e2el, &after.e2el)
	m.lag.between(&before.lag, &after.lag)
}

// inFlight are the requests that are sent and not over.
func (m *mark) inFlight() int64 { return m.sent - m.ok - m.failed }
