package main

import (
	"fmt"
	"math"

	"github.com/LMCache/LMBench/tools/results/drawing"
	"github.com/LMCache/LMBench/tools/results/format"
)

// heatmapSubplot draws the TTFT of sessions by turn. If the engine caches the prefix of a
// conversation, turns after the first are lighter.
func heatmapSubplot(m *measurement) *subplot {
	h := &m.sample.sessions
	smallest, largest := math.Inf(1), 0.0
	for _, row := range h.rows {
		for _, v := range row.cells {
			if v > 0 {
				smallest, largest = min(smallest, v), max(largest, v)
			}
		}
	}
	height := min(max(8, 260/float64(len(h.rows))), 18)
	width := min(max(5, 480/float64(h.turns)), 44)
	p := newSubplot(trackWidth, 32+height*float64(len(h.rows))+62, "TTFT by session and turn", "TTFT by session and turn of "+m.name(), 0, false)
	p.left = 96
	p.top += 6
	p.bottom = p.top + height*float64(len(h.rows))
	scale := newColourScale(smallest, largest)
	cells := make([][][]drawing.Point, len(scale.limits)+1)
	for i, row := range h.rows {
		for turn, v := range row.cells {
			if math.IsNaN(v) {
				continue
			}
			class := scale.class(v)
			cells[class] = append(cells[class], drawing.Rectangle(p.left+float64(turn)*width, p.top+float64(i)*height, width-1, height-1))
		}
		if height >= 11 || i%2 == 0 {
			p.Text(drawing.TextStyle{Size: 10, Colour: "muted", Anchor: drawing.End}, drawing.Point{X: p.left - 6, Y: p.top + (float64(i)+0.5)*height + 3.5}, row.label)
		}
	}
	for class, rectangles := range cells {
		if len(rectangles) > 0 {
			p.Area(drawing.Style{Fill: shade(class), Title: scale.name(class)}, rectangles...)
		}
	}
	every := max(1, int(math.Ceil(22/width)))
	for turn := 0; turn < h.turns; turn += every {
		p.Text(drawing.TextStyle{Size: fontSize, Colour: "muted", Anchor: drawing.Middle}, drawing.Point{X: p.left + (float64(turn)+0.5)*width - 0.5, Y: p.bottom + 14}, fmt.Sprint(turn+1))
	}
	p.Text(drawing.TextStyle{Size: fontSize, Colour: "muted", Anchor: drawing.End}, drawing.Point{X: p.left - 6, Y: p.bottom + 14}, "turn")
	p.Text(drawing.TextStyle{Size: fontSize, Colour: "muted", Anchor: drawing.End}, drawing.Point{X: p.left - 6, Y: p.top - 4}, "session")
	scale.legend(p, p.left, p.bottom+28)
	return p
}

// colourScale divides latencies into classes of equal width on a logarithmic scale.
type colourScale struct {
	smallest, largest float64
	limits            []float64 // upper limits of all classes but the last
}

const numColours = 8

func newColourScale(smallest, largest float64) colourScale {
	s := colourScale{smallest: smallest, largest: largest}
	if largest <= smallest {
		return s
	}
	for i := 1; i < numColours; i++ {
		s.limits = append(s.limits, smallest*math.Pow(largest/smallest, float64(i)/numColours))
	}
	return s
}

// class returns the index of the class that a latency belongs to.
func (s *colourScale) class(v float64) int {
	for i, limit := range s.limits {
		if v < limit {
			return i
		}
	}
	return len(s.limits)
}

func shade(class int) drawing.Colour { return drawing.Colour(fmt.Sprintf("h%d", class)) }

// name returns the range of a class.
func (s *colourScale) name(class int) string {
	low, high := s.smallest, s.largest
	if class > 0 {
		low = s.limits[class-1]
	}
	if class < len(s.limits) {
		high = s.limits[class]
	}
	return format.Milliseconds(low) + " to " + format.Milliseconds(high)
}

// legend draws the scale.
func (s *colourScale) legend(p *subplot, x, y float64) {
	const width, height = 34.0, 9.0
	for class := range len(s.limits) + 1 {
		p.Area(drawing.Style{Fill: shade(class), Title: s.name(class)}, drawing.Rectangle(x+float64(class)*width, y, width-1, height))
	}
	end := x + width*float64(len(s.limits)+1)
	style := drawing.TextStyle{Size: fontSize, Colour: "muted"}
	p.Text(style, drawing.Point{X: x, Y: y + 22}, format.Milliseconds(s.smallest))
	style.Anchor = drawing.End
	p.Text(style, drawing.Point{X: end, Y: y + 22}, format.Milliseconds(s.largest))
}

// heatmapFigure shows the sessions of each run with more than one turn.
func heatmapFigure(w *workload, id string) (figure, bool) {
	f := figure{ID: id + "-sessions", Title: "TTFT by session and turn", Choose: "run",
		Caption: "Each row is a session, or the median of several sessions that started one after the other; each column is a turn. If turns after the first are lighter, the engine reused cached prefixes."}
	for _, m := range latestFirst(w) {
		if m.sample == nil || len(m.sample.sessions.rows) == 0 {
			continue
		}
		h := &m.sample.sessions
		v := view{Name: m.name(), Subplots: []*subplot{heatmapSubplot(m)}, Wide: true, file: slug(m.Stem()) + "-sessions", Table: table{Columns: []string{"session"}}}
		for turn := range h.turns {
			v.Table.Columns = append(v.Table.Columns, fmt.Sprintf("turn %d ms", turn+1))
		}
		for _, r := range h.rows {
			cells := []string{r.label}
			for _, ttft := range r.cells {
				cells = append(cells, format.Fixed(ttft, 1))
			}
			v.Table.Rows = append(v.Table.Rows, row{-1, cells})
		}
		f.Views = append(f.Views, v)
	}
	return f, len(f.Views) > 0
}
