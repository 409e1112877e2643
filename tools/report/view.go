package main

import "github.com/LMCache/LMBench/tools/results/drawing"

// view is what a figure shows of one run or one rate; the reader chooses between views.
type view struct {
	Name     string
	Subplots []*subplot
	Wide     bool // subplots stand one above the other
	Table    table
	file     string // name of the PNG without its extension
}

// table shows the numbers of a view.
type table struct {
	Columns []string
	Rows    []row
}

// row is a row of a table. Index is that of its curve, or -1.
type row struct {
	Index int
	Cells []string
}

// picture combines a view's subplots into one picture with a legend.
func (v *view) picture(title string, curves []*curve) *drawing.Drawing {
	columns := 2
	if v.Wide || len(v.Subplots) == 1 {
		columns = 1
	}
	const gap = 16.0
	combined := &drawing.Drawing{Width: gap + float64(columns)*(v.Subplots[0].Width+gap)}
	y := gap + 14
	combined.Text(drawing.TextStyle{Size: 15, Colour: "ink", Bold: true}, drawing.Point{X: gap, Y: y}, title)
	y += 12
	if !v.Wide && len(curves) > 1 {
		y = legend(combined, curves, gap, y+8)
	}
	for from := 0; from < len(v.Subplots); from += columns {
		height := 0.0
		for i, p := range v.Subplots[from:min(from+columns, len(v.Subplots))] {
			combined.Place(&p.Drawing, drawing.Point{X: gap + float64(i)*(p.Width+gap), Y: y + 8})
			height = max(height, p.Height)
		}
		y += height + 8
	}
	combined.Height = y + gap
	return combined
}

// legend draws the names and colours of the curves and returns its lower end.
func legend(d *drawing.Drawing, curves []*curve, left, y float64) float64 {
	x := left
	for _, l := range curves {
		width := 22 + drawing.TextWidth(l.Label, fontSize) + 18
		if x > left && x+width > d.Width-left {
			x, y = left, y+16
		}
		d.Line(drawing.Style{Stroke: colour(l.Index), Width: 2.4, Dash: dash(l.Index)}, drawing.Point{X: x, Y: y}, drawing.Point{X: x + 16, Y: y})
		d.Text(drawing.TextStyle{Size: fontSize, Colour: "ink"}, drawing.Point{X: x + 22, Y: y + 4}, l.Label)
		x += width
	}
	return y + 12
}
