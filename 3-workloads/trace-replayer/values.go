package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/data/trace"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/schedule"
)

// A window is a parameter in seconds, 0 or more.
type window time.Duration

// maxSeconds is above the span of any trace, and can be scaled without overflow.
const maxSeconds = 1e9

func (w *window) Set(text string) error {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f >= 0 && f <= maxSeconds) {
		return fmt.Errorf("want seconds, 0 or more, got %q", text)
	}
	*w = window(schedule.Seconds(f))
	return nil
}

func (w *window) String() string { return seconds(time.Duration(*w)) }
func (w *window) Optional() bool { return false }

// orToEnd returns a parameter that may also be -1, which means to the end of the trace.
func orToEnd(to *window) params.Value { return &toEndValue{to} }

type toEndValue struct{ *window }

func (v *toEndValue) Set(text string) error {
	if f, err := strconv.ParseFloat(text, 64); err == nil && f == -1 || strings.EqualFold(text, "full") {
		*v.window = window(trace.ToEnd)
		return nil
	}
	if v.window.Set(text) != nil {
		return fmt.Errorf("want seconds, 0 or more, or -1 for all, got %q", text)
	}
	return nil
}

func (v *toEndValue) String() string {
	if time.Duration(*v.window) == trace.ToEnd {
		return "-1"
	}
	return v.window.String()
}

// orNone returns a parameter that may also be None, which is 0.
func orNone(to *window) params.Value { return &noneValue{to} }

type noneValue struct{ *window }

func (v *noneValue) Set(text string) error {
	*v.window = 0
	if strings.EqualFold(text, "none") {
		return nil
	}
	if v.window.Set(text) != nil || *v.window == 0 {
		return fmt.Errorf("want seconds above 0, or None, got %q", text)
	}
	return nil
}

func (v *noneValue) String() string {
	if *v.window == 0 {
		return "None"
	}
	return v.window.String()
}
func (v *noneValue) Optional() bool { return true }

// A factor is a number above 0, or 0 if it is not given.
type factor float64

func (f *factor) Set(text string) error { return params.Positive((*float64)(f)).Set(text) }
func (f *factor) Optional() bool        { return true }
func (f *factor) String() string {
	if *f == 0 {
		return "None"
	}
	return params.Positive((*float64)(f)).String()
}

// A unit is the unit of a trace's timestamps.
type unit struct{ trace.Unit }

func (u *unit) Set(text string) (err error) {
	u.Unit, err = trace.ParseUnit(text)
	return err
}
func (u *unit) Optional() bool { return false }

// A blockSize is a number of tokens, or 0 for auto.
type blockSize int

func (b *blockSize) Set(text string) error {
	n, err := strconv.Atoi(text)
	switch {
	case text == "auto":
		*b = 0
	case err != nil || n < trace.MinBlockSize || n > 1<<20:
		return fmt.Errorf("want auto or a number of tokens of at least %d, got %q", trace.MinBlockSize, text)
	default:
		*b = blockSize(n)
	}
	return nil
}

func (b *blockSize) String() string {
	if *b == 0 {
		return "auto"
	}
	return strconv.Itoa(int(*b))
}
func (b *blockSize) Optional() bool { return false }

func seconds(d time.Duration) string {
	text := strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// significant formats a number with four significant digits.
func significant(f float64) string {
	if f == 0 {
		return "0.0"
	}
	digits := max(1, 3-int(math.Floor(math.Log10(f))))
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 4, 64), 64)
	return strconv.FormatFloat(rounded, 'f', digits, 64)
}
