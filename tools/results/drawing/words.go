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

// fonts are parsed once. A page has the reader's own font, which is a little
// narrower than this one.
var fonts = sync.OnceValues(func() ([2]*opentype.Font, error) {
	regular, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return [2]*opentype.Font{}, err
	}
	bold, err := opentype.Parse(gobold.TTF)
	return [2]*opentype.Font{regular, bold}, err
})

func face(size float64, bold bool) (font.Face, error) {
	both, err := fonts()
	if err != nil {
		return nil, err
	}
	one := both[0]
	if bold {
		one = both[1]
	}
	return opentype.NewFace(one, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
}

// Width is how wide a text is in a PNG, in pixels; in a page about as wide.
func Width(text string, size float64) float64 {
	const unit = 100
	one, err := face(unit, false)
	if err != nil {
		return 0.55 * size * float64(len(text))
	}
	return float64(font.MeasureString(one, text)) / 64 / unit * size
}

// words paints a text.
func (c *canvas) words(i *item, colour color.RGBA) error {
	one, err := face(i.Size*c.scale, i.Bold)
	if err != nil {
		return err
	}
	width := float64(font.MeasureString(one, i.text)) / 64
	at := Point{i.lines[0][0].X * c.scale, i.lines[0][0].Y * c.scale}
	back := width * [...]float64{Start: 0, Middle: 0.5, End: 1}[i.Anchor]
	if !i.Upward {
		pen := font.Drawer{Dst: c.Image, Src: image.NewUniform(colour), Face: one, Dot: dot(at.X-back, at.Y)}
		pen.DrawString(i.text)
		return nil
	}
	height := int(math.Ceil(i.Size * c.scale * 1.5))
	level := image.NewAlpha(image.Rect(0, 0, int(math.Ceil(width))+2, height))
	pen := font.Drawer{Dst: level, Src: image.Opaque, Face: one, Dot: dot(0, i.Size*c.scale)}
	pen.DrawString(i.text)
	upward := image.NewAlpha(image.Rect(0, 0, height, level.Rect.Dx()))
	for y := range height {
		for x := range level.Rect.Dx() {
			upward.SetAlpha(y, level.Rect.Dx()-1-x, level.AlphaAt(x, y))
		}
	}
	corner := image.Pt(int(math.Round(at.X-i.Size*c.scale)), int(math.Round(at.Y+back))-level.Rect.Dx())
	draw.DrawMask(c.Image, upward.Rect.Add(corner), image.NewUniform(colour), image.Point{}, upward, image.Point{}, draw.Over)
	return nil
}

func dot(x, y float64) fixed.Point26_6 {
	return fixed.Point26_6{X: fixed.Int26_6(math.Round(x * 64)), Y: fixed.Int26_6(math.Round(y * 64))}
}
