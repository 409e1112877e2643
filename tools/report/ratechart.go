package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/LMCache/LMBench/tools/results/drawing"
	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// rateChart draws a figure of every measurement over the request rate.
type rateChart struct {
	title, label string
	value        func(*measurement) metrics.Distribution // its median is drawn
	latency      bool                                    // in milliseconds, with bands for higher percentiles
	diagonal     bool                                    // draw where the value equals the rate
	fraction     bool                                    // values are at most 1
}

const (
	subplotWidth  = 440.0
	subplotHeight = 250.0
)

// bands are the percentiles drawn above the median, the highest first.
var bands = [...]float64{99, 90}

// chartPoint is a measurement on a curve.
type chartPoint struct {
	*measurement
	metrics.Distribution
}

// subplot draws the curves of a workload.
func (c *rateChart) subplot(w *workload) *subplot {
	failed := false
	smallest, largest, highestRate := math.Inf(1), 0.0, 0.0
	for _, m := range w.measurements {
		failed = failed || m.Failed != nil
		highestRate = max(highestRate, m.rate())
		d := c.value(m)
		for _, percent := range append(bands[:], 50) {
			if v := d.P(percent); !math.IsNaN(v) {
				largest = max(largest, v)
				if v > 0 {
					smallest = min(smallest, v)
				}
			}
		}
	}
	if c.diagonal {
		largest = max(largest, highestRate)
	}
	title, divisor := c.title, 1.0
	if c.latency {
		unit := format.UnitOf(largest)
		title, divisor = title+", "+unit.Name, unit.Milliseconds
	}
	p := newSubplot(subplotWidth, subplotHeight, title, c.label, labelSpace(w.curves), failed)
	p.x = linear(highestRate*1.02, p.left, p.right, 6)
	if p.x.high > highestRate*1.15 && highestRate > 0 {
		p.x.high = highestRate * 1.04
	}
	switch {
	case c.fraction:
		p.y = linear(1, p.bottom, p.top, 5)
	case c.latency && largest > 25*smallest:
		p.y = logarithmic(smallest, largest, p.bottom, p.top)
	default:
		p.y = linear(largest/divisor, p.bottom, p.top, 5)
		p.y.high *= divisor
	}
	const below = "offered requests/s"
	if divisor != 1 && !p.y.log { // ticks at round values of the unit
		y := p.y
		p.y.low, p.y.high = y.low/divisor, y.high/divisor
		p.frame(below, 1)
		p.y = y
	} else {
		p.frame(below, divisor)
	}
	if c.diagonal {
		end := min(p.x.high, p.y.high)
		p.Line(drawing.Style{Stroke: "muted", Dash: []float64{2, 3}},
			drawing.Point{X: p.x.position(0), Y: p.y.position(0)}, drawing.Point{X: p.x.position(end), Y: p.y.position(end)})
	}
	var labels []label
	for i, curve := range w.curves {
		if l, drawn := c.curve(p, curve, float64(i)-float64(len(w.curves)-1)/2); drawn {
			labels = append(labels, l)
		}
	}
	p.curveLabels(labels)
	return p
}

// curve draws one curve. A failed point interrupts it, because nothing is known about
// the rates around it. The offset moves curves with a single point apart.
func (c *rateChart) curve(p *subplot, l *curve, offset float64) (end label, drawn bool) {
	var segment []chartPoint
	flush := func() {
		if len(segment) > 0 {
			c.segment(p, l, segment, offset)
			last := segment[len(segment)-1]
			end, drawn = label{l.Label, l.Index, p.y.position(last.P(50))}, true
		}
		segment = nil
	}
	for _, m := range l.measurements {
		d := c.value(m)
		switch {
		case m.Failed != nil:
			if m.latest {
				flush()
			}
			p.cross(drawing.Style{Stroke: colour(l.Index), Group: groupOf(l.Index), Title: c.tooltip(m)}, drawing.Point{X: p.x.position(m.rate()), Y: p.lane}, 4)
		case !d.Known():
		case m.latest:
			segment = append(segment, chartPoint{m, d})
		default:
			p.Circle(drawing.Style{Fill: colour(l.Index), Opacity: 0.35, Group: groupOf(l.Index), Title: c.tooltip(m) + "\nan earlier run of this point"},
				drawing.Point{X: p.x.position(m.rate()), Y: p.y.position(d.P(50))}, 3)
		}
	}
	flush()
	return end, drawn
}

