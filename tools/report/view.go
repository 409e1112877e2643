package main

import "github.com/LMCache/LMBench/tools/results/drawing"

// view is what a figure shows of one run or one rate.
type view struct {
	Name   string
	Panels []*panel
	Wide   bool // panels stand one above the other
	Table  table
	file   string // of the PNG, without its ending; empty: none
}

// table is the numbers of a view.
type table struct {
	Columns []string
	Rows    []row
}

// row belongs to a series, or to none (-1).
type row struct {
	Series int
	Cells  []string
}

// asOne puts a view's panels into one picture, with a legend.
func (v *view) asOne(title string, lines []*line) *drawing.Drawing {
	columns := 2
	if v.Wide || len(v.Panels) == 1 {
		columns = 1
	}
	const gap = 16.0
	picture := &drawing.Drawing{Width: gap + float64(columns)*(v.Panels[0].Width+gap)}
	y := gap + 14
	picture.Text(drawing.Lettering{Size: 15, Colour: "ink", Bold: true}, drawing.Point{X: gap, Y: y}, title)
	y += 12
	if !v.Wide && len(lines) > 1 {
		y = legend(picture, lines, gap, y+8)
	}
	for from := 0; from < len(v.Panels); from += columns {
		tall := 0.0
		for i, p := range v.Panels[from:min(from+columns, len(v.Panels))] {
			picture.Place(&p.Drawing, drawing.Point{X: gap + float64(i)*(p.Width+gap), Y: y + 8})
			tall = max(tall, p.Height)
		}
		y += tall + 8
	}
	picture.Height = y + gap
	return picture
}

// legend names the lines by colour and returns where it ends.
func legend(d *drawing.Drawing, lines []*line, left, y float64) float64 {
	x := left
	for _, l := range lines {
		wide := 22 + drawing.Width(l.Label, words) + 18
		if x > left && x+wide > d.Width-left {
			x, y = left, y+16
		}
		d.Line(drawing.Style{Stroke: colour(l.Series), Width: 2.4, Dash: dash(l.Series)}, drawing.Point{X: x, Y: y}, drawing.Point{X: x + 16, Y: y})
		d.Text(drawing.Lettering{Size: words, Colour: "ink"}, drawing.Point{X: x + 22, Y: y + 4}, l.Label)
		x += wide
	}
	return y + 12
}
