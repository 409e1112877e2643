package drawing

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/vector"
)

// Palette maps roles to colours.
type Palette map[Colour]color.RGBA

// WritePNG writes the picture on a background. One pixel of the drawing becomes scale
// pixels of the image.
func (d *Drawing) WritePNG(to io.Writer, palette Palette, background Colour, scale float64) error {
	canvas := &canvas{
		Image: image.NewRGBA(image.Rect(0, 0, int(math.Ceil(d.Width*scale)), int(math.Ceil(d.Height*scale)))),
		scale: scale,
	}
	value, known := palette[background]
	if !known {
		return fmt.Errorf("no colour %q in the palette", background)
	}
	draw.Draw(canvas.Image, canvas.Image.Rect, image.NewUniform(value), image.Point{}, draw.Src)
	for i := range d.items {
		if err := canvas.item(&d.items[i], palette); err != nil {
			return err
		}
	}
	return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(to, canvas.Image)
}

// canvas is an image being painted.
type canvas struct {
	Image *image.RGBA
	scale float64
	area  vector.Rasterizer
}

func (c *canvas) item(i *item, palette Palette) error {
	for _, colour := range []Colour{i.Fill, i.Stroke, i.Colour} {
		if _, known := palette[colour]; !known && colour != "" {
			return fmt.Errorf("no colour %q in the palette", colour)
		}
	}
	if i.text != "" {
		return c.text(i, palette[i.Colour])
	}
	outlines := i.lines
	if i.radius > 0 {
		outlines = [][]Point{circle(i.lines[0][0], i.radius)}
	}
	if i.Fill != "" {
		c.fill(outlines, palette[i.Fill], i.opacity())
	}
	if i.Stroke != "" {
		c.fill(stroke(outlines, i.closed, i.width(), i.Dash), palette[i.Stroke], i.opacity())
	}
	return nil
}

// fill fills outlines. Areas where outlines of the same direction overlap are painted
// once.
func (c *canvas) fill(outlines [][]Point, colour color.RGBA, opacity float64) {
	box, known := bounds(outlines, c.scale)
	box = box.Intersect(c.Image.Rect)
	if !known || box.Empty() {
		return
	}
	c.area.Reset(box.Dx(), box.Dy())
	x, y := float64(box.Min.X), float64(box.Min.Y)
	for _, outline := range outlines {
		for i, p := range outline {
			px, py := float32(p.X*c.scale-x), float32(p.Y*c.scale-y)
			if i == 0 {
				c.area.MoveTo(px, py)
			} else {
				c.area.LineTo(px, py)
			}
		}
		c.area.ClosePath()
	}
	c.area.Draw(c.Image, box, image.NewUniform(withOpacity(colour, opacity)), image.Point{})
}

// withOpacity returns a colour with its alpha multiplied by an opacity.
func withOpacity(c color.RGBA, opacity float64) color.Color {
	return color.NRGBA{R: c.R, G: c.G, B: c.B, A: uint8(math.Round(float64(c.A) * opacity))}
}

// bounds returns the bounding box of outlines in pixels of the image; known is false
// without any point.
func bounds(outlines [][]Point, scale float64) (box image.Rectangle, known bool) {
	low, high := Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	for _, outline := range outlines {
		for _, p := range outline {
			low = Point{min(low.X, p.X), min(low.Y, p.Y)}
			high = Point{max(high.X, p.X), max(high.Y, p.Y)}
		}
	}
	if low.X > high.X {
		return image.Rectangle{}, false
	}
	return image.Rect(int(math.Floor(low.X*scale)), int(math.Floor(low.Y*scale)),
		int(math.Ceil(high.X*scale))+1, int(math.Ceil(high.Y*scale))+1), true
}
