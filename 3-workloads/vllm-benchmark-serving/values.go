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

	"github.com/LMCache/LMBench/tools/data/pyjson"
	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/results/goodput"
)

// rateOf returns a value of requests a second, or inf.
func rateOf(to *float64) params.Value { return &rateValue{to} }

type rateValue struct{ to *float64 }

func (v *rateValue) Set(text string) error {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f > 0) {
		return fmt.Errorf("want a rate above 0 in requests a second, or inf, got %q", text)
	}
	*v.to = f
	return nil
}

func (v *rateValue) String() string { return pyjson.Float(*v.to) }
func (v *rateValue) Optional() bool { return false }

// optional makes a value optional. Unset, it is shown as None.
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

// belowOne returns a value of a fraction below 1.
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

// number is a number as it is sent, or "" if it is not given.
type number string

func optionalFloat(to *number) params.Value { return &numberValue{to, false} }
func optionalWhole(to *number) params.Value { return &numberValue{to, true} }

type numberValue struct {
	to    *number
	whole bool
}

func (v *numberValue) Set(given string) error {
	if strings.EqualFold(given, "none") {
		return nil
	}
	if v.whole {
		n, err := strconv.Atoi(given)
		if err != nil {
			return fmt.Errorf("want an integer, got %q", given)
		}
		*v.to = number(strconv.Itoa(n))
		return nil
	}
	f, err := strconv.ParseFloat(given, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return fmt.Errorf("want a number, got %q", given)
	}
	*v.to = number(pyjson.Float(f))
	return nil
}

func (v *numberValue) String() string {
	if *v.to == "" {
		return "None"
	}
	return string(*v.to)
}
func (v *numberValue) Optional() bool { return true }

// words are names separated by spaces or commas.
type words []string

func (w *words) Set(text string) error {
	*w = strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' })
	if len(*w) == 0 {
		return errors.New("want names separated by spaces or commas")
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

// anyWord lets a flag take any further words, as in vLLM's command line.
func anyWord(string) bool { return true }

// pairs are KEY=VALUE, separated by spaces.
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

// headers are pairs whose values may contain spaces: a word without = continues the value
// before it.
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

func (h *headers) String() string { return "None" } // headers are secret
func (h *headers) Optional() bool { return true }

// object holds the members of a JSON object, sorted by name.
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
	return "{" + strings.TrimPrefix(appendMembers("", *o...), ",") + "}"
}
func (o *object) Optional() bool { return true }

// goals is the value of --goodput. It is shown as vLLM prints it.
type goals goodput.Goals

// isGoal reports whether a word belongs to --goodput.
func isGoal(word string) bool { return strings.Contains(word, ":") && !strings.Contains(word, "/") }

func (g *goals) Set(text string) error {
	parsed, err := goodput.Parse(text)
	*g = goals(parsed)
	return err
}

func (g *goals) String() string {
	if len(*g) == 0 {
		return "None"
	}
	return strings.Join(goodput.Goals(*g).List(pyjson.Float), " ")
}
func (g *goals) Optional() bool { return true }

// metricNames are the metrics to report.
type metricNames []string

func (m *metricNames) Set(text string) error {
	*m = strings.Split(text, ",")
	for _, name := range *m {
		if !slices.Contains([]string{"ttft", "tpot", "itl", "e2el"}, name) {
			return fmt.Errorf("want a list of ttft, tpot, itl and e2el separated by commas, got %q", text)
		}
	}
	return nil
}

func (m *metricNames) String() string { return strings.Join(*m, ",") }
func (m *metricNames) Optional() bool { return false }

// percentiles are numbers from 0 to 100.
type percentiles []float64

func (p *percentiles) Set(text string) error {
	*p = nil
	for word := range strings.SplitSeq(text, ",") {
		f, err := strconv.ParseFloat(word, 64)
		if err != nil || !(f >= 0 && f <= 100) {
			return fmt.Errorf("want percentiles from 0 to 100 separated by commas, got %q", text)
		}
		*p = append(*p, f)
	}
	return nil
}

func (p *percentiles) String() string {
	var texts []string
	for _, f := range *p {
		texts = append(texts, percentileName(f))
	}
	return strings.Join(texts, ",")
}
func (p *percentiles) Optional() bool { return false }

// percentileName formats a percentile, e.g. 99 or 99.9.
func percentileName(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
