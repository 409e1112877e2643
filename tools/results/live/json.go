package live

import (
	"time"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// stateJSON is a State as the page reads it. Times are in seconds, latencies in
// milliseconds. Unknown values are null.
type stateJSON struct {
	Workload string   `json:"workload"`
	Point    string   `json:"point"`
	Number   int      `json:"number"`
	Of       int      `json:"of"`
	Stage    string   `json:"stage"`
	Idle     bool     `json:"idle"`
	Ending   bool     `json:"ending"`
	Elapsed  float64  `json:"elapsed"`
	For      float64  `json:"for"`
	Left     *float64 `json:"left"`
	Sent     int64    `json:"sent"`
	InFlight int64    `json:"in_flight"`
	OK       int64    `json:"ok"`
	Failed   int64    `json:"failed"`
	Rate     float64  `json:"rate"`
	Offered  float64  `json:"offered"`

	Percentiles []string                         `json:"percentiles"` // keys of latencies
	Latencies   []map[string]any                 `json:"latencies"`
	Causes      []causeJSON                      `json:"causes"`
	Engine      map[enginemetrics.Metric]float64 `json:"engine"`
	Hits        *float64                         `json:"hits"` // fraction of the tokens looked up

	Latest int          `json:"latest"`
	Ticks  []secondJSON `json:"ticks"` // those not yet seen
}

type causeJSON struct {
	Count int    `json:"count"`
	Text  string `json:"text"`
}

type secondJSON struct {
	Stage    string   `json:"stage"`
	At       float64  `json:"at"`
	Sent     int64    `json:"sent"`
	Failed   int64    `json:"failed"`
	InFlight int64    `json:"in_flight"`
	TTFT50   *float64 `json:"ttft50"`
	TTFT99   *float64 `json:"ttft99"`
	ITL50    *float64 `json:"itl50"`
	ITL99    *float64 `json:"itl99"`
	Running  *float64 `json:"running"`
	Waiting  *float64 `json:"waiting"`
}

// json returns the current state and the seconds after the first seen ones.
func (c *Collector) json(seen int) stateJSON {
	s := c.State()
	answer := stateJSON{Workload: s.Workload, Point: s.Point.Name, Number: s.Point.Number, Of: s.Point.Of, Stage: s.Stage.Name, Idle: s.Stage.Idle,
		Ending: s.Ending, Elapsed: s.Elapsed.Seconds(), For: s.Stage.Duration.Seconds(), Sent: s.Sent, InFlight: s.InFlight, OK: s.OK, Failed: s.Failed,
		Rate: s.Rate, Offered: s.Stage.Offered, Engine: s.Engine}
	if s.RunLeft >= 0 {
		answer.Left = new(s.RunLeft.Seconds())
	}
	for _, percent := range metrics.Percents() {
		answer.Percentiles = append(answer.Percentiles, metrics.PercentName(percent))
	}
	for _, d := range []struct {
		name string
		Quantiles
	}{{"TTFT", s.TTFT}, {"ITL", s.ITL}, {"E2EL", s.E2EL}, {"send lag", s.Lag}} {
		latency := map[string]any{"name": d.name, "count": d.Count}
		for i, name := range answer.Percentiles {
			latency[name] = 0
			if d.Count > 0 {
				latency[name] = ms(d.Values[i])
			}
		}
		answer.Latencies = append(answer.Latencies, latency)
	}
	for _, cause := range s.Causes[:min(len(s.Causes), maxCauses)] {
		answer.Causes = append(answer.Causes, causeJSON{cause.Count, printable(cause.Text)})
	}
	if rate, known := hitRate(&s); known {
		answer.Hits = &rate
	}
	seconds, latest := c.Since(seen)
	answer.Latest = latest
	for _, second := range seconds {
		answer.Ticks = append(answer.Ticks, secondJSON{second.Stage, second.At.Seconds(), second.Sent, second.Failed, second.InFlight,
			second.TTFT.ms(50), second.TTFT.ms(99), second.ITL.ms(50), second.ITL.ms(99),
			gauge(second.Engine, enginemetrics.Running), gauge(second.Engine, enginemetrics.Waiting)})
	}
	return answer
}

func ms(d time.Duration) float64 { return float64(d) / 1e6 }

// ms returns a percentile in milliseconds, or nil without values.
func (q Quantiles) ms(percent float64) *float64 {
	if q.Count == 0 {
		return nil
	}
	return new(ms(q.P(percent)))
}

// gauge returns a metric of the engine, or nil if the engine does not export it.
func gauge(engine map[enginemetrics.Metric]float64, quantity enginemetrics.Metric) *float64 {
	if value, exported := engine[quantity]; exported {
		return &value
	}
	return nil
}
