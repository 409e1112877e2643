// Package drawing is a picture of lines, areas and words, which can be written as
// SVG for a page and as PNG for everything else.
//
// Both come from the same shapes, so that a figure cannot differ from its picture.
// Colours are roles, not values: in SVG they are CSS variables, which a page sets
// for light and dark; in PNG a palette gives them.
//
// SVG by hand, because a page that opens from disk may load nothing, must let its
// reader hide a curve, and must follow light and dark: with a charting library in
// the browser that is a megabyte of script, and gonum/plot's SVG has its colours
// and fonts fixed (and adds 7 MB to the binary). What is left to a library is what
// one should not write again: filling outlines without stairs, and fonts
// (golang.org/x/image).
package drawing

import "math"

// Colour is the name of a role, as "ink" or "series-0"; empty is none.
type Colour string

// Point is in pixels from the upper left corner.
type Point struct{ X, Y float64 }

// Style is how a shape looks.
type Style struct {
	Fill, Stroke Colour
	Width        float64   // of the stroke; 0 is 1
	Dash         []float64 // lengths drawn and left out in turn
	Opacity      float64   // 0 is opaque
	Group        string    // class in SVG, by which a page hides and shows what belongs together
	Title        string    // told where the pointer rests
}

// Lettering is how words look.
type Lettering struct {
	Size   float64
	Colour Colour
	Anchor Anchor
	Bold   bool
	Upward bool // turned left by a quarter, around its anchor
	Group  string
}

// Anchor is the part of a text that lies at its point.
type Anchor int

// Where a text has its point.
const (
	Start Anchor = iota
	Middle
	End
)

// Drawing is shapes, the later ones above.
type Drawing struct {
	Width, Height float64
	Label         string // says what is seen to those who cannot see it
	items         []item
}

// item is an outline, a circle or a text.
type item struct {
	lines  [][]Point // one shape, perhaps of several pieces
	closed bool
	radius float64 // > 0: a circle around lines[0][0]
	text   string
	Style
	Lettering
}

// Line is an open line.
func (d *Drawing) Line(s Style, points ...Point) { d.Lines(s, points) }

// Lines are open lines that make one shape.
func (d *Drawing) Lines(s Style, lines ...[]Point) {
	d.items = append(d.items, item{lines: lines, Style: s})
}

// Area is what closed outlines enclose; they must not overlap.
func (d *Drawing) Area(s Style, outlines ...[]Point) {
	d.items = append(d.items, item{lines: outlines, closed: true, Style: s})
}

// Rectangle is its outline.
func Rectangle(x, y, width, height float64) []Point {
	return []Point{{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}}
}

// Circle is a disc or a ring.
func (d *Drawing) Circle(s Style, center Point, radius float64) {
	d.items = append(d.items, item{lines: [][]Point{{center}}, closed: true, radius: radius, Style: s})
}

// Text is one line of words; y is its baseline.
func (d *Drawing) Text(l Lettering, at Point, text string) {
	d.items = append(d.items, item{lines: [][]Point{{at}}, text: text, Style: Style{Group: l.Group}, Lettering: l})
}

// Place puts another drawing's shapes in, moved and without its groups.
func (d *Drawing) Place(other *Drawing, by Point) {
	for _, one := range other.items {
		lines := make([][]Point, len(one.lines))
		for i, line := range one.lines {
			lines[i] = make([]Point, len(line))
			for k, p := range line {
				lines[i][k] = Point{p.X + by.X, p.Y + by.Y}
			}
		}
		one.lines = lines
		d.items = append(d.items, one)
	}
}

// width of the stroke.
func (s *Style) width() float64 {
	if s.Width == 0 {
		return 1
	}
	return s.Width
}

// opacity from 0 to 1.
func (s *Style) opacity() float64 {
	if s.Opacity == 0 {
		return 1
	}
	return s.Opacity
}

// around is a circle as a polygon that differs from it by less than a tenth of a pixel.
func around(center Point, radius float64) []Point {
	corners := max(8, int(math.Ceil(math.Pi/math.Acos(1-0.1/max(radius, 0.2)))))
	outline := make([]Point, corners)
	for i := range outline {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(corners))
		outline[i] = Point{center.X + radius*cos, center.Y + radius*sin}
	}
	return outline
}
