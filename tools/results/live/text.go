package live

import (
	"math"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// width returns how many columns of a terminal a text takes.
func width(text string) int { return uniseg.StringWidth(text) }

// truncate shortens a text to a number of columns, and ends it in … if it was longer.
func truncate(text string, columns int) string {
	if width(text) <= columns {
		return text
	}
	var b strings.Builder
	used := 0
	for graphemes := uniseg.NewGraphemes(text); graphemes.Next(); {
		if used += graphemes.Width(); used > columns-1 {
			break
		}
		b.WriteString(graphemes.Str())
	}
	return b.String() + "…"
}

// printable replaces control characters, which a terminal would act on, by spaces.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && !unicode.Is(unicode.Mn, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// sparkline draws the last values as bars, scaled so that the largest value has full
// height. A NaN leaves a gap.
func sparkline(values []float64, columns int) string {
	values = values[max(0, len(values)-columns):]
	largest := 0.0
	for _, v := range values {
		if !math.IsNaN(v) {
			largest = max(largest, v)
		}
	}
	bars := []rune("▁▂▃▄▅▆▇█")
	var b strings.Builder
	for _, v := range values {
		switch {
		case math.IsNaN(v):
			b.WriteByte(' ')
		case largest == 0:
			b.WriteRune(bars[0])
		default:
			b.WriteRune(bars[min(len(bars)-1, max(0, int(math.Ceil(v/largest*float64(len(bars))))-1))])
		}
	}
	return b.String()
}
