package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/LMCache/LMBench/tools/results/drawing"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// curves are one figure of every run over the rate.
type curves struct {
	title, label string
	of           func(*measured) metrics.Distribution // what is drawn; p90 and p99 may be NaN
	latency      bool                                 // in milliseconds, drawn with its bands
	diagonal     bool                                 // what would be sent as asked
	share        bool                                 // of 1
}

const (
	panelWidth  = 440.0
	panelHeight = 250.0
)

// drawn is a point of a curve.
type drawn struct {
	run *measured
	metrics.Distribution
}

// panel draws the curves of a workload.
func (c *curves) panel(w *workload) *panel {
	failed := false
	least, most, fastest := math.Inf(1), 0.0, 0.0
	for _, run := range w.runs {
		failed = failed || run.Failed != nil
		fastest = max(fastest, run.rate())
		q := c.of(run)
		for _, v := range []float64{q.P(50), q.P(90), q.P(99)} {
			if !math.IsNaN(v) {
				most = max(most, v)
				if v > 0 {
					least = min(least, v)
				}
			}
		}
	}
	if c.diagonal {
		most = max(most, fastest)
	}
	title, divisor := c.title, 1.0
	if c.latency {
		u := unitFor(most)
		title, divisor = title+", "+u.name, u.ms
	}
	p := newPanel(panelWidth, panelHeight, title, c.label, roomFor(w.lines), failed)
	p.x = linear(fastest*1.02, p.left, p.right, 6)
	if p.x.high > fastest*1.15 && fastest > 0 {
		p.x.high = fastest * 1.04
	}
	switch {
	case c.share:
		p.y = linear(1, p.bottom, p.top, 5)
	case c.latency && most > 25*least:
		p.y = logarithmic(least, most, p.bottom, p.top)
	default:
		p.y = linear(most/divisor, p.bottom, p.top, 5)
		p.y.high *= divisor
	}
	if divisor != 1 && !p.y.log {
		p.frameIn(divisor)
	} else {
		p.frame("requests/s asked for", divisor)
	}
	if c.diagonal {
		reach := min(p.x.high, p.y.high)
		p.Line(drawing.Style{Stroke: "muted", Dash: []float64{2, 3}}, drawing.Point{X: p.x.at(0), Y: p.y.at(0)}, drawing.Point{X: p.x.at(reach), Y: p.y.at(reach)})
	}
	var ends []name
	for i, l := range w.lines {
		if end, any := c.line(p, l, float64(i)-float64(len(w.lines)-1)/2); any {
			ends = append(ends, end)
		}
	}
	p.names(ends)
	return p
}

// frameIn has its ticks at round values of another unit.
func (p *panel) frameIn(divisor float64) {
	values := p.y
	p.y.low, p.y.high = p.y.low/divisor, p.y.high/divisor
	p.frame("requests/s asked for", 1)
	p.y = values
}

// line draws one baseline. A failed point breaks the curve: what lies between its
// neighbours was not measured.
func (c *curves) line(p *panel, l *line, place float64) (end name, any bool) {
	var stretch []drawn
	flush := func() {
		if len(stretch) > 0 {
			c.stretch(p, l, stretch, place)
			last := stretch[len(stretch)-1]
			end, any = name{l.Label, l.Series, p.y.at(last.P(50))}, true
		}
		stretch = nil
	}
	for _, run := range l.runs {
		q := c.of(run)
		switch {
		case run.Failed != nil:
			if run.latest {
				flush()
			}
			p.cross(drawing.Style{Stroke: colour(l.Series), Group: groupOf(l.Series), Title: c.told(run)}, drawing.Point{X: p.x.at(run.rate()), Y: p.lane}, 4)
		case !q.Known():
		case run.latest:
			stretch = append(stretch, drawn{run, q})
		default:
			p.Circle(drawing.Style{Fill: colour(l.Series), Opacity: 0.35, Group: groupOf(l.Series), Title: c.told(run) + "\nan earlier run of this point"},
				drawing.Point{X: p.x.at(run.rate()), Y: p.y.at(q.P(50))}, 3)
		}
	}
	flush()
	return end, any
}

