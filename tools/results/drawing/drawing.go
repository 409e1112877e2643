// Package drawing renders pictures of lines, areas and text as SVG and as PNG.
//
// Both formats are written from the same shapes, so that they cannot differ. Colours are
// roles: CSS variables in SVG, which a page sets for light and dark mode, and entries of a
// palette in PNG.
//
// The SVG is written here because a page that is opened from disk can load nothing else,
// must let its reader hide curves and must follow light and dark mode. A charting library
// in the browser would add a megabyte of script; gonum/plot fixes colours and fonts in its
// SVG and adds 7 MB to the binary. Rasterizing and fonts come from golang.org/x/image.
package drawing

import "math"

// Colour is the name of a role, such as "ink". The empty Colour draws nothing.
type Colour string

// Point is a position in pixels from the upper left corner.
type Point struct{ X, Y float64 }

// Style is the appearance of a shape.
type Style struct {
	Fill, Stroke Colour
	Width        float64   // of the stroke; 0 means 1
	Dash         []float64 // alternating lengths of dashes and gaps
	Opacity      float64   // 0 means opaque
	Group        string    // CSS class in SVG, by which a page shows and hides shapes
	Title        string    // tooltip in SVG
}

// TextStyle is the appearance of a text.
type TextStyle struct {
	Size     float64
	Colour   Colour
	Anchor   Anchor
	Bold     bool
	Vertical bool // rotated by 90° to the left around its anchor
	Group    string
}

// Anchor is the part of a text that lies at its point.
type Anchor int

// The start, the middle or the end of the text lies at its point.
const (
	Start Anchor = iota
	Middle
	End
)

// Drawing is a list of shapes. Later shapes cover earlier ones.
type Drawing struct {
	Width, Height float64
	Label         string // description for screen readers
	items         []item
}

// item is a path, a circle or a text.
type item struct {
	lines  [][]Point // may consist of several pieces
	closed bool
	radius float64 // > 0: a circle around lines[0][0]
	text   string
	Style
	TextStyle
}

// Line draws a polyline.
func (d *Drawing) Line(s Style, points ...Point) { d.Lines(s, points) }

// Lines draws several polylines as one shape.
func (d *Drawing) Lines(s Style, lines ...[]Point) {
	d.items = append(d.items, item{lines: lines, Style: s})
}

// Area fills closed outlines, which must not overlap.
func (d *Drawing) Area(s Style, outlines ...[]Point) {
	d.items = append(d.items, item{lines: outlines, closed: true, Style: s})
}

// Rectangle returns the outline of a rectangle.
func Rectangle(x, y, width, height float64) []Point {
	return []Point{{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}}
}

// Circle draws a disc, a ring or both.
func (d *Drawing) Circle(s Style, center Point, radius float64) {
	d.items = append(d.items, item{lines: [][]Point{{center}}, closed: true, radius: radius, Style: s})
}

// Text draws one line of text. The y of the point is its baseline.
func (d *Drawing) Text(s TextStyle, at Point, text string) {
	d.items = append(d.items, item{lines: [][]Point{{at}}, text: text, Style: Style{Group: s.Group}, TextStyle: s})
}

// Place adds the shapes of another drawing, moved by an offset.
func (d *Drawing) Place(other *Drawing, by Point) {
	for _, shape := range other.items {
		lines := make([][]Point, len(shape.lines))
		for i, line := range shape.lines {
			lines[i] = make([]Point, len(line))
			for k, p := range line {
				lines[i][k] = Point{p.X + by.X, p.Y + by.Y}
			}
		}
		shape.lines = lines
		d.items = append(d.items, shape)
	}
}

// width returns the width of the stroke.
func (s *Style) width() float64 {
	if s.Width == 0 {
		return 1
	}
	return s.Width
}

// opacity returns the opacity from 0 to 1.
func (s *Style) opacity() float64 {
	if s.Opacity == 0 {
		return 1
	}
	return s.Opacity
}

// circle returns a polygon that differs from a circle by less than a tenth of a pixel.
func circle(center Point, radius float64) []Point {
	corners := max(8, int(math.Ceil(math.Pi/math.Acos(1-0.1/max(radius, 0.2)))))
	outline := make([]Point, corners)
	for i := range outline {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(corners))
		outline[i] = Point{center.X + radius*cos, center.Y + radius*sin}
	}
	return outline
}
