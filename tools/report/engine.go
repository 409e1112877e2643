package main

import (
	"math"
	"strings"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/results/eventlog"
)

// scrape is what one page of an engine's metrics reported at an instant.
type scrape struct {
	at     float64 // seconds
	page   string  // empty if there is only one page
	values map[enginemetrics.Metric]float64
}

// maxScrapes is how many scrapes of a run are kept: one a second for three hours.
const maxScrapes = 10_800

func (r *requests) addScrape(at float64, values []eventlog.Value) {
	if len(r.scrapes) == maxScrapes {
		return
	}
	s := scrape{at: at, values: map[enginemetrics.Metric]float64{}}
	for _, value := range values {
		name, page, _ := strings.Cut(value.Name, "@")
		s.page = page
		s.values[enginemetrics.Metric(name)] = value.Number
	}
	r.scrapes = append(r.scrapes, s)
}

// gauge returns a gauge as a function of the interval: the mean of the values scraped in
// the interval or, without any, the latest value before. Several engines are summed up.
func (s *sample) gauge(q enginemetrics.Metric) func(interval) float64 {
	return func(i interval) float64 {
		type mean struct{ sum, n, latest float64 }
		pages := map[string]*mean{}
		for _, scrape := range s.scrapes {
			v, exported := scrape.values[q]
			if !exported || scrape.at >= i.to {
				continue
			}
			m := pages[scrape.page]
			if m == nil {
				m = &mean{}
				pages[scrape.page] = m
			}
			if m.latest = v; scrape.at >= i.from {
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
				total += m.latest
			}
		}
		return total
	}
}

// rate returns the increase per second of a counter as a function of the interval: from
// the last scrape before the interval to the last scrape in it.
func (s *sample) rate(q enginemetrics.Metric) func(interval) float64 {
	return func(i interval) float64 {
		type two struct{ before, last *scrape }
		pages := map[string]two{}
		for k := range s.scrapes {
			scrape := &s.scrapes[k]
			if _, exported := scrape.values[q]; !exported || scrape.at >= i.to {
				continue
			}
			t := pages[scrape.page]
			if t.last != nil && t.last.at < i.from {
				t.before = t.last
			}
			t.last = scrape
			pages[scrape.page] = t
		}
		total, known := 0.0, false
		for _, t := range pages {
			if t.before != nil && t.last.values[q] >= t.before.values[q] {
				total, known = total+(t.last.values[q]-t.before.values[q])/(t.last.at-t.before.at), true
			}
		}
		if !known {
			return math.NaN()
		}
		return total
	}
}

// hitRate returns the fraction of prompt tokens that the engine found in its prefix
// cache, as a function of the interval.
func (s *sample) hitRate() func(interval) float64 {
	hits, queries := s.rate(enginemetrics.CacheHits), s.rate(enginemetrics.CacheQueries)
	return func(i interval) float64 {
		if n := queries(i); n > 0 {
			return hits(i) / n
		}
		return math.NaN()
	}
}

// exports reports whether the engine exported a metric, and whether it ever was above
// zero.
func (s *sample) exports(q enginemetrics.Metric) (exported, positive bool) {
	for _, scrape := range s.scrapes {
		if v, is := scrape.values[q]; is {
			exported, positive = true, positive || v > 0
		}
	}
	return exported, positive
}

// engineSubplots draws the engine's own view of a run, on the client's time axis.
func engineSubplots(m *measurement) (subplots []*subplot) {
	s, c := m.sample, colour(m.curve.Index)
	if exported, _ := s.exports(enginemetrics.Running); exported {
		subplots = append(subplots, timelineTrack(m, "Engine: running and waiting requests", false,
			series{"running", c, nil, s.gauge(enginemetrics.Running)}, series{"waiting", "muted", dashed, s.gauge(enginemetrics.Waiting)}))
	}
	var fractions []series
	if exported, _ := s.exports(enginemetrics.KVUsage); exported {
		fractions = append(fractions, series{"KV usage", c, nil, s.gauge(enginemetrics.KVUsage)})
	}
	if exported, _ := s.exports(enginemetrics.CacheQueries); exported {
		fractions = append(fractions, series{"hit rate", "muted", dashed, s.hitRate()})
	}
	if len(fractions) > 0 {
		subplots = append(subplots, timelineTrack(m, "Engine: KV cache usage and prefix cache hit rate (fractions)", false, fractions...))
	}
	if _, positive := s.exports(enginemetrics.Preemptions); positive {
		subplots = append(subplots, timelineTrack(m, "Engine: preemptions per second", false, series{"preempted", c, nil, s.rate(enginemetrics.Preemptions)}))
	}
	return subplots
}

// engineColumns returns what engineSubplots draws as columns of a table.
func engineColumns(s *sample) (names []string, values []func(interval) float64) {
	for _, column := range []struct {
		name     string
		quantity enginemetrics.Metric
		value    func(interval) float64
	}{
		{"engine running", enginemetrics.Running, s.gauge(enginemetrics.Running)},
		{"engine waiting", enginemetrics.Waiting, s.gauge(enginemetrics.Waiting)},
		{"KV usage %", enginemetrics.KVUsage, func(i interval) float64 { return 100 * s.gauge(enginemetrics.KVUsage)(i) }},
		{"cache hit rate %", enginemetrics.CacheQueries, func(i interval) float64 { return 100 * s.hitRate()(i) }},
		{"preemptions/s", enginemetrics.Preemptions, s.rate(enginemetrics.Preemptions)},
	} {
		if exported, _ := s.exports(column.quantity); exported {
			names, values = append(names, column.name), append(values, column.value)
		}
	}
	return names, values
}
