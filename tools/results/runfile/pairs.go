package runfile

import (
	"fmt"
	"iter"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/LMCache/LMBench/tools/results/verdict"
)

// FactPrefix begins the keys of facts that are given as KEY=VALUE pairs.
const FactPrefix = "PROOF_"

// FromPairs reads a Run from KEY=VALUE pairs: those on a command line, and those
// in the event logs of versions that had no run file. Pairs of other keys are not
// part of a Run.
func FromPairs(pairs []string) Run {
	var run Run
	for _, pair := range pairs {
		key, value, _ := strings.Cut(pair, "=")
		_, _ = run.Set(key, value)
	}
	return run
}

// Set sets the field that a pair's key names, such as SENDING_SECONDS or
// PROOF_CLOCK_STEP_MS, and reports whether there is one.
func (r *Run) Set(key, value string) (known bool, err error) {
	of, prefix := any(r), ""
	if strings.HasPrefix(key, FactPrefix) {
		of, prefix = &r.Facts, FactPrefix
	}
	for name, field := range fields(of) {
		if prefix+strings.ToUpper(name) == key {
			return true, set(field, value)
		}
	}
	return false, nil
}

// Pairs yields what is known, without the facts and what the workload recorded, by
// the keys of the pairs.
func (r *Run) Pairs() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for name, value := range Values(r) {
			if !yield(strings.ToUpper(name), value) {
				return
			}
		}
	}
}

// Values yields the known values in a struct of this package or of facts, by their
// JSON names joined with _. A value is an int, a float64, a string or true.
func Values(of any) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for name, field := range fields(of) {
			if field.IsZero() {
				continue
			}
			if field.Kind() == reflect.Pointer {
				field = field.Elem()
			}
			if !yield(name, field.Interface()) {
				return
			}
		}
	}
}

// fields yields the fields that of points to, those of nested structs included.
// Facts, which have a prefix of their own, and what has no pair are left out.
func fields(of any) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		walk("", reflect.ValueOf(of).Elem(), yield)
	}
}

func walk(prefix string, of reflect.Value, yield func(string, reflect.Value) bool) bool {
	for i := range of.NumField() {
		field := of.Field(i)
		tag, _, _ := strings.Cut(of.Type().Field(i).Tag.Get("json"), ",")
		goOn := true
		switch {
		case field.Type() == reflect.TypeFor[verdict.Facts](), field.Kind() == reflect.Slice, field.Kind() == reflect.Int64:
		case field.Kind() == reflect.Struct:
			goOn = walk(prefix+tag+"_", field, yield)
		default:
			goOn = yield(prefix+tag, field)
		}
		if !goOn {
			return false
		}
	}
	return true
}

func set(field reflect.Value, text string) error {
	kind := field.Kind()
	if kind == reflect.Pointer {
		kind = field.Type().Elem().Kind()
	}
	switch kind {
	case reflect.String:
		field.SetString(text)
	case reflect.Bool:
		field.SetBool(strings.EqualFold(text, "true"))
	case reflect.Int, reflect.Float64:
		number, err := strconv.ParseFloat(text, 64)
		if err != nil || verdict.Number(number) == nil || kind == reflect.Int && math.Abs(number) > 1<<53 {
			return fmt.Errorf("%q is not a number that it can be", text)
		}
		value := reflect.ValueOf(number).Convert(typeOf(field))
		if field.Kind() == reflect.Pointer {
			at := reflect.New(typeOf(field))
			at.Elem().Set(value)
			value = at
		}
		field.Set(value)
	}
	return nil
}

// typeOf returns the type of a field, or what it points to.
func typeOf(field reflect.Value) reflect.Type {
	if field.Kind() == reflect.Pointer {
		return field.Type().Elem()
	}
	return field.Type()
}
