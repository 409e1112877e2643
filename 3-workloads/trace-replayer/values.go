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

// window is a time in seconds, 0 or more.
type window time.Duration

// longest is more than any trace spans, and can still be stretched.
const longest = 1e9 // s

func (w *window) Set(text string) error {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f >= 0 && f <= longest) {
		return fmt.Errorf("want seconds, 0 or more, got %q", text)
	}
	*w = window(schedule.Seconds(f))
	return nil
}

func (w *window) String() string { return seconds(time.Duration(*w)) }
func (w *window) Optional() bool { return false }

// all is a window that can have no end.
func all(to *window) params.Value { return &allValue{to} }

type allValue struct{ *window }

func (v *allValue) Set(text string) error {
	if f, err := strconv.ParseFloat(text, 64); err == nil && f == -1 || strings.EqualFold(text, "full") {
		*v.window = window(trace.ToEnd)
		return nil
	}
	if v.window.Set(text) != nil {
		return fmt.Errorf("want seconds, 0 or more, or -1 for all, got %q", text)
	}
	return nil
}

func (v *allValue) String() string {
	if time.Duration(*v.window) == trace.ToEnd {
		return "-1"
	}
	return v.window.String()
}

// none is a time that can be left out, which is 0.
func none(to *window) params.Value { return &noneValue{to} }

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

// factor is a number above 0 that can be left out, which is 0.
type factor float64

func (f *factor) Set(text string) error { return params.Positive((*float64)(f)).Set(text) }
func (f *factor) Optional() bool        { return true }
func (f *factor) String() string {
	if *f == 0 {
		return "None"
	}
	return params.Positive((*float64)(f)).String()
}

// unit is a trace's clock unit.
type unit struct{ trace.Unit }

func (u *unit) Set(text string) (err error) {
	u.Unit, err = trace.ParseUnit(text)
	return err
}
func (u *unit) Optional() bool { return false }

// blockSize is tokens, or 0 for auto.
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

// significant is a number above 0 with four digits that count.
func significant(f float64) string {
	if f == 0 {
		return "0.0"
	}
	digits := max(1, 3-int(math.Floor(math.Log10(f))))
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 4, 64), 64)
	return strconv.FormatFloat(rounded, 'f', digits, 64)
}
