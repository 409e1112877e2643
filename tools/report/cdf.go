package main

import (
	"math"
	"slices"

	"github.com/LMCache/LMBench/tools/results/drawing"
	"github.com/LMCache/LMBench/tools/results/format"
)

// cdfSubplot draws cumulative distributions of a latency.
func cdfSubplot(title string, all []*measurement, cdf func(*sample) []cdfPoint) *subplot {
	smallest, largest := math.Inf(1), 0.0
	for _, m := range all {
		for _, point := range cdf(m.sample) {
			if point.ms > 0 && point.fraction >= 0.02 { // a few chunks that arrive together would take half of the axis
				smallest, largest = min(smallest, point.ms), max(largest, point.ms)
			}
		}
	}
	unit := format.UnitOf(largest)
	p := newSubplot(subplotWidth, subplotHeight, title+", cumulative fraction", title+", cumulative distribution", 6, false)
	p.x = axis{low: max(smallest, largest/1e5) / unit.Milliseconds * 0.97, high: largest / unit.Milliseconds * 1.03, log: true, from: p.left, to: p.right}
	p.y = linear(1, p.bottom, p.top, 5)
	p.frame(title+", "+unit.Name+" (log scale)", 1)
	for _, m := range all {
		var line []drawing.Point
		for _, point := range cdf(m.sample) {
			line = append(line, drawing.Point{X: p.x.position(point.ms / unit.Milliseconds), Y: p.y.position(point.fraction)})
		}
		index := m.curve.Index
		p.Line(drawing.Style{Stroke: colour(index), Width: 1.8, Dash: dash(index), Group: groupOf(index), Title: m.name()}, line...)
	}
	return p
}

// cdfFigure compares the latencies of baselines, one view for each rate.
func cdfFigure(w *workload, id string) (figure, bool) {
	f := figure{ID: id + "-ecdf", Title: "Latency distribution", Choose: "rate",
		Caption: "Cumulative distribution: the fraction of requests (for ITL, of chunk intervals) that took at most this long."}
	for _, rate := range ratesOf(w) {
		var all []*measurement
		for _, m := range w.measurements {
			if m.latest && m.rate() == rate && m.sample != nil {
				all = append(all, m)
			}
		}
		if len(all) == 0 {
			continue
		}
		v := view{Name: format.Short(rate) + " requests/s", file: id + "-ecdf-" + format.Short(rate),
			Table: table{Columns: []string{"baseline", "metric", "p10", "p25", "p50", "p75", "p90", "p95", "p99", "max ms"}}}
		for _, metric := range []struct {
			title string
			cdf   func(*sample) []cdfPoint
		}{
			{"TTFT", func(s *sample) []cdfPoint { return s.ttft }}, {"ITL", func(s *sample) []cdfPoint { return s.itl }},
			{"TPOT", func(s *sample) []cdfPoint { return s.tpot }}, {"E2EL", func(s *sample) []cdfPoint { return s.e2el }},
		} {
			if slices.ContainsFunc(all, func(m *measurement) bool { return len(metric.cdf(m.sample)) > 0 }) {
				v.Subplots = append(v.Subplots, cdfSubplot(metric.title, all, metric.cdf))
			}
			for _, m := range all {
				cells := []string{m.curve.Label, metric.title}
				for _, fraction := range []float64{0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1} {
					cells = append(cells, format.Fixed(quantile(metric.cdf(m.sample), fraction), 2))
				}
				v.Table.Rows = append(v.Table.Rows, row{m.curve.Index, cells})
			}
		}
		f.Views = append(f.Views, v)
	}
	slices.Reverse(f.Views) // the highest rate is the most interesting
	return f, len(f.Views) > 0
}

// ratesOf returns the rates of a workload's measurements, ascending.
func ratesOf(w *workload) (all []float64) {
	for _, m := range w.measurements {
		if rate := m.rate(); !slices.Contains(all, rate) {
			all = append(all, rate)
		}
	}
	slices.Sort(all)
	return all
}
