package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/results/spec"
)

// rateOf is requests a second, or inf.
func rateOf(to *float64) params.Value { return &rateValue{to} }

type rateValue struct{ to *float64 }

func (v *rateValue) Set(text string) error {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f > 0) {
		return fmt.Errorf("want requests a second above 0, or inf, got %q", text)
	}
	*v.to = f
	return nil
}

func (v *rateValue) String() string { return spec.Float(*v.to) }
func (v *rateValue) Optional() bool { return false }

// optional is a value that may be left out; unset it is None.
type optional struct {
	params.Value
	set bool
}

func (v *optional) Set(text string) error {
	if strings.EqualFold(text, "none") {
		return nil
	}
	v.set = true
	return v.Value.Set(text)
}

func (v *optional) String() string {
	if !v.set {
		return "None"
	}
	return v.Value.String()
}
func (v *optional) Optional() bool { return true }

func optionalInt(to *int, least int) params.Value {
	return &optional{Value: params.Int(to, least)}
}
func optionalPositive(to *float64) params.Value { return &optional{Value: params.Positive(to)} }
func optionalChoice(to *string, words ...string) params.Value {
	return &optional{Value: params.Choice(to, words...)}
}

// belowOne is a share that is not the whole.
func belowOne(to *float64) params.Value { return &belowOneValue{params.Fraction(to), to} }

type belowOneValue struct {
	params.Value
	to *float64
}

func (v *belowOneValue) Set(text string) error {
	if err := v.Value.Set(text); err != nil || *v.to == 1 {
		return fmt.Errorf("want a number from 0 to less than 1, got %q", text)
	}
	return nil
}

// text is a number as it is sent; "": none.
type text string

func optionalFloat(to *text) params.Value { return &numberValue{to, false} }
func optionalWhole(to *text) params.Value { return &numberValue{to, true} }

type numberValue struct {
	to    *text
	whole bool
}

func (v *numberValue) Set(given string) error {
	if strings.EqualFold(given, "none") {
		return nil
	}
	if v.whole {
		n, err := strconv.Atoi(given)
		if err != nil {
			return fmt.Errorf("want a whole number, got %q", given)
		}
		*v.to = text(strconv.Itoa(n))
		return nil
	}
	f, err := strconv.ParseFloat(given, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return fmt.Errorf("want a number, got %q", given)
	}
	*v.to = text(spec.Float(f))
	return nil
}

func (v *numberValue) String() string {
	if *v.to == "" {
		return "None"
	}
	return string(*v.to)
}
func (v *numberValue) Optional() bool { return true }

// words are names with spaces or commas between.
type words []string

func (w *words) Set(text string) error {
	*w = strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' })
	if len(*w) == 0 {
		return errors.New("want names")
	}
	return nil
}

func (w *words) String() string {
	if len(*w) == 0 {
		return "None"
	}
	return strings.Join(*w, ",")
}
func (w *words) Optional() bool { return true }

// anyWord says that any word belongs to a flag of words, as in vLLM's command line.
func anyWord(string) bool { return true }

// pairs are KEY=VALUE, spaces between.
type pairs [][2]string

func isPair(word string) bool { return strings.Contains(word, "=") }

func (p *pairs) Set(text string) error {
	*p = nil
	for word := range strings.FieldsSeq(text) {
		key, value, found := strings.Cut(word, "=")
		if !found || key == "" {
			return fmt.Errorf("want KEY=VALUE, got %q", word)
		}
		*p = append(*p, [2]string{key, value})
	}
	return nil
}

func (p *pairs) String() string {
	var texts []string
	for _, pair := range *p {
		texts = append(texts, pair[0]+"="+pair[1])
	}
	if texts == nil {
		return "None"
	}
	return strings.Join(texts, " ")
}
func (p *pairs) Optional() bool { return true }

// headers are pairs whose values may hold spaces: a word without = goes on
// with the value before.
type headers map[string]string

func (h *headers) Set(text string) error {
	set, last := headers{}, ""
	for word := range strings.FieldsSeq(text) {
		key, value, found := strings.Cut(word, "=")
		switch {
		case found && key != "" && !strings.ContainsAny(key, ": \t"):
			set[key], last = value, key
		case last != "":
			set[last] += " " + word
		default:
			return errors.New("want KEY=VALUE")
		}
	}
	*h = set
	return nil
}

func (h *headers) String() string { return "None" } // they are secret
func (h *headers) Optional() bool { return true }

// object is the members of a JSON object, in their order.
type object []member

func (o *object) Set(text string) error {
	var values map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		return fmt.Errorf("want a JSON object, got %q", text)
	}
	*o = nil
	for _, name := range slices.Sorted(maps.Keys(values)) {
		key := quoted(name)
		*o = append(*o, member{key[1 : len(key)-1], string(values[name])})
	}
	return nil
}

func (o *object) String() string {
	if len(*o) == 0 {
		return "None"
	}
	return "{" + strings.TrimPrefix(members("", *o...), ",") + "}"
}
func (o *object) Optional() bool { return true }
