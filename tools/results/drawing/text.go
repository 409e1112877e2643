package drawing

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// fonts parses the fonts for PNGs once. A page uses the reader's own font, which is about
// as wide.
var fonts = sync.OnceValues(func() ([2]*opentype.Font, error) {
	regular, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return [2]*opentype.Font{}, err
	}
	bold, err := opentype.Parse(gobold.TTF)
	return [2]*opentype.Font{regular, bold}, err
})

func newFace(size float64, bold bool) (font.Face, error) {
	fonts, err := fonts()
	if err != nil {
		return nil, err
	}
	face := fonts[0]
	if bold {
		face = fonts[1]
	}
	return opentype.NewFace(face, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
}

// TextWidth returns the width of a text in a PNG in pixels. On a page it is about the same.
func TextWidth(text string, size float64) float64 {
	const unit = 100
	face, err := newFace(unit, false)
	if err != nil {
		return 0.55 * size * float64(len(text))
	}
	return float64(font.MeasureString(face, text)) / 64 / unit * size
}

// text paints a text.
func (c *canvas) text(i *item, colour color.RGBA) error {
	face, err := newFace(i.Size*c.scale, i.Bold)
	if err != nil {
		return err
	}
	width := float64(font.MeasureString(face, i.text)) / 64
	at := Point{i.lines[0][0].X * c.scale, i.lines[0][0].Y * c.scale}
	offset := width * [...]float64{Start: 0, Middle: 0.5, End: 1}[i.Anchor]
	if !i.Vertical {
		pen := font.Drawer{Dst: c.Image, Src: image.NewUniform(colour), Face: face, Dot: dot(at.X-offset, at.Y)}
		pen.DrawString(i.text)
		return nil
	}
	height := int(math.Ceil(i.Size * c.scale * 1.5))
	horizontal := image.NewAlpha(image.Rect(0, 0, int(math.Ceil(width))+2, height))
	pen := font.Drawer{Dst: horizontal, Src: image.Opaque, Face: face, Dot: dot(0, i.Size*c.scale)}
	pen.DrawString(i.text)
	vertical := image.NewAlpha(image.Rect(0, 0, height, horizontal.Rect.Dx()))
	for y := range height {
		for x := range horizontal.Rect.Dx() {
			vertical.SetAlpha(y, horizontal.Rect.Dx()-1-x, horizontal.AlphaAt(x, y))
		}
	}
	corner := image.Pt(int(math.Round(at.X-i.Size*c.scale)), int(math.Round(at.Y+offset))-horizontal.Rect.Dx())
	draw.DrawMask(c.Image, vertical.Rect.Add(corner), image.NewUniform(colour), image.Point{}, vertical, image.Point{}, draw.Over)
	return nil
}

func dot(x, y float64) fixed.Point26_6 {
	return fixed.Point26_6{X: fixed.Int26_6(math.Round(x * 64)), Y: fixed.Int26_6(math.Round(y * 64))}
}
