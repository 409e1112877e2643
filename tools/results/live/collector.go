// Package live shows a run while it is under way: in a terminal, on a web page and as
// metrics for Prometheus.
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

// Collector counts the requests of a run. Requests report to it without waiting for
// whoever reads.
type Collector struct {
	workload string
	history  bool // keep a Second for each second, for charts

	mu      sync.Mutex // guards the fields below; no request takes it
	point   Point
	running *Running
	totals  []*totals
	ending  bool
	seconds []Second // the latest ones
	count   int      // of all seconds, including those dropped from seconds
}

// Point is one point of a sweep.
type Point struct {
	Name       string // such as "QPS 4.0"; empty outside a sweep
	Number, Of int    // from 1
}

// Stage is a part of a point: it sends requests or pauses.
type Stage struct {
	Name     string
	Duration time.Duration // how long it sends or pauses; 0 means until its plan ends
	Idle     bool          // it pauses
	Planned  int           // number of requests; 0 means unknown
	Offered  float64       // requests per second; 0 means unknown

	// After is the expected duration of the rest of the run once this stage has ended;
	// negative means unknown.
	After time.Duration

	// Engine, if not nil, returns the engine's own metrics: their current values, and
	// by how much counters rose during this stage.
	Engine func() (now, delta map[enginemetrics.Metric]float64)
}

// totals count over all stages of one name.
type totals struct {
	name                           string
	sent, ok, failed               atomic.Int64
	promptTokens, generationTokens atomic.Int64
	ttft, itl, e2el, lag           Histogram

	mu     sync.Mutex // guards causes
	causes metrics.Causes
}

// NewCollector returns a Collector for a workload. With history it also keeps the
// figures of each second.
func NewCollector(workload string, history bool) *Collector {
	return &Collector{workload: workload, history: history}
}

// SetEnding reports that the run sends nothing more and only waits for answers.
func (c *Collector) SetEnding() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ending = true
}

// SetPoint starts a point of the sweep.
func (c *Collector) SetPoint(p Point) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.point = p
}

// Running is a stage under way. Whoever started it must call End.
type Running struct {
	*totals
	stage  Stage
	start  time.Time
	last   time.Time // end of the last full second
	causes metrics.Causes
	snapshots

	cancel  context.CancelFunc
	ctx     context.Context
	tickers sync.WaitGroup
}

// snapshots are reused, because a snapshot takes 135 kB.
type snapshots struct {
	atStart  *snapshot
	atSecond *snapshot // at the end of the last full second
	current  *snapshot
	delta    *snapshot // the difference of two of the others
}

// Start starts a stage. Only one stage is under way at a time.
func (c *Collector) Start(s Stage) *Running {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	r := &Running{stage: s, start: now, last: now}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	i := slices.IndexFunc(c.totals, func(t *totals) bool { return t.name == s.Name })
	if i < 0 {
		i = len(c.totals)
		c.totals = append(c.totals, &totals{name: s.Name})
	}
	r.totals = c.totals[i]
	r.snapshots = snapshots{new(snapshot), new(snapshot), new(snapshot), new(snapshot)}
	r.atStart.read(r.totals)
	*r.atSecond = *r.atStart
	c.running = r
	if c.history {
		r.Tick(time.Second, c.tick)
	}
	return r
}

// Tick calls f at each interval until the stage ends.
func (r *Running) Tick(interval time.Duration, f func()) {
	r.tickers.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				f()
			case <-r.ctx.Done():
				return
			}
		}
	})
}

// End ends the stage. Its figures stay visible until the next stage starts.
func (r *Running) End() {
	r.cancel()
	r.tickers.Wait()
}

// Result is the outcome of a request.
type Result struct {
	Lag              time.Duration // from the time it was due to its launch
	TTFT, E2EL       time.Duration
	Arrivals         []time.Duration // of the chunks of its answer
	PromptTokens     int             // 0 means unknown
	GenerationTokens int
	Cause            string // why it failed; empty if it succeeded
}

// Sent counts a request that was sent.
func (r *Running) Sent() { r.sent.Add(1) }

// Done counts a request that has ended. It takes a few nanoseconds per chunk.
func (r *Running) Done(result Result) {
	r.lag.Add(result.Lag)
	if result.Cause != "" {
		r.fail(result.Cause)
		return
	}
	r.ttft.Add(result.TTFT)
	r.e2el.Add(result.E2EL)
	r.itl.AddGaps(result.Arrivals)
	r.promptTokens.Add(int64(result.PromptTokens))
	r.generationTokens.Add(int64(result.GenerationTokens))
	r.ok.Add(1)
}

func (r *Running) fail(cause string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.causes.Add(cause)
	r.totals.causes.Add(cause)
	r.failed.Add(1)
}

// Counts returns how many requests of this stage have ended, and how many of those
// failed.
func (r *Running) Counts() (done, failed int) {
	failed = int(r.failed.Load() - r.atStart.failed)
	return int(r.ok.Load()-r.atStart.ok) + failed, failed
}

// snapshot holds the values of totals at one instant, or the difference of two.
type snapshot struct {
	sent, ok, failed     int64
	ttft, itl, e2el, lag counts
}

// read copies totals. It reads what has ended before what was sent, so that the number
// in flight is never negative.
func (s *snapshot) read(t *totals) {
	s.ok, s.failed = t.ok.Load(), t.failed.Load()
	s.sent = t.sent.Load()
	s.ttft.read(&t.ttft)
	s.itl.read(&t.itl)
	s.e2el.read(&t.e2el)
	s.lag.read(&t.lag)
}

// sub sets s to what was added from one snapshot to a later one.
func (s *snapshot) sub(later, earlier *snapshot) {
	s.sent, s.ok, s.failed = later.sent-earlier.sent, later.ok-earlier.ok, later.failed-earlier.failed
	s.ttft.sub(&later.ttft, &earlier.ttft)
	s.itl.sub(&later.itl, &earlier.itl)
	s.e2el.sub(&later.e2el, &earlier.e2el)
	s.lag.sub(&later.lag, &earlier.lag)
}

// inFlight returns the number of requests that were sent and have not ended.
func (s *snapshot) inFlight() int64 { return s.sent - s.ok - s.failed }
