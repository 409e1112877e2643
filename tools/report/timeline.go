package main

import (
	"fmt"
	"math"

	"github.com/LMCache/LMBench/tools/results/drawing"
	"github.com/LMCache/LMBench/tools/results/format"
)

const (
	trackWidth  = 680.0
	trackHeight = 132.0
)

// series is a figure over the time of a run.
type series struct {
	name   string
	colour drawing.Colour
	dash   []float64
	value  func(interval) float64
}

// timelineTrack draws some series over the time of a run. Tracks stand one above the
// other with the same time axis.
func timelineTrack(m *measurement, title string, latency bool, all ...series) *subplot {
	timeline := m.sample.timeline
	smallest, largest := math.Inf(1), 0.0
	for _, i := range timeline {
		for _, s := range all {
			if v := s.value(i); v > 0 {
				smallest, largest = min(smallest, v), max(largest, v)
			}
		}
	}
	divisor := 1.0
	if latency {
		unit := format.UnitOf(largest)
		title, divisor = title+", "+unit.Name, unit.Milliseconds
	}
	p := newSubplot(trackWidth, trackHeight, title, title+" over the run "+m.name(), 60, false)
	p.x = axis{low: 0, high: timeline[len(timeline)-1].to, from: p.left, to: p.right}
	if latency && largest > 25*smallest {
		p.y = logarithmic(smallest/divisor, largest/divisor, p.bottom, p.top)
	} else {
		p.y = linear(largest/divisor, p.bottom, p.top, 3)
	}
	p.frame("", 1)
	p.Text(drawing.TextStyle{Size: fontSize, Colour: "muted"}, drawing.Point{X: p.right + 6, Y: p.bottom + 16}, "s")
	var labels []label
	for _, s := range all {
		if y := p.line(timeline, s, divisor); !math.IsNaN(y) {
			labels = append(labels, label{text: s.name, y: y})
		}
	}
	p.seriesLabels(labels, all)
	for _, f := range m.sample.failures {
		x := p.x.position(f.at)
		p.Line(drawing.Style{Stroke: "bad", Width: 1, Opacity: 0.75, Title: fmt.Sprintf("failed at %.1f s: %s", f.at, f.text)},
			drawing.Point{X: x, Y: p.top - 7}, drawing.Point{X: x, Y: p.top + 1})
	}
	return p
}

// line draws a series, with gaps for intervals without a value. It returns the vertical
// position of the last value, or NaN.
func (p *subplot) line(timeline []interval, s series, divisor float64) float64 {
	last := math.NaN()
	var points []drawing.Point
	flush := func() {
		if len(points) == 1 { // a single value between gaps
			p.Circle(drawing.Style{Fill: s.colour}, points[0], 1.6)
		}
		p.Line(drawing.Style{Stroke: s.colour, Width: 1.6, Dash: s.dash}, points...)
		points = nil
	}
	for _, i := range timeline {
		v := s.value(i)
		if math.IsNaN(v) {
			flush()
			continue
		}
		last = p.y.position(v / divisor)
		points = append(points, drawing.Point{X: p.x.position((i.from + i.to) / 2), Y: last})
	}
	flush()
	return last
}

// seriesLabels writes the names of the series at their right ends, in their colours.
func (p *subplot) seriesLabels(labels []label, all []series) {
	if len(labels) == 2 && math.Abs(labels[0].y-labels[1].y) < 12 { // they would overlap
		upper := 0
		if labels[1].y < labels[0].y {
			upper = 1
		}
		middle := (labels[0].y + labels[1].y) / 2
		labels[upper].y, labels[1-upper].y = min(middle, p.bottom-8)-6, min(middle, p.bottom-8)+6
	}
	for _, l := range labels {
		for _, s := range all {
			if s.name == l.text {
				p.Text(drawing.TextStyle{Size: fontSize, Colour: s.colour}, drawing.Point{X: p.right + 4, Y: l.y + 4}, s.name)
			}
		}
	}
}

// timelineSubplots draws a run over time as the client saw it.
func timelineSubplots(m *measurement) []*subplot {
	c := colour(m.curve.Index)
	return []*subplot{
		timelineTrack(m, "Requests in flight", false, series{"requests", c, nil, func(i interval) float64 { return i.inFlight }}),
		timelineTrack(m, "Requests per second", false,
			series{"sent", c, nil, func(i interval) float64 { return i.sent }},
			series{"completed", "muted", dashed, func(i interval) float64 { return i.completed }}),
		timelineTrack(m, "TTFT by send time", true,
			series{"p99", "muted", dashed, func(i interval) float64 { return i.ttft99 }},
			series{"p50", c, nil, func(i interval) float64 { return i.ttft50 }}),
	}
}

// dashed is how the second series of a track is drawn.
var dashed = []float64{4, 3}

// timelineFigure shows runs over time, one view for each run.
func timelineFigure(w *workload, id string) (figure, bool) {
	f := figure{ID: id + "-course", Title: "One run over time", Choose: "run",
		Caption: "Averages over equal intervals of the run. Red marks at the top: failed requests, at the time they were sent. Below, on the same time axis: what the engine reported at /metrics."}
	for _, m := range latestFirst(w) {
		if m.sample == nil || len(m.sample.timeline) == 0 {
			continue
		}
		v := view{Name: m.name(), Subplots: append(timelineSubplots(m), engineSubplots(m)...), Wide: true, file: slug(m.Stem()) + "-course",
			Table: table{Columns: []string{"from s", "to s", "in flight", "sent req/s", "completed req/s", "failed", "TTFT p50 ms", "TTFT p99 ms"}}}
		names, engine := engineColumns(m.sample)
		v.Table.Columns = append(v.Table.Columns, names...)
		for _, i := range m.sample.timeline {
			cells := []string{format.Fixed(i.from, 1), format.Fixed(i.to, 1), format.Fixed(i.inFlight, 1),
				format.Fixed(i.sent, 1), format.Fixed(i.completed, 1), fmt.Sprint(i.failed), format.Fixed(i.ttft50, 1), format.Fixed(i.ttft99, 1)}
			for _, value := range engine {
				cells = append(cells, format.Fixed(value(i), 1))
			}
			v.Table.Rows = append(v.Table.Rows, row{-1, cells})
		}
		f.Views = append(f.Views, v)
	}
	return f, len(f.Views) > 0
}
