package main

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"github.com/LMCache/LMBench/tools/results/drawing"
)

// Colours of a page; page.css has the same roles for light and dark. The series are
// Okabe and Ito's, which those who see fewer colours can tell apart, in an order
// that keeps neighbours far from each other; grey before yellow, which paper loses.
var palette = drawing.Palette{
	"ground": rgb(0xffffff), "ink": rgb(0x1d2126), "muted": rgb(0x5c656f), "grid": rgb(0xe4e7ea), "bad": rgb(0xc0261c),
	"c0": rgb(0x0072b2), "c1": rgb(0xd55e00), "c2": rgb(0x009e73), "c3": rgb(0xb8559a),
	"c4": rgb(0x56b4e9), "c5": rgb(0xb07d00), "c6": rgb(0x6b7280), "c7": rgb(0x4b3f9e),
	"h0": rgb(0xe3eef9), "h1": rgb(0xc3daee), "h2": rgb(0x97c3df), "h3": rgb(0x66a8cf), "h4": rgb(0x3d8bbd), "h5": rgb(0x1f6ca5), "h6": rgb(0x0b4f87), "h7": rgb(0x083360),
}

func rgb(v uint32) color.RGBA {
	return color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

// hues are how many colours series have; after them they come again, dashed.
const hues = 8

func colour(series int) drawing.Colour { return drawing.Colour(fmt.Sprintf("c%d", series%hues)) }

func dash(series int) []float64 {
	if series%(2*hues) >= hues {
		return []float64{7, 4}
	}
	return nil
}

// groupOf is the class by which a series is hidden.
func groupOf(series int) string { return fmt.Sprintf("s%d", series) }

const (
	words  = 11.5 // size of letters
	margin = 46.0 // left of a plot, for numbers
)

// panel is one plot: a frame with axes, and what is drawn in it.
type panel struct {
	drawing.Drawing
	x, y   axis
	left   float64
	top    float64
	right  float64
	bottom float64
	lane   float64 // middle of the lane for what failed; 0: none
}

// newPanel has its axes' pixels set, not their values. Room is left on the right for
// names of that width.
func newPanel(width, height float64, title, label string, names float64, lane bool) *panel {
	p := &panel{Drawing: drawing.Drawing{Width: width, Height: height, Label: label},
		left: margin, top: 26, right: width - 10 - names, bottom: height - 34}
	p.Text(drawing.Lettering{Size: 12.5, Colour: "ink", Bold: true}, drawing.Point{X: 2, Y: 13}, title)
	if lane {
		p.lane = p.top + 5
		p.top += 24
	}
	return p
}

// frame draws ticks and lines; unit divides the y values shown.
func (p *panel) frame(below string, unit float64) {
	for _, v := range p.y.ticks(5) {
		y := p.y.at(v)
		p.Line(drawing.Style{Stroke: "grid"}, drawing.Point{X: p.left, Y: y}, drawing.Point{X: p.right, Y: y})
		p.Text(drawing.Lettering{Size: words, Colour: "muted", Anchor: drawing.End}, drawing.Point{X: p.left - 6, Y: y + 4}, short(v/unit))
	}
	last := math.Inf(-1)
	for _, v := range p.x.ticks(6) {
		x, text := p.x.at(v), short(v)
		p.Line(drawing.Style{Stroke: "muted"}, drawing.Point{X: x, Y: p.bottom}, drawing.Point{X: x, Y: p.bottom + 4})
		if half := drawing.Width(text, words) / 2; x-half > last+4 {
			p.Text(drawing.Lettering{Size: words, Colour: "muted", Anchor: drawing.Middle}, drawing.Point{X: x, Y: p.bottom + 16}, text)
			last = x + half
		}
	}
	p.Line(drawing.Style{Stroke: "muted"}, drawing.Point{X: p.left, Y: p.bottom}, drawing.Point{X: p.right, Y: p.bottom})
	p.Text(drawing.Lettering{Size: words, Colour: "muted", Anchor: drawing.Middle}, drawing.Point{X: (p.left + p.right) / 2, Y: p.bottom + 31}, below)
	if p.lane > 0 {
		p.Text(drawing.Lettering{Size: 10, Colour: "bad", Anchor: drawing.End}, drawing.Point{X: p.left - 6, Y: p.lane + 3.5}, "failed")
		p.Line(drawing.Style{Stroke: "grid"}, drawing.Point{X: p.left, Y: p.lane + 8}, drawing.Point{X: p.right, Y: p.lane + 8})
	}
}

// cross marks what failed.
func (p *panel) cross(s drawing.Style, at drawing.Point, size float64) {
	s.Width = 1.6
	p.Lines(s, []drawing.Point{{X: at.X - size, Y: at.Y - size}, {X: at.X + size, Y: at.Y + size}},
		[]drawing.Point{{X: at.X - size, Y: at.Y + size}, {X: at.X + size, Y: at.Y - size}})
}

// name is a word at the end of a curve.
type name struct {
	text   string
	series int
	y      float64
}

// roomFor is how wide names of lines may get.
func roomFor(lines []*line) float64 {
	if len(lines) > mostNames {
		return 4
	}
	widest := 0.0
	for _, l := range lines {
		widest = max(widest, drawing.Width(shortened(l.Label), words))
	}
	return widest + 8
}

// mostNames at the ends of curves; more are told by the legend alone.
const mostNames = 6

// shortened keeps a plot from being all name.
func shortened(label string) string {
	const most = 17
	letters := []rune(label)
	if len(letters) <= most {
		return label
	}
	return string(letters[:most-1]) + "…"
}

// names are written beside the curves' ends, moved apart where they would overlap.
func (p *panel) names(all []name) {
	if len(all) > mostNames {
		return
	}
	const apart = 13
	slices.SortStableFunc(all, func(a, b name) int {
		if a.y < b.y {
			return -1
		}
		return 1
	})
	for i := 1; i < len(all); i++ {
		all[i].y = max(all[i].y, all[i-1].y+apart)
	}
	for i := len(all) - 1; i >= 0; i-- {
		limit := p.bottom
		if i < len(all)-1 {
			limit = all[i+1].y - apart
		}
		all[i].y = min(all[i].y, limit)
	}
	for _, one := range all {
		p.Text(drawing.Lettering{Size: words, Colour: colour(one.series), Group: groupOf(one.series)},
			drawing.Point{X: p.right + 6, Y: one.y + 4}, shortened(one.text))
	}
}
