package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// goals are limits in seconds that a good request keeps; absent ones are not limited.
type goals map[string]float64

var goalNames = []string{"ttft", "tpot", "e2el"}

// parseGoals reads NAME:MILLISECONDS, one or several to a text.
func parseGoals(texts []string) (goals, error) {
	g := goals{}
	var errs []error
	for _, text := range texts {
		for word := range strings.FieldsSeq(text) {
			name, limit, _ := strings.Cut(word, ":")
			ms, err := strconv.ParseFloat(limit, 64)
			if !slices.Contains(goalNames, name) || err != nil || !(ms > 0) {
				errs = append(errs, fmt.Errorf("--goodput %q: want ttft, tpot or e2el, a colon and milliseconds, as in ttft:500", word))
				continue
			}
			g[name] = ms / 1000
		}
	}
	return g, errors.Join(errs...)
}

// met tells whether a request kept every limit; NaN keeps any.
func (g goals) met(ttft, tpot, e2el float32) bool {
	over := func(name string, v float32) bool {
		limit, set := g[name]
		return set && float64(v) > limit
	}
	return !over("ttft", ttft) && !over("tpot", tpot) && !over("e2el", e2el)
}

// String is for a caption.
func (g goals) String() string {
	var texts []string
	for _, name := range goalNames {
		if limit, set := g[name]; set {
			texts = append(texts, fmt.Sprintf("%s ≤ %s", strings.ToUpper(name), duration(limit*1000)))
		}
	}
	return strings.Join(texts, ", ")
}
