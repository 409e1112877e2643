// Package verdict judges whether the figures of a measured point may be
// believed.
package verdict

import (
	"math"
	"strconv"
	"strings"
)

// Prefix is what the names of facts begin with where they travel as KEY=VALUE
// to the summarizer.
const Prefix = "PROOF_"

// Fact is something about a measured point that its rows cannot tell.
type Fact struct {
	Name  string // in lower case, without the prefix: gc_pause_max_ms
	Value string
}

// Facts are in the order in which they were found out.
type Facts []Fact

// Add notes a number. One that does not exist is not noted.
func (f *Facts) Add(name string, value float64) {
	if !math.IsNaN(value) && !math.IsInf(value, 0) {
		f.AddText(name, strconv.FormatFloat(value, 'f', -1, 64))
	}
}

// AddText notes a text of one line.
func (f *Facts) AddText(name, value string) { *f = append(*f, Fact{name, value}) }

// Text is a fact's value; "" if it is not known.
func (f Facts) Text(name string) string {
	for _, fact := range f {
		if fact.Name == name {
			return fact.Value
		}
	}
	return ""
}

// Number is a fact's value; NaN if it is not known or no number.
func (f Facts) Number(name string) float64 {
	value, err := strconv.ParseFloat(f.Text(name), 64)
	if err != nil {
		return math.NaN()
	}
	return value
}

// Pairs are the facts as KEY=VALUE.
func (f Facts) Pairs() []string {
	pairs := make([]string, len(f))
	for i, fact := range f {
		pairs[i] = Prefix + strings.ToUpper(fact.Name) + "=" + fact.Value
	}
	return pairs
}
