package live

import (
	"maps"
	"time"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// remembered is how many ticks are kept: twenty minutes.
const remembered = 1200

// State is a board at an instant.
type State struct {
	Workload string
	Point    Point
	Stage    Stage
	Elapsed  time.Duration
	Left     time.Duration // of the stage; below 0: not known
	RunLeft  time.Duration // of the whole run; below 0: not known

	Sent, InFlight, OK, Failed int64
	Rate                       float64 // requests sent a second, so far
	TTFT, ITL, E2EL, Lag       Quantiles
	Causes                     []metrics.Failure // most frequent first
	Engine, EngineRisen        map[enginemetrics.Quantity]float64

	Ticks   []Tick // oldest first; those of the stage
	Latest  int    // number of the last one in the run, from 1
	Running bool   // a stage was begun
	Ending  bool   // nothing more is sent
}

// Tick is a second of a stage.
type Tick struct {
	Stage                string // begins with the first tick of it
	At                   time.Duration
	Sent, OK, Failed     int64 // in it
	InFlight             int64 // at its end
	TTFT, ITL, E2EL, Lag Quantiles
	Engine               map[enginemetrics.Quantity]float64
	began                time.Time // of its stage
}

func (b *Board) tick() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.catchUp()
}

// catchUp notes the second that has passed, if one has.
func (b *Board) catchUp() {
	r := b.running
	passed := time.Since(r.lastAt).Truncate(time.Second)
	if !b.remember || passed == 0 {
		return
	}
	r.lastAt = r.lastAt.Add(passed)
	r.now.read(r.totals)
	d := r.passed
	d.between(r.last, r.now)
	r.last, r.now = r.now, r.last
	tick := Tick{Stage: r.stage.Name, At: r.lastAt.Sub(r.began), Sent: d.sent, OK: d.ok, Failed: d.failed,
		InFlight: r.last.inFlight() - r.before.inFlight(),
		TTFT:     d.ttft.quantiles(), ITL: d.itl.quantiles(), E2EL: d.e2el.quantiles(), Lag: d.lag.quantiles(), began: r.began}
	if r.stage.Engine != nil {
		tick.Engine, _ = r.stage.Engine()
		tick.Engine = maps.Clone(tick.Engine)
	}
	b.history = append(b.history, tick)
	b.ticks++
	if len(b.history) > 2*remembered {
		b.history = append([]Tick(nil), b.history[len(b.history)-remembered:]...)
	}
}

// State is how things stand.
func (b *Board) State() State {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := State{Workload: b.workload, Point: b.point, Left: -1, RunLeft: -1, Latest: b.ticks, Ending: b.ending}
	r := b.running
	if r == nil {
		return s
	}
	b.catchUp()
	r.now.read(r.totals)
	d := r.passed
	d.between(r.before, r.now)
	s.Running, s.Stage, s.Elapsed = true, r.stage, time.Since(r.began)
	s.Sent, s.OK, s.Failed = d.sent, d.ok, d.failed
	s.InFlight = d.inFlight()
	s.TTFT, s.ITL, s.E2EL, s.Lag = d.ttft.quantiles(), d.itl.quantiles(), d.e2el.quantiles(), d.lag.quantiles()
	sending := s.Elapsed
	if r.stage.For > 0 {
		sending = min(sending, r.stage.For)
	}
	if sending > 0 {
		s.Rate = float64(s.Sent) / sending.Seconds()
	}
	r.totals.mu.Lock()
	s.Causes = r.causes.Ranked()
	r.totals.mu.Unlock()
	if r.stage.Engine != nil {
		s.Engine, s.EngineRisen = r.stage.Engine()
	}
	if b.ending {
		return b.recall(s)
	}
	if s.Left = r.left(&s); s.Left >= 0 && r.stage.After >= 0 {
		s.RunLeft = s.Left + r.stage.After
	}
	return b.recall(s)
}

// recall adds the seconds of the stage under way.
func (b *Board) recall(s State) State {
	first := len(b.history)
	for first > 0 && b.history[first-1].began.Equal(b.running.began) && len(b.history)-first < remembered {
		first--
	}
	s.Ticks = append(s.Ticks, b.history[first:]...)
	return s
}

// Since are the seconds of the run after the first so many, as far as they are
// remembered, and how many there were in all.
func (b *Board) Since(seen int) (ticks []Tick, latest int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	unseen := min(max(0, b.ticks-max(0, seen)), len(b.history), remembered)
	return append(ticks, b.history[len(b.history)-unseen:]...), b.ticks
}

// left is how long a stage goes on sending: as said, or as long as its plan
// takes at the rate so far.
func (r *Running) left(s *State) time.Duration {
	switch done := s.OK + s.Failed; {
	case r.stage.For > 0:
		return max(0, r.stage.For-s.Elapsed)
	case r.stage.Planned > 0 && done > 0:
		ahead := max(0, int64(r.stage.Planned)-done)
		return time.Duration(float64(s.Elapsed) * float64(ahead) / float64(done))
	}
	return -1
}
