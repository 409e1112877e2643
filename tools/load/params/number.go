package params

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/load/schedule"
)

// Int returns a Value for a whole number of at least least.
func Int(to *int, least int) Value { return &intValue{to, least} }

type intValue struct {
	to    *int
	least int
}

func (v *intValue) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < v.least {
		return fmt.Errorf("want a whole number of at least %d, got %q", v.least, text)
	}
	*v.to = n
	return nil
}

func (v *intValue) String() string { return strconv.Itoa(*v.to) }
func (v *intValue) Optional() bool { return false }

// Seed returns a Value for a whole number above 0, which is taken from the
// clock if it is left out.
func Seed(to *int) Value { return &seedValue{intValue: intValue{to, 1}} }

type seedValue struct {
	intValue
	fromClock bool
}

func (v *seedValue) Optional() bool { return true }

func (v *seedValue) setFromClock() {
	if *v.to == 0 {
		*v.to = int(time.Now().UnixNano() & (1<<53 - 1)) // exact as a JSON number
		v.fromClock = true
	}
}

// FromClock reports whether a parameter is a seed that was taken from the clock.
func (p *Param) FromClock() bool {
	seed, is := p.Value.(*seedValue)
	return is && seed.fromClock
}

// Positive returns a Value for a number above 0.
func Positive(to *float64) Value { return &positiveValue{to: to} }

type positiveValue struct{ to *float64 }

func (v *positiveValue) Set(text string) error {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f > 0) || math.IsInf(f, 0) {
		return fmt.Errorf("want a number above 0, got %q", text)
	}
	*v.to = f
	return nil
}

func (v *positiveValue) String() string { return FormatFloat(*v.to) }
func (v *positiveValue) Optional() bool { return false }

// Fraction returns a Value for a number from 0 to 1.
func Fraction(to *float64) Value { return &fractionValue{to} }

type fractionValue struct{ to *float64 }

func (v *fractionValue) Set(text string) error {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f >= 0 && f <= 1) {
		return fmt.Errorf("want a number from 0 to 1, got %q", text)
	}
	*v.to = f
	return nil
}

func (v *fractionValue) String() string { return FormatFloat(*v.to) }
func (v *fractionValue) Optional() bool { return false }

// maxSeconds is the most that a time.Duration holds.
const maxSeconds = math.MaxInt64 / 1e9

// Seconds returns a Value for a time in seconds, 0 or more.
func Seconds(to *time.Duration) Value { return &secondsValue{to} }

type secondsValue struct{ to *time.Duration }

func (v *secondsValue) Set(text string) error {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f >= 0) || f > maxSeconds {
		return fmt.Errorf("want seconds, 0 or more, got %q", text)
	}
	*v.to = schedule.Seconds(f)
	return nil
}

func (v *secondsValue) String() string { return FormatFloat(v.to.Seconds()) }
func (v *secondsValue) Optional() bool { return false }

// PositiveSeconds returns a Value for a time in seconds, more than 0.
func PositiveSeconds(to *time.Duration) Value { return &positiveSecondsValue{secondsValue{to}} }

type positiveSecondsValue struct{ secondsValue }

func (v *positiveSecondsValue) Set(text string) error {
	if err := v.secondsValue.Set(text); err != nil || *v.to == 0 {
		return fmt.Errorf("want seconds above 0, got %q", text)
	}
	return nil
}

// TimeLimit returns a Value for a time in seconds, or none, which is stored as 0.
func TimeLimit(to *time.Duration) Value { return &timeLimitValue{to} }

type timeLimitValue struct{ to *time.Duration }

func (v *timeLimitValue) Set(text string) error {
	f, err := strconv.ParseFloat(text, 64)
	switch {
	case strings.EqualFold(text, "none"):
		*v.to = 0
	case err != nil || !(f > 0) || f > maxSeconds:
		return fmt.Errorf("want seconds above 0, or none, got %q", text)
	default:
		*v.to = schedule.Seconds(f)
	}
	return nil
}

func (v *timeLimitValue) String() string {
	if *v.to == 0 {
		return "None"
	}
	return FormatFloat(v.to.Seconds())
}

func (v *timeLimitValue) Optional() bool { return true }

// FormatFloat returns a number in a form that reads back as a float, not as a
// whole number.
func FormatFloat(f float64) string {
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}
