package main

import (
	"math"
	"strings"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/results/eventlog"
)

// reading is what an engine said of itself at an instant.
type reading struct {
	at     float64 // seconds
	page   string  // where it said so, if there are several
	values map[enginemetrics.Quantity]float64
}

// mostReadings of a run are kept: one a second for three hours.
const mostReadings = 10_800

func (r *requests) addSample(at float64, values []eventlog.Value) {
	if len(r.engine) == mostReadings {
		return
	}
	one := reading{at: at, values: map[enginemetrics.Quantity]float64{}}
	for _, value := range values {
		name, page, _ := strings.Cut(value.Name, "@")
		one.page = page
		one.values[enginemetrics.Quantity(name)] = value.Number
	}
	r.engine = append(r.engine, one)
}

// gauge is a quantity over a run's spans: the mean of what was read in each, or else
// what was read last. Of several engines it is the sum.
func (s *sample) gauge(q enginemetrics.Quantity) func(span) float64 {
	return func(in span) float64 {
		type mean struct{ sum, n, last float64 }
		pages := map[string]*mean{}
		for _, e := range s.engine {
			v, told := e.values[q]
			if !told || e.at >= in.to {
				continue
			}
			m := pages[e.page]
			if m == nil {
				m = &mean{}
				pages[e.page] = m
			}
			if m.last = v; e.at >= in.from {
				m.sum, m.n = m.sum+v, m.n+1
			}
		}
		if len(pages) == 0 {
			return math.NaN()
		}
		total := 0.0
		for _, m := range pages {
			if m.n > 0 {
				total += m.sum / m.n
			} else {
				total += m.last
			}
		}
		return total
	}
}

// rise is by how much a counter rose per second, up to the last reading in a span
// from the last one before.
func (s *sample) rise(q enginemetrics.Quantity) func(span) float64 {
	return func(in span) float64 {
		type two struct{ before, last *reading }
		pages := map[string]two{}
		for i := range s.engine {
			e := &s.engine[i]
			if _, told := e.values[q]; !told || e.at >= in.to {
				continue
			}
			t := pages[e.page]
			if t.last != nil && t.last.at < in.from {
				t.before = t.last
			}
			t.last = e
			pages[e.page] = t
		}
		total, any := 0.0, false
		for _, t := range pages {
			if t.before != nil && t.last.values[q] >= t.before.values[q] {
				total, any = total+(t.last.values[q]-t.before.values[q])/(t.last.at-t.before.at), true
			}
		}
		if !any {
			return math.NaN()
		}
		return total
	}
}

// hits are the share of the prompts' tokens that the engine found in its cache.
func (s *sample) hits() func(span) float64 {
	found, queried := s.rise(enginemetrics.CacheHits), s.rise(enginemetrics.CacheQueries)
	return func(in span) float64 {
		if of := queried(in); of > 0 {
			return found(in) / of
		}
		return math.NaN()
	}
}

// tells whether an engine told a quantity, and whether it was ever above zero.
func (s *sample) tells(q enginemetrics.Quantity) (told, some bool) {
	for _, e := range s.engine {
		if v, is := e.values[q]; is {
			told, some = true, some || v > 0
		}
	}
	return told, some
}

// enginePanels are the engine's own view of a run, at the client's instants.
func enginePanels(run *measured) (panels []*panel) {
	s, c := run.sample, colour(run.line.Series)
	other := []float64{4, 3}
	if told, _ := s.tells(enginemetrics.Running); told {
		panels = append(panels, strip(run, "Engine: requests running and waiting", false,
			trace{"running", c, nil, s.gauge(enginemetrics.Running)}, trace{"waiting", "muted", other, s.gauge(enginemetrics.Waiting)}))
	}
	var shares []trace
	if told, _ := s.tells(enginemetrics.KVUsage); told {
		shares = append(shares, trace{"KV used", c, nil, s.gauge(enginemetrics.KVUsage)})
	}
	if told, _ := s.tells(enginemetrics.CacheQueries); told {
		shares = append(shares, trace{"cache hits", "muted", other, s.hits()})
	}
	if len(shares) > 0 {
		panels = append(panels, strip(run, "Engine: share of the KV cache in use, and of prompt tokens found in it", false, shares...))
	}
	if _, some := s.tells(enginemetrics.Preemptions); some {
		panels = append(panels, strip(run, "Engine: preemptions per second", false, trace{"preempted", c, nil, s.rise(enginemetrics.Preemptions)}))
	}
	return panels
}

// engineColumns are the same for the table.
func engineColumns(s *sample) (names []string, of []func(span) float64) {
	for _, column := range []struct {
		name string
		q    enginemetrics.Quantity
		of   func(span) float64
	}{
		{"engine running", enginemetrics.Running, s.gauge(enginemetrics.Running)},
		{"engine waiting", enginemetrics.Waiting, s.gauge(enginemetrics.Waiting)},
		{"KV used %", enginemetrics.KVUsage, func(in span) float64 { return 100 * s.gauge(enginemetrics.KVUsage)(in) }},
		{"cache hits %", enginemetrics.CacheQueries, func(in span) float64 { return 100 * s.hits()(in) }},
		{"preemptions/s", enginemetrics.Preemptions, s.rise(enginemetrics.Preemptions)},
	} {
		if told, _ := s.tells(column.q); told {
			names, of = append(names, column.name), append(of, column.of)
		}
	}
	return names, of
}
