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

// stamp is a timestamp as written, exact: 1753694362340138614 does not survive
// a float.
type stamp struct {
	whole int64
	nano  int64 // billionths of the unit, 0 or more
	dated bool  // whole is nanoseconds since 1970: it was a date
}

func (a stamp) compare(b stamp) int {
	return cmp.Or(cmp.Compare(a.whole, b.whole), cmp.Compare(a.nano, b.nano))
}

// float is for guesses, not for times.
func (a stamp) float() float64 { return float64(a.whole) + float64(a.nano)/1e9 }

// parseStamp reads a number or a date.
func parseStamp(text string) (stamp, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return stamp{}, errors.New("the timestamp is empty")
	}
	if s, ok := parseDecimal(text); ok {
		return s, nil
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(f) < math.MaxInt64 {
		whole := math.Floor(f) // as 1.75e+18, of a program that knew only floats
		return stamp{whole: int64(whole), nano: int64((f - whole) * 1e9)}, nil
	}
	for _, layout := range []string{"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", time.RFC3339, "2006-01-02T15:04:05"} {
		if date, err := time.Parse(layout, text); err == nil && date.Year() >= 1700 && date.Year() < 2250 {
			return stamp{whole: date.UnixNano(), dated: true}, nil
		}
	}
	return stamp{}, fmt.Errorf("timestamp %.40q is neither a number nor a date like 2024-05-10 00:00:00.5", text)
}

// parseDecimal reads digits with or without a point, exactly. What is finer
// than a billionth is cut off.
func parseDecimal(text string) (s stamp, ok bool) {
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
	return stamp{whole: whole, nano: nano}, true
}

// since is the time from one stamp to a later one.
func (a stamp) since(first stamp, unit Unit) (time.Duration, error) {
	const farthest = math.MaxInt64 / 2
	whole, nano := a.whole-first.whole, a.nano-first.nano
	if whole < 0 && a.whole > first.whole || whole > farthest/int64(unit) {
		return 0, errors.New("the timestamp is centuries after the earliest one")
	}
	return time.Duration(whole*int64(unit) + nano*int64(unit)/1e9), nil
}

// epoch is the stamp since 1970; 0 if it is no time of day.
func (a stamp) epoch(unit Unit) time.Duration {
	since, err := a.since(stamp{}, unit)
	if err != nil || since < year2000 {
		return 0
	}
	return since
}

// year2000 is later than any offset is long.
const year2000 = 946684800 * time.Second
