package workload

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Int is a whole number of at least least.
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

// Seed is a whole number above 0; left out, it is taken from the time.
func Seed(to *int) Value { return &seedValue{intValue: intValue{to, 1}} }

type seedValue struct {
	intValue
	drawn bool // nobody gave it
}

func (v *seedValue) Optional() bool { return true }

func (v *seedValue) fromTime() {
	if *v.to == 0 {
		*v.to = int(time.Now().UnixNano() & (1<<53 - 1)) // what a JSON reader keeps
		v.drawn = true
	}
}

// Positive is a number above zero.
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

func (v *positiveValue) String() string { return number(*v.to) }
func (v *positiveValue) Optional() bool { return false }

// Share is a number from 0 to 1.
func Share(to *float64) Value { return &shareValue{to} }

type shareValue struct{ to *float64 }

func (v *shareValue) Set(text string) error {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f >= 0 && f <= 1) {
		return fmt.Errorf("want a number from 0 to 1, got %q", text)
	}
	*v.to = f
	return nil
}

func (v *shareValue) String() string { return number(*v.to) }
func (v *shareValue) Optional() bool { return false }

// Seconds is a time in seconds, 0 or more.
func Seconds(to *time.Duration) Value { return &secondsValue{to} }

type secondsValue struct{ to *time.Duration }

func (v *secondsValue) Set(text string) error {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f >= 0) || f > longest {
		return fmt.Errorf("want seconds, 0 or more, got %q", text)
	}
	*v.to = Duration(f)
	return nil
}

func (v *secondsValue) String() string { return number(v.to.Seconds()) }
func (v *secondsValue) Optional() bool { return false }

// Above is a time in seconds, of more than 0.
func Above(to *time.Duration) Value { return &aboveValue{secondsValue{to}} }

type aboveValue struct{ secondsValue }

func (v *aboveValue) Set(text string) error {
	if err := v.secondsValue.Set(text); err != nil || *v.to == 0 {
		return fmt.Errorf("want seconds above 0, got %q", text)
	}
	return nil
}

// Limit is a time in seconds, or none, which is 0.
func Limit(to *time.Duration) Value { return &limitValue{to} }

type limitValue struct{ to *time.Duration }

func (v *limitValue) Set(text string) error {
	f, err := strconv.ParseFloat(text, 64)
	switch {
	case strings.EqualFold(text, "none"):
		*v.to = 0
	case err != nil || !(f > 0) || f > longest:
		return fmt.Errorf("want seconds above 0, or none, got %q", text)
	default:
		*v.to = Duration(f)
	}
	return nil
}

func (v *limitValue) String() string {
	if *v.to == 0 {
		return "None"
	}
	return number(v.to.Seconds())
}
func (v *limitValue) Optional() bool { return true }

// longest is the most seconds a time.Duration holds.
const longest = math.MaxInt64 / 1e9

// Duration is seconds to the nearest nanosecond.
func Duration(seconds float64) time.Duration {
	return time.Duration(math.Round(seconds * float64(time.Second)))
}

// number is a float in a form that reads back as one.
func number(f float64) string {
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}
