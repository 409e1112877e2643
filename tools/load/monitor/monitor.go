// Package monitor observes what the rows of a measured stage do not show: the
// client's own CPU time and pauses, the clock, the engine's metrics pages, an
// independent account of the requests, and what the client adds to its figures. It
// yields the facts of a verdict.
package monitor

import (
	"context"
	"time"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// Config says what to monitor.
type Config struct {
	CPU    func() time.Duration // CPU time of this process; nil: not monitored
	Wall   func() time.Time     // time of day, without a monotonic reading
	Engine EngineConfig
	Note   func(format string, values ...any) // prints a note for the user
}

// A monitor observes a stage until the returned function is called, which adds what
// it found to the facts.
type monitor func(ctx context.Context, c *Config) (end func(ctx context.Context, facts *verdict.Facts))

// Monitors observe a stage.
type Monitors struct {
	ends   []func(context.Context, *verdict.Facts)
	engine *engineMonitor
}

// Start starts all monitors, before the first request of a stage is due.
func Start(ctx context.Context, c Config) *Monitors {
	m := &Monitors{engine: new(engineMonitor)}
	for _, start := range []monitor{monitorProcess, monitorClock, m.engine.start} {
		if end := start(ctx, &c); end != nil {
			m.ends = append(m.ends, end)
		}
	}
	return m
}

// End ends all monitors, after the last request, and returns what they found.
func (m *Monitors) End(ctx context.Context) (facts verdict.Facts) {
	for _, end := range m.ends {
		end(ctx, &facts)
	}
	return facts
}

// Engine returns a function that reports the engine's metrics now and how they rose
// in the stage. It returns nil if they are not monitored.
func (m *Monitors) Engine() func() (now, risen map[enginemetrics.Metric]float64) {
	if m.engine.watch == nil {
		return nil
	}
	return m.engine.watch.Now
}

// monitorClock compares the wall clock with the monotonic one. If they differ, the
// clock was set while requests were under way.
func monitorClock(_ context.Context, c *Config) func(context.Context, *verdict.Facts) {
	began, wall := time.Now(), c.Wall()
	return func(_ context.Context, facts *verdict.Facts) {
		elapsed := time.Since(began)
		facts.ElapsedSeconds = new(elapsed.Seconds())
		facts.Clock.StepMS = new(milliseconds(c.Wall().Sub(wall) - elapsed))
	}
}

// milliseconds rounds to whole microseconds.
func milliseconds(d time.Duration) float64 { return float64(d.Round(time.Microsecond)) / 1e6 }
