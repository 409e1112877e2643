package main

import (
	"math"

	"github.com/LMCache/LMBench/tools/drawing"
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
