package trace

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A timestamp is the exact value written in a file. A float64 could not hold
// 1753694362340138614.
type timestamp struct {
	whole  int64
	nano   int64 // billionths of the unit, 0 or more
	isDate bool  // whole is nanoseconds since 1970
}

func (a timestamp) compare(b timestamp) int {
	return cmp.Or(cmp.Compare(a.whole, b.whole), cmp.Compare(a.nano, b.nano))
}

// float returns an approximation that is good enough to guess the unit.
func (a timestamp) float() float64 { return float64(a.whole) + float64(a.nano)/1e9 }

// parseTimestamp parses a number or a date.
func parseTimestamp(text string) (timestamp, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return timestamp{}, errors.New("empty timestamp")
	}
	if s, ok := parseDecimal(text); ok {
		return s, nil
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(f) < math.MaxInt64 {
		whole := math.Floor(f) // e.g. 1.75e+18, written from a float
		return timestamp{whole: int64(whole), nano: int64((f - whole) * 1e9)}, nil
	}
	for _, layout := range []string{"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", time.RFC3339, "2006-01-02T15:04:05"} {
		if date, err := time.Parse(layout, text); err == nil && date.Year() >= 1700 && date.Year() < 2250 {
			return timestamp{whole: date.UnixNano(), isDate: true}, nil
		}
	}
	return timestamp{}, fmt.Errorf("timestamp %.40q: want a number or a date like 2024-05-10 00:00:00.5", text)
}

// parseDecimal parses a decimal number exactly, truncated to billionths.
func parseDecimal(text string) (s timestamp, ok bool) {
	digits, fraction, _ := strings.Cut(text, ".")
	whole, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || strings.HasPrefix(digits, "+") {
		return s, false
	}
	for i := range len(fraction) {
		if fraction[i] < '0' || fraction[i] > '9' {
			return s, false
		}
	}
	nano, _ := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
	if digits[0] == '-' && nano > 0 {
		if whole == math.MinInt64 {
			return s, false
		}
		whole, nano = whole-1, 1e9-nano
	}
	return timestamp{whole: whole, nano: nano}, true
}

// since returns the time from an earlier timestamp to a.
func (a timestamp) since(first timestamp, unit Unit) (time.Duration, error) {
	const limit = math.MaxInt64 / 2
	whole, nano := a.whole-first.whole, a.nano-first.nano
	if whole < 0 && a.whole > first.whole || whole > limit/int64(unit) {
		return 0, errors.New("the timestamp is centuries after the earliest one")
	}
	return time.Duration(whole*int64(unit) + nano*int64(unit)/1e9), nil
}

// epoch returns the time since 1970, or 0 for an offset.
func (a timestamp) epoch(unit Unit) time.Duration {
	since, err := a.since(timestamp{}, unit)
	if err != nil || since < year2000 {
		return 0
	}
	return since
}

// year2000 separates offsets from dates: no trace spans 30 years.
const year2000 = 946684800 * time.Second
