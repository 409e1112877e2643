package drawing

import (
	"bytes"
	"html"
	"math"
	"strconv"
)

// AppendSVG appends the picture as an svg element for a page that defines each colour as
// a CSS variable: --ink for "ink".
func (d *Drawing) AppendSVG(to []byte) []byte {
	w := svg{to}
	w.text(`<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 `)
	w.number(d.Width)
	w.text(" ")
	w.number(d.Height)
	w.text(`" aria-label="`)
	w.escape(d.Label)
	w.text("\">\n")
	group := ""
	for i := range d.items {
		shape := &d.items[i]
		if shape.Group() != group {
			if group != "" {
				w.text("</g>\n")
			}
			if group = shape.Group(); group != "" {
				w.attribute("<g class", group)
				w.text(">\n")
			}
		}
		w.item(shape)
	}
	if group != "" {
		w.text("</g>\n")
	}
	w.text("</svg>\n")
	return w.out
}

// Group returns the group of a shape or a text.
func (i *item) Group() string { return i.Style.Group }

// svg is a buffer for SVG text.
type svg struct{ out []byte }

func (w *svg) text(s string)   { w.out = append(w.out, s...) }
func (w *svg) escape(s string) { w.text(html.EscapeString(s)) }

// number writes a number rounded to a tenth of a pixel.
func (w *svg) number(v float64) {
	w.out = strconv.AppendFloat(w.out, math.Round(v*10)/10, 'f', -1, 64)
}

func (w *svg) attribute(name, value string) {
	w.text(name)
	w.text(`="`)
	w.escape(value)
	w.text(`"`)
}

func (w *svg) measure(name string, v float64) {
	w.text(name)
	w.text(`="`)
	w.number(v)
	w.text(`"`)
}

func (w *svg) item(i *item) {
	tag := "path"
	switch {
	case i.text != "":
		w.textItem(i)
		return
	case i.radius > 0:
		tag = "circle"
		w.measure("<circle cx", i.lines[0][0].X)
		w.measure(" cy", i.lines[0][0].Y)
		w.measure(" r", i.radius)
	default:
		w.text(`<path d="`)
		w.path(i.lines, i.closed)
		w.text(`"`)
	}
	w.style(&i.Style)
	if i.Title == "" {
		w.text("/>\n")
		return
	}
	w.text("><title>")
	w.escape(i.Title)
	w.text("</title></")
	w.text(tag)
	w.text(">\n")
}

func (w *svg) style(s *Style) {
	w.colour(" fill", s.Fill)
	if s.Stroke != "" {
		w.colour(" stroke", s.Stroke)
		w.measure(" stroke-width", s.width())
		w.text(` stroke-linejoin="round"`)
	}
	if len(s.Dash) > 0 {
		w.text(` stroke-dasharray="`)
		for i, length := range s.Dash {
			if i > 0 {
				w.text(" ")
			}
			w.number(length)
		}
		w.text(`"`)
	}
	if s.opacity() < 1 {
		w.text(` opacity="`)
		w.out = strconv.AppendFloat(w.out, s.Opacity, 'f', -1, 64)
		w.text(`"`)
	}
}

func (w *svg) colour(name string, c Colour) {
	if c == "" {
		w.attribute(name, "none")
		return
	}
	w.attribute(name, "var(--"+string(c)+")")
}

// path writes relative coordinates, which are shorter than absolute ones.
func (w *svg) path(lines [][]Point, closed bool) {
	for _, line := range lines {
		at := Point{}
		for i, p := range line {
			p = Point{math.Round(p.X*10) / 10, math.Round(p.Y*10) / 10}
			switch i {
			case 0:
				w.text("M")
			case 1:
				w.text("l")
			default:
				w.text(" ")
			}
			w.number(p.X - at.X)
			w.text(" ")
			w.number(p.Y - at.Y)
			at = p
		}
		if closed {
			w.text("z")
		}
	}
}

func (w *svg) textItem(i *item) {
	at := i.lines[0][0]
	w.measure("<text x", at.X)
	w.measure(" y", at.Y)
	w.measure(" font-size", i.Size)
	w.colour(" fill", i.Colour)
	if i.Anchor != Start {
		w.attribute(" text-anchor", [...]string{Middle: "middle", End: "end"}[i.Anchor])
	}
	if i.Bold {
		w.attribute(" font-weight", "600")
	}
	if i.Vertical {
		var rotate bytes.Buffer
		rotate.WriteString("rotate(-90 ")
		rotate.WriteString(strconv.FormatFloat(math.Round(at.X*10)/10, 'f', -1, 64) + " ")
		rotate.WriteString(strconv.FormatFloat(math.Round(at.Y*10)/10, 'f', -1, 64) + ")")
		w.attribute(" transform", rotate.String())
	}
	w.text(">")
	w.escape(i.text)
	w.text("</text>\n")
}
