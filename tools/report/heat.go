package main

import (
	"fmt"
	"math"

	"github.com/LMCache/LMBench/tools/results/drawing"
)

// heatMap shows sessions from top to bottom by turn: where the engine keeps what it
// has computed of a conversation, later turns stay as light as the first is dark.
func heatMap(run *measured) *panel {
	h := &run.sample.sessions
	least, most := math.Inf(1), 0.0
	for _, row := range h.rows {
		for _, v := range row.cells {
			if v > 0 {
				least, most = min(least, v), max(most, v)
			}
		}
	}
	tall := min(max(8, 260/float64(len(h.rows))), 18)
	wide := min(max(5, 480/float64(h.turns)), 44)
	p := newPanel(wideWidth, 32+tall*float64(len(h.rows))+62, "TTFT by session and turn", "TTFT by session and turn of "+run.name(), 0, false)
	p.left = 96
	p.top += 6
	p.bottom = p.top + tall*float64(len(h.rows))
	shades := shadesOf(least, most)
	cells := make([][][]drawing.Point, len(shades.limits)+1)
	for i, row := range h.rows {
		for turn, v := range row.cells {
			if math.IsNaN(v) {
				continue
			}
			class := shades.class(v)
			cells[class] = append(cells[class], drawing.Rectangle(p.left+float64(turn)*wide, p.top+float64(i)*tall, wide-1, tall-1))
		}
		if tall >= 11 || i%2 == 0 {
			p.Text(drawing.Lettering{Size: 10, Colour: "muted", Anchor: drawing.End}, drawing.Point{X: p.left - 6, Y: p.top + (float64(i)+0.5)*tall + 3.5}, row.label)
		}
	}
	for class, of := range cells {
		if len(of) > 0 {
			p.Area(drawing.Style{Fill: shade(class), Title: shades.name(class)}, of...)
		}
	}
	every := max(1, int(math.Ceil(22/wide)))
	for turn := 0; turn < h.turns; turn += every {
		p.Text(drawing.Lettering{Size: words, Colour: "muted", Anchor: drawing.Middle}, drawing.Point{X: p.left + (float64(turn)+0.5)*wide - 0.5, Y: p.bottom + 14}, fmt.Sprint(turn+1))
	}
	p.Text(drawing.Lettering{Size: words, Colour: "muted", Anchor: drawing.End}, drawing.Point{X: p.left - 6, Y: p.bottom + 14}, "turn")
	p.Text(drawing.Lettering{Size: words, Colour: "muted", Anchor: drawing.End}, drawing.Point{X: p.left - 6, Y: p.top - 4}, "session")
	shades.legend(p, p.left, p.bottom+28)
	return p
}

// shades are classes of latencies, equally wide on a logarithmic scale.
type shades struct {
	least, most float64
	limits      []float64 // upper ones of all classes but the last
}

const tones = 8

func shadesOf(least, most float64) shades {
	s := shades{least: least, most: most}
	if most <= least {
		return s
	}
	for i := 1; i < tones; i++ {
		s.limits = append(s.limits, least*math.Pow(most/least, float64(i)/tones))
	}
	return s
}

func (s *shades) class(v float64) int {
	for i, limit := range s.limits {
		if v < limit {
			return i
		}
	}
	return len(s.limits)
}

func shade(class int) drawing.Colour { return drawing.Colour(fmt.Sprintf("h%d", class)) }

func (s *shades) name(class int) string {
	low, high := s.least, s.most
	if class > 0 {
		low = s.limits[class-1]
	}
	if class < len(s.limits) {
		high = s.limits[class]
	}
	return duration(low) + " to " + duration(high)
}

// legend is the scale.
func (s *shades) legend(p *panel, x, y float64) {
	const wide, tall = 34.0, 9.0
	for class := range len(s.limits) + 1 {
		p.Area(drawing.Style{Fill: shade(class), Title: s.name(class)}, drawing.Rectangle(x+float64(class)*wide, y, wide-1, tall))
	}
	end := x + wide*float64(len(s.limits)+1)
	label := drawing.Lettering{Size: words, Colour: "muted"}
	p.Text(label, drawing.Point{X: x, Y: y + 22}, duration(s.least))
	label.Anchor = drawing.End
	p.Text(label, drawing.Point{X: end, Y: y + 22}, duration(s.most))
}

func heats(w *workload, id string) (plot, bool) {
	p := plot{ID: id + "-sessions", Title: "TTFT of sessions, turn by turn", Choose: "run",
		Caption: "A row is a session, or the median of several that began one after the other; a column is a turn. Rows that stay light after the first turn are prompts the engine had kept."}
	for _, run := range newestFirst(w) {
		if run.sample == nil || len(run.sample.sessions.rows) == 0 {
			continue
		}
		h := &run.sample.sessions
		v := view{Name: run.name(), Panels: []*panel{heatMap(run)}, Wide: true, file: slug(run.Stem()) + "-sessions", Table: table{Columns: []string{"session"}}}
		for turn := range h.turns {
			v.Table.Columns = append(v.Table.Columns, fmt.Sprintf("turn %d ms", turn+1))
		}
		for _, line := range h.rows {
			cells := []string{line.label}
			for _, v := range line.cells {
				cells = append(cells, figure(v, 1))
			}
			v.Table.Rows = append(v.Table.Rows, row{-1, cells})
		}
		p.Views = append(p.Views, v)
	}
	return p, len(p.Views) > 0
}