// segment draws an uninterrupted part of a curve.
func (c *rateChart) segment(p *subplot, l *curve, points []chartPoint, offset float64) {
	style := func(s drawing.Style) drawing.Style { s.Group = groupOf(l.Index); return s }
	line := func(percent float64) (line []drawing.Point) {
		for _, point := range points {
			if v := point.P(percent); !math.IsNaN(v) {
				line = append(line, drawing.Point{X: p.x.position(point.rate()), Y: p.y.position(v)})
			}
		}
		return line
	}
	median := line(50)
	if c.latency && len(points) > 1 {
		for _, percent := range bands {
			upper := line(percent)
			if len(upper) != len(median) {
				continue
			}
			outline := append([]drawing.Point(nil), median...)
			for i := len(upper) - 1; i >= 0; i-- {
				outline = append(outline, upper[i])
			}
			p.Area(style(drawing.Style{Fill: colour(l.Index), Opacity: 0.11}), outline)
		}
		p.Line(style(drawing.Style{Stroke: colour(l.Index), Width: 0.9, Dash: []float64{3, 3}}), line(99)...)
		p.Line(style(drawing.Style{Stroke: colour(l.Index), Width: 0.7}), line(90)...)
	}
	p.Line(style(drawing.Style{Stroke: colour(l.Index), Width: 2, Dash: dash(l.Index)}), median...)
	for i, point := range points {
		at := median[i]
		if len(points) == 1 && c.latency {
			at.X += offset * 9
			c.errorBar(p, l, point, at.X)
		}
		c.marker(p, l, point.measurement, at)
	}
}

// errorBar replaces the bands if a curve has a single point.
func (c *rateChart) errorBar(p *subplot, l *curve, point chartPoint, x float64) {
	s := drawing.Style{Stroke: colour(l.Index), Width: 1.2, Group: groupOf(l.Index)}
	top := point.P(50)
	for _, percent := range bands {
		if v := point.P(percent); !math.IsNaN(v) {
			top = max(top, v)
			p.Line(s, drawing.Point{X: x - 4, Y: p.y.position(v)}, drawing.Point{X: x + 4, Y: p.y.position(v)})
		}
	}
	p.Line(s, drawing.Point{X: x, Y: p.y.position(point.P(50))}, drawing.Point{X: x, Y: p.y.position(top)})
}

// marker shows the verdict: filled if VALID, hollow if SUSPECT, hollow with a cross if
// INVALID.
func (c *rateChart) marker(p *subplot, l *curve, m *measurement, at drawing.Point) {
	s := drawing.Style{Fill: colour(l.Index), Group: groupOf(l.Index), Title: c.tooltip(m)}
	if level := m.Verdict.Level; level == verdict.Suspect || level == verdict.Invalid {
		s.Fill, s.Stroke, s.Width = "ground", colour(l.Index), 1.8
	}
	radius := 3.6
	if m.Verdict.Level == verdict.Invalid {
		radius = 5.5
	}
	p.Circle(s, at, radius)
	if m.Verdict.Level == verdict.Invalid {
		p.cross(drawing.Style{Stroke: "bad", Group: groupOf(l.Index)}, at, 3.4)
	}
}

// tooltip describes a measurement.
func (c *rateChart) tooltip(m *measurement) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s at %s requests/s", m.curve.Label, format.Short(m.rate()))
	if m.Failed != nil {
		fmt.Fprintf(&text, "\nfailed: %s", m.Failed.Cause)
		return text.String()
	}
	d := c.value(m)
	if c.latency {
		text.WriteString("\n")
		for i, percent := range metrics.Percents() {
			if i > 0 {
				text.WriteString(", ")
			}
			fmt.Fprintf(&text, "%s %s", metrics.PercentName(percent), format.Milliseconds(d.P(percent)))
		}
	} else {
		fmt.Fprintf(&text, "\n%s", format.Short(d.P(50)))
	}
	if m.Verdict.Level != "" {
		fmt.Fprintf(&text, "\n%s", m.Verdict.Level)
	}
	for _, reason := range m.Verdict.Reasons {
		fmt.Fprintf(&text, "\n%s", reason.Text)
	}
	return text.String()
}
