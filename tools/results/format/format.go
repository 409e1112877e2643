// Package format renders numbers for people. The same number looks the same in a
// terminal, in a verdict and in a report.
//
// A figure has three significant digits, and never fewer than its whole part: 0.0123,
// 1.20, 12.3, 12345. Files that programs read do not use this package.
package format

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Missing is shown in place of a figure that does not exist.
const Missing = "-"

// Number renders a figure for a table, where trailing zeros keep digits aligned.
func Number(v float64) string {
	switch {
	case !finite(v):
		return Missing
	case v == 0:
		return "0"
	}
	scientific := strconv.FormatFloat(v, 'e', 2, 64) // the exponent after rounding
	exponent, err := strconv.Atoi(scientific[strings.IndexByte(scientific, 'e')+1:])
	if err != nil || exponent < -6 {
		return scientific
	}
	return strconv.FormatFloat(v, 'f', max(0, 2-exponent), 64)
}

// Short renders a figure for a sentence or an axis: Number without trailing zeros.
func Short(v float64) string {
	text := Number(v)
	if !strings.Contains(text, ".") || strings.Contains(text, "e") {
		return text
	}
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// Fixed renders a figure with a fixed number of decimals, for long columns that are
// sorted and exported.
func Fixed(v float64, decimals int) string {
	if !finite(v) {
		return Missing
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// Count renders a count with a comma between thousands: 12,345.
func Count(n int) string {
	text := strconv.Itoa(n)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(text) - 3; i > first; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Percent renders a fraction of 1 as a percentage: 12.3 %.
func Percent(fraction float64) string { return withUnit(100*fraction, "%") }

// Change renders a relative difference with its sign: +12.3 %.
func Change(fraction float64) string { return signed(100*fraction, 1, "%") }

// Points renders a difference between two fractions in percentage points: +0.25 pp.
func Points(difference float64) string { return signed(100*difference, 2, "pp") }

// Milliseconds renders a time given in milliseconds with the unit that suits its
// size: 123 µs, 12.3 ms, 1.23 s.
func Milliseconds(ms float64) string {
	unit := UnitOf(ms)
	return withUnit(ms/unit.Milliseconds, unit.Name)
}

// Unit is a unit of time.
type Unit struct {
	Name         string
	Milliseconds float64
}

// UnitOf returns the unit that suits a time in milliseconds.
func UnitOf(ms float64) Unit {
	switch size := math.Abs(ms); {
	case size >= 1000:
		return Unit{"s", 1000}
	case size < 0.1 && size > 0:
		return Unit{"µs", 0.001}
	}
	return Unit{"ms", 1}
}

// Clock renders how long something has run: 1:05 or 2:03:45.
func Clock(d time.Duration) string {
	seconds := int(d.Round(time.Second).Seconds())
	if seconds < 3600 {
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

func withUnit(v float64, unit string) string {
	if !finite(v) {
		return Missing
	}
	return Short(v) + " " + unit
}

func signed(v float64, decimals int, unit string) string {
	if !finite(v) {
		return Missing
	}
	return fmt.Sprintf("%+.*f %s", decimals, v, unit)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
