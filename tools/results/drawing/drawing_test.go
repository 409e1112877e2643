package drawing

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

var palette = Palette{"ground": {255, 255, 255, 255}, "ink": {0, 0, 0, 255}, "red": {255, 0, 0, 255}}

// picture returns a drawing with each kind of shape.
func picture() *Drawing {
	d := &Drawing{Width: 100, Height: 60, Label: `less < & "more"`}
	d.Area(Style{Fill: "red", Group: "s1", Title: "a <hole>"}, Rectangle(10, 10, 20, 20), Rectangle(40, 10, 20, 20))
	d.Line(Style{Stroke: "ink", Width: 4, Group: "s1"}, Point{0, 50}, Point{100, 50})
	d.Line(Style{Stroke: "ink", Dash: []float64{5, 5}}, Point{0, 5}, Point{100, 5})
	d.Circle(Style{Fill: "ground", Stroke: "ink", Opacity: 0.5}, Point{80, 20}, 8)
	d.Text(TextStyle{Size: 10, Colour: "ink", Anchor: End, Bold: true}, Point{98, 44}, "p50 < p99")
	d.Text(TextStyle{Size: 10, Colour: "ink", Anchor: Middle, Vertical: true}, Point{8, 30}, "ms")
	return d
}

func TestSVG(t *testing.T) {
	got := picture().AppendSVG(nil)
	workloadtest.Golden(t, "picture.svg", string(got))
	for tokens := xml.NewDecoder(bytes.NewReader(got)); ; {
		if _, err := tokens.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("invalid XML: %v", err)
		}
	}
}

func TestPNG(t *testing.T) {
	var file bytes.Buffer
	if err := picture().WritePNG(&file, palette, "ground", 2); err != nil {
		t.Fatal(err)
	}
	image, err := png.Decode(&file)
	if err != nil {
		t.Fatal(err)
	}
	if size := image.Bounds().Size(); size.X != 200 || size.Y != 120 {
		t.Fatalf("size %v, want 200×120: scale 2", size)
	}
	for _, test := range []struct {
		why  string
		x, y float64
		want color.RGBA
	}{
		{"inside the first rectangle", 20, 20, palette["red"]},
		{"inside the second rectangle", 50, 20, palette["red"]},
		{"between the rectangles", 35, 20, palette["ground"]},
		{"on the thick line", 50, 50.5, palette["ink"]},
		{"beside the line", 50, 53, palette["ground"]},
		{"on a dash", 2.5, 5, palette["ink"]},
		{"in the gap after the dash", 7.5, 5, palette["ground"]},
	} {
		r, g, b, _ := image.At(int(test.x*2), int(test.y*2)).RGBA()
		if got := (color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}); got != test.want {
			t.Errorf("%s: %v, want %v", test.why, got, test.want)
		}
	}
	dark := 0
	for x := 130; x < 198; x++ {
		for y := 70; y < 90; y++ {
			if r, _, _, _ := image.At(x, y).RGBA(); r < 0x8000 {
				dark++
			}
		}
	}
	if dark < 50 {
		t.Errorf("%d dark pixels in the area of the text, want at least 50", dark)
	}
}

func TestPNGUnknownColour(t *testing.T) {
	d := &Drawing{Width: 1, Height: 1}
	d.Line(Style{Stroke: "mauve"}, Point{}, Point{1, 1})
	if err := d.WritePNG(io.Discard, palette, "ground", 1); err == nil || !strings.Contains(err.Error(), "mauve") {
		t.Errorf("error %v, want one that names mauve", err)
	}
}

// Outlines of a stroke must have the same direction: then overlaps are painted once, and
// a translucent line has no dark joints.
func TestStrokeOutlinesHaveSameDirection(t *testing.T) {
	zigzag := []Point{{0, 0}, {10, 10}, {20, 0}, {5, -3}, {5, 20}}
	for i, outline := range stroke([][]Point{zigzag}, false, 3, nil) {
		area := 0.0
		for k, p := range outline {
			next := outline[(k+1)%len(outline)]
			area += p.X*next.Y - next.X*p.Y
		}
		if area <= 0 {
			t.Errorf("outline %d has the opposite direction", i)
		}
	}
}

func TestDashesCoverHalfOfLine(t *testing.T) {
	total := 0.0
	for _, piece := range cutDashes([]Point{{0, 0}, {33, 0}, {33, 67}}, []float64{5, 5}) {
		for i := 1; i < len(piece); i++ {
			total += math.Hypot(piece[i].X-piece[i-1].X, piece[i].Y-piece[i-1].Y)
		}
	}
	if math.Abs(total-50) > 1e-9 {
		t.Errorf("dashes cover %g of 100, want 50", total)
	}
}
