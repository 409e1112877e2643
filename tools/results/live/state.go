package live

import (
	"maps"
	"time"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// maxSeconds is how much history is kept: twenty minutes.
const maxSeconds = 1200

// State is what a Collector shows at one instant.
type State struct {
	Workload string
	Point    Point
	Stage    Stage
	Elapsed  time.Duration // since the stage started
	Left     time.Duration // until the stage ends; negative means unknown
	RunLeft  time.Duration // until the run ends; negative means unknown

	Sent, InFlight, OK, Failed int64
	Rate                       float64 // requests sent per second, over the stage so far
	TTFT, ITL, E2EL, Lag       Quantiles
	Causes                     []metrics.Failure // most frequent first
	Engine, EngineDelta        map[enginemetrics.Metric]float64

	Seconds []Second // of the stage, oldest first
	Latest  int      // number of the latest second of the run, from 1
	Running bool     // a stage has started
	Ending  bool     // nothing more is sent
}

// Second holds the figures of one second of a stage.
type Second struct {
	Stage                string
	At                   time.Duration // its end, since the stage started
	Sent, OK, Failed     int64         // during the second
	InFlight             int64         // at its end
	TTFT, ITL, E2EL, Lag Quantiles
	Engine               map[enginemetrics.Metric]float64
	start                time.Time // of its stage
}

func (c *Collector) tick() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.catchUp()
}

// catchUp records the time since the last full second, if at least a second has passed.
func (c *Collector) catchUp() {
	r := c.running
	passed := time.Since(r.last).Truncate(time.Second)
	if !c.history || passed == 0 {
		return
	}
	r.last = r.last.Add(passed)
	r.current.read(r.totals)
	d := r.delta
	d.sub(r.current, r.atSecond)
	r.atSecond, r.current = r.current, r.atSecond
	second := Second{Stage: r.stage.Name, At: r.last.Sub(r.start), Sent: d.sent, OK: d.ok, Failed: d.failed,
		InFlight: r.atSecond.inFlight() - r.atStart.inFlight(),
		TTFT:     d.ttft.quantiles(), ITL: d.itl.quantiles(), E2EL: d.e2el.quantiles(), Lag: d.lag.quantiles(), start: r.start}
	if r.stage.Engine != nil {
		second.Engine, _ = r.stage.Engine()
		second.Engine = maps.Clone(second.Engine)
	}
	c.seconds = append(c.seconds, second)
	c.count++
	if len(c.seconds) > 2*maxSeconds {
		c.seconds = append([]Second(nil), c.seconds[len(c.seconds)-maxSeconds:]...)
	}
}

// State returns the current state.
func (c *Collector) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := State{Workload: c.workload, Point: c.point, Left: -1, RunLeft: -1, Latest: c.count, Ending: c.ending}
	r := c.running
	if r == nil {
		return s
	}
	c.catchUp()
	r.current.read(r.totals)
	d := r.delta
	d.sub(r.current, r.atStart)
	s.Running, s.Stage, s.Elapsed, s.Latest = true, r.stage, time.Since(r.start), c.count
	s.Sent, s.OK, s.Failed = d.sent, d.ok, d.failed
	s.InFlight = d.inFlight()
	s.TTFT, s.ITL, s.E2EL, s.Lag = d.ttft.quantiles(), d.itl.quantiles(), d.e2el.quantiles(), d.lag.quantiles()
	sending := s.Elapsed
	if r.stage.Duration > 0 {
		sending = min(sending, r.stage.Duration)
	}
	if sending > 0 {
		s.Rate = float64(s.Sent) / sending.Seconds()
	}
	r.totals.mu.Lock()
	s.Causes = r.causes.Ranked()
	r.totals.mu.Unlock()
	if r.stage.Engine != nil {
		s.Engine, s.EngineDelta = r.stage.Engine()
	}
	if !c.ending {
		if s.Left = r.left(&s); s.Left >= 0 && r.stage.After >= 0 {
			s.RunLeft = s.Left + r.stage.After
		}
	}
	s.Seconds = c.secondsOf(r)
	return s
}

// secondsOf returns a copy of the seconds recorded for a stage.
func (c *Collector) secondsOf(r *Running) []Second {
	first := len(c.seconds)
	for first > 0 && c.seconds[first-1].start.Equal(r.start) && len(c.seconds)-first < maxSeconds {
		first--
	}
	return append([]Second(nil), c.seconds[first:]...)
}

// Since returns the seconds of the run after the first seen ones, as far as they are
// still kept, and the number of all seconds so far.
func (c *Collector) Since(seen int) (seconds []Second, latest int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	unseen := min(max(0, c.count-max(0, seen)), len(c.seconds), maxSeconds)
	return append(seconds, c.seconds[len(c.seconds)-unseen:]...), c.count
}

// left estimates how long a stage goes on sending: as planned, or as long as its plan
// takes at the rate so far.
func (r *Running) left(s *State) time.Duration {
	switch done := s.OK + s.Failed; {
	case r.stage.Duration > 0:
		return max(0, r.stage.Duration-s.Elapsed)
	case r.stage.Planned > 0 && done > 0:
		todo := max(0, int64(r.stage.Planned)-done)
		return time.Duration(float64(s.Elapsed) * float64(todo) / float64(done))
	}
	return -1
}
