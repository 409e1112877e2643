package main

import (
	"math"
	"slices"

	"github.com/LMCache/LMBench/tools/results/drawing"
)

// ecdf draws what share of the requests took at most so long.
func ecdf(title string, runs []*measured, of func(*sample) []rank) *panel {
	least, most := math.Inf(1), 0.0
	for _, run := range runs {
		for _, r := range of(run.sample) {
			if r.ms > 0 && r.share >= 0.02 { // a few chunks that came at once would take half of the axis
				least, most = min(least, r.ms), max(most, r.ms)
			}
		}
	}
	u := unitFor(most)
	p := newPanel(panelWidth, panelHeight, title+", share at most so long", title+", cumulative distribution", 6, false)
	p.x = axis{low: max(least, most/1e5) / u.ms * 0.97, high: most / u.ms * 1.03, log: true, from: p.left, to: p.right}
	p.y = linear(1, p.bottom, p.top, 5)
	p.frame(title+", "+u.name+" (logarithmic)", 1)
	for _, run := range runs {
		var line []drawing.Point
		for _, r := range of(run.sample) {
			line = append(line, drawing.Point{X: p.x.at(r.ms / u.ms), Y: p.y.at(r.share)})
		}
		series := run.line.Series
		p.Line(drawing.Style{Stroke: colour(series), Width: 1.8, Dash: dash(series), Group: groupOf(series), Title: run.name()}, line...)
	}
	return p
}

// distributions compare baselines at one rate.
func distributions(w *workload, id string) (plot, bool) {
	p := plot{ID: id + "-ecdf", Title: "Distribution of latencies", Choose: "rate",
		Caption: "What share of the requests took at most so long; further left is faster, and the steeper the steadier. ITL: of the gaps between chunks, in classes of 0.8 %."}
	for _, rate := range ratesOf(w) {
		var runs []*measured
		for _, run := range w.runs {
			if run.latest && run.rate() == rate && run.sample != nil {
				runs = append(runs, run)
			}
		}
		if len(runs) == 0 {
			continue
		}
		v := view{Name: short(rate) + " requests/s", file: id + "-ecdf-" + short(rate),
			Table: table{Columns: []string{"baseline", "metric", "p10", "p25", "p50", "p75", "p90", "p95", "p99", "max ms"}}}
		for _, metric := range []struct {
			title string
			of    func(*sample) []rank
		}{
			{"TTFT", func(s *sample) []rank { return s.ttft }}, {"ITL", func(s *sample) []rank { return s.itl }},
			{"TPOT", func(s *sample) []rank { return s.tpot }}, {"E2EL", func(s *sample) []rank { return s.e2el }},
		} {
			if slices.ContainsFunc(runs, func(m *measured) bool { return len(metric.of(m.sample)) > 0 }) {
				v.Panels = append(v.Panels, ecdf(metric.title, runs, metric.of))
			}
			for _, run := range runs {
				cells := []string{run.line.Label, metric.title}
				for _, share := range []float64{0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1} {
					cells = append(cells, figure(at(metric.of(run.sample), share), 2))
				}
				v.Table.Rows = append(v.Table.Rows, row{run.line.Series, cells})
			}
		}
		p.Views = append(p.Views, v)
	}
	slices.Reverse(p.Views) // the highest rate tells most
	return p, len(p.Views) > 0
}

func ratesOf(w *workload) (all []float64) {
	for _, run := range w.runs {
		if rate := run.rate(); !slices.Contains(all, rate) {
			all = append(all, rate)
		}
	}
	slices.Sort(all)
	return all
}
