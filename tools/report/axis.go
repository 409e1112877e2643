package main

import (
	"math"
	"strconv"
	"strings"
)

// axis maps values to pixels.
type axis struct {
	low, high float64
	log       bool
	from, to  float64 // pixels of low and high
}

// at is where a value lies.
func (a *axis) at(v float64) float64 {
	low, high := a.low, a.high
	if a.log {
		low, high, v = math.Log(low), math.Log(high), math.Log(max(v, a.low))
	}
	return a.from + (v-low)/(high-low)*(a.to-a.from)
}

// linear starts at zero and ends at a tick above the largest value.
func linear(most float64, from, to float64, ticks int) axis {
	if !(most > 0) {
		most = 1
	}
	step := stepFor(most, ticks)
	return axis{low: 0, high: math.Ceil(most/step-1e-9) * step, from: from, to: to}
}

// logarithmic has whole steps of 1, 2, 5 around the values.
func logarithmic(least, most float64, from, to float64) axis {
	if !(least > 0) {
		least, most = 1, max(most, 10)
	}
	low, high := roundLog(least*1.0001, false), roundLog(most*0.9999, true)
	if high <= low {
		high = low * 10
	}
	return axis{low: low, high: high, log: true, from: from, to: to}
}

// roundLog is the next of 1, 2, 5, 10 … below or above.
func roundLog(v float64, up bool) float64 {
	decade := math.Pow(10, math.Floor(math.Log10(v)))
	before := decade
	for _, step := range []float64{1, 2, 5, 10} {
		if step*decade >= v {
			if up {
				return step * decade
			}
			return before
		}
		before = step * decade
	}
	return before
}

// stepFor is 1, 2 or 5 times a power of ten, so that about so many steps reach most.
func stepFor(most float64, ticks int) float64 {
	raw := most / float64(ticks)
	decade := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, step := range []float64{1, 2, 5} {
		if step*decade >= raw*0.999 {
			return step * decade
		}
	}
	return 10 * decade
}

// ticks are the values with a line and a number.
func (a *axis) ticks(want int) (values []float64) {
	if !a.log {
		step := stepFor(a.high-a.low, want)
		for i := 0; float64(i)*step <= a.high*1.0001; i++ {
			values = append(values, float64(i)*step)
		}
		return values
	}
	steps := []float64{1, 2, 5}
	switch decades := math.Log10(a.high / a.low); {
	case decades > 3:
		steps = []float64{1}
	case decades < 0.7: // ticks as on a linear axis
		step := stepFor(a.high-a.low, want)
		for v := math.Ceil(a.low/step) * step; v <= a.high; v += step {
			values = append(values, v)
		}
		return values
	}
	for decade := math.Pow(10, math.Floor(math.Log10(a.low))); decade <= a.high; decade *= 10 {
		for _, step := range steps {
			if v := step * decade; v >= a.low*0.999 && v <= a.high*1.001 {
				values = append(values, v)
			}
		}
	}
	return values
}

// unit is how milliseconds of some size are best told.
type unit struct {
	name string
	ms   float64 // in one
}

// unitFor takes the largest value shown.
func unitFor(ms float64) unit {
	switch {
	case ms >= 10_000:
		return unit{name: "s", ms: 1000}
	case ms < 0.5 && ms > 0:
		return unit{name: "µs", ms: 0.001}
	}
	return unit{name: "ms", ms: 1}
}

// duration tells milliseconds with their unit.
func duration(ms float64) string {
	if math.IsNaN(ms) {
		return absent
	}
	u := unitFor(ms)
	return short(ms/u.ms) + " " + u.name
}

// absent stands for a figure that does not exist.
const absent = "–"

// short has three digits that count, and thousands apart.
func short(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return absent
	}
	size := math.Abs(v)
	if size >= 100 || v == 0 {
		return thousands(strconv.FormatFloat(v, 'f', 0, 64))
	}
	decimals := 2 - int(math.Floor(math.Log10(size)))
	return trimZeros(strconv.FormatFloat(v, 'f', min(decimals, 6), 64))
}

// figure is for tables: short, its zeros kept so that columns line up.
func figure(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return absent
	}
	return thousands(strconv.FormatFloat(v, 'f', decimals, 64))
}

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func thousands(s string) string {
	whole, rest, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	return sign + whole
}
