package main

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"github.com/LMCache/LMBench/tools/results/drawing"
	"github.com/LMCache/LMBench/tools/results/format"
)

// palette holds the colours of PNGs; page.css has the same roles for light and dark. The
// colours of curves are Okabe and Ito's, which colour-blind readers can tell apart, in an
// order that keeps neighbours distinct, with grey instead of yellow, which is lost in print.
var palette = drawing.Palette{
	"ground": rgb(0xffffff), "ink": rgb(0x1d2126), "muted": rgb(0x5c656f), "grid": rgb(0xe4e7ea), "bad": rgb(0xc0261c),
	"c0": rgb(0x0072b2), "c1": rgb(0xd55e00), "c2": rgb(0x009e73), "c3": rgb(0xb8559a),
	"c4": rgb(0x56b4e9), "c5": rgb(0xb07d00), "c6": rgb(0x6b7280), "c7": rgb(0x4b3f9e),
	"h0": rgb(0xe3eef9), "h1": rgb(0xc3daee), "h2": rgb(0x97c3df), "h3": rgb(0x66a8cf), "h4": rgb(0x3d8bbd), "h5": rgb(0x1f6ca5), "h6": rgb(0x0b4f87), "h7": rgb(0x083360),
}

func rgb(v uint32) color.RGBA {
	return color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

// hues is the number of colours for curves; further curves repeat them, dashed.
const hues = 8

func colour(index int) drawing.Colour { return drawing.Colour(fmt.Sprintf("c%d", index%hues)) }

func dash(index int) []float64 {
	if index%(2*hues) >= hues {
		return []float64{7, 4}
	}
	return nil
}

// groupOf returns the CSS class by which the page hides a curve.
func groupOf(index int) string { return fmt.Sprintf("s%d", index) }

const (
	fontSize = 11.5 // of text
	margin   = 46.0 // left of a plot, for tick labels
)

// subplot is a drawing with two axes.
type subplot struct {
	drawing.Drawing
	x, y   axis
	left   float64
	top    float64
	right  float64
	bottom float64
	lane   float64 // vertical position of failed points, above the plot; 0 means no lane
}

// newSubplot has its axes' pixels set, not their values. Room is left on the right for
// names of that width.
func newSubplot(width, height float64, title, label string, labelWidth float64, lane bool) *subplot {
	p := &subplot{Drawing: drawing.Drawing{Width: width, Height: height, Label: label},
		left: margin, top: 26, right: width - 10 - labelWidth, bottom: height - 34}
	p.Text(drawing.TextStyle{Size: 12.5, Colour: "ink", Bold: true}, drawing.Point{X: 2, Y: 13}, title)
	if lane {
		p.lane = p.top + 5
		p.top += 24
	}
	return p
}

// frame draws axes, grid lines and ticks. The y values are divided by divisor.
func (p *subplot) frame(xTitle string, divisor float64) {
	for _, v := range p.y.ticks(5) {
		y := p.y.position(v)
		p.Line(drawing.Style{Stroke: "grid"}, drawing.Point{X: p.left, Y: y}, drawing.Point{X: p.right, Y: y})
		p.Text(drawing.TextStyle{Size: fontSize, Colour: "muted", Anchor: drawing.End}, drawing.Point{X: p.left - 6, Y: y + 4}, format.Short(v/divisor))
	}
	last := math.Inf(-1)
	for _, v := range p.x.ticks(6) {
		x, text := p.x.position(v), format.Short(v)
		p.Line(drawing.Style{Stroke: "muted"}, drawing.Point{X: x, Y: p.bottom}, drawing.Point{X: x, Y: p.bottom + 4})
		if half := drawing.TextWidth(text, fontSize) / 2; x-half > last+4 {
			p.Text(drawing.TextStyle{Size: fontSize, Colour: "muted", Anchor: drawing.Middle}, drawing.Point{X: x, Y: p.bottom + 16}, text)
			last = x + half
		}
	}
	p.Line(drawing.Style{Stroke: "muted"}, drawing.Point{X: p.left, Y: p.bottom}, drawing.Point{X: p.right, Y: p.bottom})
	p.Text(drawing.TextStyle{Size: fontSize, Colour: "muted", Anchor: drawing.Middle}, drawing.Point{X: (p.left + p.right) / 2, Y: p.bottom + 31}, xTitle)
	if p.lane > 0 {
		p.Text(drawing.TextStyle{Size: 10, Colour: "bad", Anchor: drawing.End}, drawing.Point{X: p.left - 6, Y: p.lane + 3.5}, "failed")
		p.Line(drawing.Style{Stroke: "grid"}, drawing.Point{X: p.left, Y: p.lane + 8}, drawing.Point{X: p.right, Y: p.lane + 8})
	}
}

// cross draws a cross, the marker of failures.
func (p *subplot) cross(s drawing.Style, at drawing.Point, size float64) {
	s.Width = 1.6
	p.Lines(s, []drawing.Point{{X: at.X - size, Y: at.Y - size}, {X: at.X + size, Y: at.Y + size}},
		[]drawing.Point{{X: at.X - size, Y: at.Y + size}, {X: at.X + size, Y: at.Y - size}})
}

// label is a label at the right end of a curve.
type label struct {
	text  string
	index int // of the curve
	y     float64
}

// labelSpace returns the width that the labels of curves need.
func labelSpace(curves []*curve) float64 {
	if len(curves) > maxLabels {
		return 4
	}
	widest := 0.0
	for _, l := range curves {
		widest = max(widest, drawing.TextWidth(shortened(l.Label), fontSize))
	}
	return widest + 8
}

// maxLabels is how many curves are labelled; with more, only the legend names them.
const maxLabels = 6

// shortened limits the width of a label.
func shortened(label string) string {
	const maxLength = 17
	letters := []rune(label)
	if len(letters) <= maxLength {
		return label
	}
	return string(letters[:maxLength-1]) + "…"
}

// curveLabels writes labels at the ends of curves, moved apart where they would overlap.
func (p *subplot) curveLabels(all []label) {
	if len(all) > maxLabels {
		return
	}
	const distance = 13
	slices.SortStableFunc(all, func(a, b label) int {
		if a.y < b.y {
			return -1
		}
		return 1
	})
	for i := 1; i < len(all); i++ {
		all[i].y = max(all[i].y, all[i-1].y+distance)
	}
	for i := len(all) - 1; i >= 0; i-- {
		limit := p.bottom
		if i < len(all)-1 {
			limit = all[i+1].y - distance
		}
		all[i].y = min(all[i].y, limit)
	}
	for _, one := range all {
		p.Text(drawing.TextStyle{Size: fontSize, Colour: colour(one.index), Group: groupOf(one.index)},
			drawing.Point{X: p.right + 6, Y: one.y + 4}, shortened(one.text))
	}
}
