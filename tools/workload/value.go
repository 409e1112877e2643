package workload

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Value is a typed place for a parameter's text.
type Value interface {
	// Set parses the text. Its error says what was expected.
	Set(text string) error
	// String is the value as the result records it, in Python's words:
	// True, False, None.
	String() string
	// Optional tells whether the value may be left out without a default.
	Optional() bool
}

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
func Seed(to *int) Value { return &seedValue{intValue{to, 1}} }

type seedValue struct{ intValue }

func (v *seedValue) Optional() bool { return true }

func (v *seedValue) fromTime() {
	if *v.to == 0 {
		*v.to = int(time.Now().UnixNano() & (1<<53 - 1)) // what a JSON reader keeps
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

// Text is any text but the empty one.
func Text(to *string) Value { return &textValue{to: to} }

// OptionalText may be left out or empty.
func OptionalText(to *string) Value { return &textValue{to: to, optional: true} }

type textValue struct {
	to       *string
	optional bool
}

func (v *textValue) Set(text string) error {
	if text == "" && !v.optional {
		return fmt.Errorf("want a text, got nothing")
	}
	*v.to = text
	return nil
}

func (v *textValue) String() string {
	if v.optional && *v.to == "" {
		return "None"
	}
	return *v.to
}
func (v *textValue) Optional() bool { return v.optional }

// Choice is one of a few words.
func Choice(to *string, words ...string) Value { return &choiceValue{to, words} }

type choiceValue struct {
	to    *string
	words []string
}

func (v *choiceValue) Set(text string) error {
	for _, word := range v.words {
		if text == word {
			*v.to = word
			return nil
		}
	}
	return fmt.Errorf("want %s, got %q", strings.Join(v.words, " or "), text)
}

func (v *choiceValue) String() string { return *v.to }
func (v *choiceValue) Optional() bool { return false }

// Bool is true or false in any case; as a flag it needs no value.
func Bool(to *bool) Value { return &boolValue{to} }

type boolValue struct{ to *bool }

func (v *boolValue) Set(text string) error {
	switch strings.ToLower(text) {
	case "true":
		*v.to = true
	case "false", "none":
		*v.to = false
	default:
		return fmt.Errorf("want true or false, got %q", text)
	}
	return nil
}

func (v *boolValue) String() string {
	if *v.to {
		return "True"
	}
	return "False"
}
func (v *boolValue) Optional() bool { return true }

// FileWord is a text that becomes part of a file name.
func FileWord(to *string) Value { return &fileWordValue{to} }

type fileWordValue struct{ to *string }

func (v *fileWordValue) Set(text string) error {
	if text == "" || text == "." || text == ".." || strings.ContainsAny(text, "/\\\x00\n") {
		return fmt.Errorf("want a text that can be part of a file name, got %q", text)
	}
	*v.to = text
	return nil
}

func (v *fileWordValue) String() string { return *v.to }
func (v *fileWordValue) Optional() bool { return false }
