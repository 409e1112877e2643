package main

import (
	"fmt"
	"math"

	"github.com/LMCache/LMBench/tools/results/drawing"
)

const (
	wideWidth    = 680.0
	courseHeight = 132.0
)

// series of values over a run.
type trace struct {
	name   string
	colour drawing.Colour
	dash   []float64
	of     func(span) float64
}

// strip draws traces over a run's spans, one above the other at the same instants.
func strip(run *measured, title string, latency bool, traces ...trace) *panel {
	course := run.sample.course
	end := course[len(course)-1].to
	least, most := math.Inf(1), 0.0
	for _, s := range course {
		for _, t := range traces {
			if v := t.of(s); v > 0 {
				least, most = min(least, v), max(most, v)
			}
		}
	}
	divisor := 1.0
	if latency {
		u := unitFor(most)
		title, divisor = title+", "+u.name, u.ms
	}
	p := newPanel(wideWidth, courseHeight, title, title+" over the run "+run.name(), 60, false)
	p.x = axis{low: 0, high: end, from: p.left, to: p.right}
	if latency && most > 25*least {
		p.y = logarithmic(least/divisor, most/divisor, p.bottom, p.top)
	} else {
		p.y = linear(most/divisor, p.bottom, p.top, 3)
	}
	p.frame("", 1)
	p.Text(drawing.Lettering{Size: words, Colour: "muted"}, drawing.Point{X: p.right + 6, Y: p.bottom + 16}, "s")
	var ends []name
	for _, t := range traces {
		var line []drawing.Point
		end := math.NaN()
		flush := func() {
			if len(line) == 1 { // alone between spans without any
				p.Circle(drawing.Style{Fill: t.colour}, line[0], 1.6)
			}
			p.Line(drawing.Style{Stroke: t.colour, Width: 1.6, Dash: t.dash}, line...)
			line = nil
		}
		for _, s := range course {
			if v := t.of(s); !math.IsNaN(v) {
				end = p.y.at(v / divisor)
				line = append(line, drawing.Point{X: p.x.at((s.from + s.to) / 2), Y: end})
				continue
			}
			flush()
		}
		flush()
		if !math.IsNaN(end) {
			ends = append(ends, name{text: t.name, y: end})
		}
	}
	p.captions(ends, traces)
	for _, f := range run.sample.failures {
		x := p.x.at(f.at)
		p.Line(drawing.Style{Stroke: "bad", Width: 1, Opacity: 0.75, Title: fmt.Sprintf("failed at %.1f s: %s", f.at, f.text)},
			drawing.Point{X: x, Y: p.top - 7}, drawing.Point{X: x, Y: p.top + 1})
	}
	return p
}

// captions name the traces at their ends, in their colours.
func (p *panel) captions(ends []name, traces []trace) {
	if len(ends) == 2 && math.Abs(ends[0].y-ends[1].y) < 12 {
		above := 0
		if ends[1].y < ends[0].y {
			above = 1
		}
		middle := (ends[0].y + ends[1].y) / 2
		ends[above].y, ends[1-above].y = min(middle, p.bottom-8)-6, min(middle, p.bottom-8)+6
	}
	for _, end := range ends {
		for _, t := range traces {
			if t.name == end.text {
				p.Text(drawing.Lettering{Size: words, Colour: t.colour}, drawing.Point{X: p.right + 4, Y: end.y + 4}, t.name)
			}
		}
	}
}

// coursePanels are a run over time.
func coursePanels(run *measured) []*panel {
	c := colour(run.line.Series)
	return []*panel{
		strip(run, "In flight", false, trace{"requests", c, nil, func(s span) float64 { return s.inFlight }}),
		strip(run, "Requests per second", false,
			trace{"sent", c, nil, func(s span) float64 { return s.launched }},
			trace{"answered", "muted", []float64{4, 3}, func(s span) float64 { return s.ended }}),
		strip(run, "TTFT of the requests sent then", true,
			trace{"p99", "muted", []float64{4, 3}, func(s span) float64 { return s.ttft99 }},
			trace{"p50", c, nil, func(s span) float64 { return s.ttft50 }}),
	}
}

// courses are runs over time; each run is a view.
func courses(w *workload, id string) (plot, bool) {
	p := plot{ID: id + "-course", Title: "One run over time", Choose: "run",
		Caption: "Averages over equal parts of the run. Red strokes at the top: requests that failed, when they were sent. What the engine said of itself at /metrics stands below at the same instants."}
	for _, run := range newestFirst(w) {
		if run.sample == nil || len(run.sample.course) == 0 {
			continue
		}
		v := view{Name: run.name(), Panels: append(coursePanels(run), enginePanels(run)...), Wide: true, file: slug(run.Stem()) + "-course",
			Table: table{Columns: []string{"from s", "to s", "in flight", "sent req/s", "answered req/s", "failed", "TTFT p50 ms", "TTFT p99 ms"}}}
		names, engine := engineColumns(run.sample)
		v.Table.Columns = append(v.Table.Columns, names...)
		for _, s := range run.sample.course {
			cells := []string{figure(s.from, 1), figure(s.to, 1), figure(s.inFlight, 1),
				figure(s.launched, 1), figure(s.ended, 1), fmt.Sprint(s.failed), figure(s.ttft50, 1), figure(s.ttft99, 1)}
			for _, of := range engine {
				cells = append(cells, figure(of(s), 1))
			}
			v.Table.Rows = append(v.Table.Rows, row{-1, cells})
		}
		p.Views = append(p.Views, v)
	}
	return p, len(p.Views) > 0
}