// stretch draws points with nothing missing between them.
func (c *curves) stretch(p *panel, l *line, points []drawn, place float64) {
	style := func(s drawing.Style) drawing.Style { s.Group = groupOf(l.Series); return s }
	along := func(of func(drawn) float64) (line []drawing.Point) {
		for _, d := range points {
			if v := of(d); !math.IsNaN(v) {
				line = append(line, drawing.Point{X: p.x.at(d.run.rate()), Y: p.y.at(v)})
			}
		}
		return line
	}
	middle := along(func(d drawn) float64 { return d.P(50) })
	if c.latency && len(points) > 1 {
		for _, of := range []func(drawn) float64{func(d drawn) float64 { return d.P(99) }, func(d drawn) float64 { return d.P(90) }} {
			above := along(of)
			if len(above) != len(middle) {
				continue
			}
			outline := append([]drawing.Point(nil), middle...)
			for i := len(above) - 1; i >= 0; i-- {
				outline = append(outline, above[i])
			}
			p.Area(style(drawing.Style{Fill: colour(l.Series), Opacity: 0.11}), outline)
		}
		p.Line(style(drawing.Style{Stroke: colour(l.Series), Width: 0.9, Dash: []float64{3, 3}}), along(func(d drawn) float64 { return d.P(99) })...)
		p.Line(style(drawing.Style{Stroke: colour(l.Series), Width: 0.7}), along(func(d drawn) float64 { return d.P(90) })...)
	}
	p.Line(style(drawing.Style{Stroke: colour(l.Series), Width: 2, Dash: dash(l.Series)}), middle...)
	for i, d := range points {
		at := middle[i]
		if len(points) == 1 && c.latency {
			at.X += place * 9 // side by side at the one rate they share
			c.whisker(p, l, d, at.X)
		}
		c.mark(p, l, d.run, at)
	}
}

// whisker stands for the bands of a point alone.
func (c *curves) whisker(p *panel, l *line, d drawn, x float64) {
	s := drawing.Style{Stroke: colour(l.Series), Width: 1.2, Group: groupOf(l.Series)}
	top := d.P(50)
	for _, v := range []float64{d.P(90), d.P(99)} {
		if !math.IsNaN(v) {
			top = v
			p.Line(s, drawing.Point{X: x - 4, Y: p.y.at(v)}, drawing.Point{X: x + 4, Y: p.y.at(v)})
		}
	}
	p.Line(s, drawing.Point{X: x, Y: p.y.at(d.P(50))}, drawing.Point{X: x, Y: p.y.at(top)})
}

// mark shows the verdict: full, hollow if SUSPECT, hollow and crossed if INVALID.
func (c *curves) mark(p *panel, l *line, run *measured, at drawing.Point) {
	s := drawing.Style{Fill: colour(l.Series), Group: groupOf(l.Series), Title: c.told(run)}
	if word := run.Verdict.Level; word == verdict.Suspect || word == verdict.Invalid {
		s.Fill, s.Stroke, s.Width = "ground", colour(l.Series), 1.8
	}
	radius := 3.6
	if run.Verdict.Level == verdict.Invalid {
		radius = 5.5
	}
	p.Circle(s, at, radius)
	if run.Verdict.Level == verdict.Invalid {
		p.cross(drawing.Style{Stroke: "bad", Group: groupOf(l.Series)}, at, 3.4)
	}
}

// told is what the pointer finds at a point.
func (c *curves) told(run *measured) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s at %s requests/s", run.line.Label, short(run.rate()))
	if run.Failed != nil {
		fmt.Fprintf(&text, "\nfailed: %s", run.Failed.Cause)
		return text.String()
	}
	q := c.of(run)
	if c.latency {
		fmt.Fprintf(&text, "\np50 %s, p90 %s, p99 %s", duration(q.P(50)), duration(q.P(90)), duration(q.P(99)))
	} else {
		fmt.Fprintf(&text, "\n%s", short(q.P(50)))
	}
	if run.Verdict.Level != "" {
		fmt.Fprintf(&text, "\n%s", run.Verdict.Level)
	}
	for _, reason := range run.Verdict.Reasons {
		fmt.Fprintf(&text, "\n%s", reason.Text)
	}
	return text.String()
}
