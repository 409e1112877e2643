package main

import "math"

// axis maps values to pixels, linearly or logarithmically.
type axis struct {
	low, high float64 // values at the ends
	log       bool
	from, to  float64 // pixels of low and high
}

// position returns the pixel of a value.
func (a *axis) position(v float64) float64 {
	low, high := a.low, a.high
	if a.log {
		low, high, v = math.Log(low), math.Log(high), math.Log(max(v, a.low))
	}
	return a.from + (v-low)/(high-low)*(a.to-a.from)
}

// linear returns an axis from zero to the first tick at or above the largest value.
func linear(largest float64, from, to float64, ticks int) axis {
	if !(largest > 0) {
		largest = 1
	}
	step := tickStep(largest, ticks)
	return axis{low: 0, high: math.Ceil(largest/step-1e-9) * step, from: from, to: to}
}

// logarithmic returns an axis whose ends are the nearest of 1, 2, 5, 10, … around the
// values.
func logarithmic(smallest, largest float64, from, to float64) axis {
	if !(smallest > 0) {
		smallest, largest = 1, max(largest, 10)
	}
	low, high := roundLog(smallest*1.0001, false), roundLog(largest*0.9999, true)
	if high <= low {
		high = low * 10
	}
	return axis{low: low, high: high, log: true, from: from, to: to}
}

// roundLog rounds a value up or down to one of 1, 2, 5, 10, ….
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

// tickStep returns 1, 2 or 5 times a power of ten, so that about the wanted number of
// steps covers a range.
func tickStep(size float64, ticks int) float64 {
	raw := size / float64(ticks)
	decade := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, step := range []float64{1, 2, 5} {
		if step*decade >= raw*0.999 {
			return step * decade
		}
	}
	return 10 * decade
}

// ticks returns the values that get a grid line and a number.
func (a *axis) ticks(want int) (values []float64) {
	if !a.log {
		step := tickStep(a.high-a.low, want)
		for i := 0; float64(i)*step <= a.high*1.0001; i++ {
			values = append(values, float64(i)*step)
		}
		return values
	}
	steps := []float64{1, 2, 5}
	switch decades := math.Log10(a.high / a.low); {
	case decades > 3:
		steps = []float64{1}
	case decades < 0.7: // too narrow for 1, 2, 5: use linear ticks
		step := tickStep(a.high-a.low, want)
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
