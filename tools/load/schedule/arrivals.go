package schedule

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// Arrivals are the due times of an open loop's items.
type Arrivals struct {
	N  int                       // how many items there are; 0: without end
	At func(i int) time.Duration // due time of item i, from 0; it never decreases with i
}

// Due returns when item i is due, or false if there is no such item.
func (a Arrivals) Due(i int) (time.Duration, bool) {
	if a.N > 0 && i >= a.N || a.At == nil {
		return 0, false
	}
	return a.At(i), true
}

// Count returns how many items are due before an offset, or all of them if the
// offset is 0. It returns 0 if they have no end.
func (a Arrivals) Count(before time.Duration) int {
	if before == 0 {
		return a.N
	}
	late := func(i int) bool {
		at, ok := a.Due(i)
		return !ok || at >= before
	}
	bound := 1
	for !late(bound) {
		bound *= 2
	}
	return sort.Search(bound, late)
}

// Times returns arrivals at the given offsets, in ascending order.
func Times(due []time.Duration) Arrivals {
	if len(due) == 0 {
		return Arrivals{}
	}
	return Arrivals{N: len(due), At: func(i int) time.Duration { return due[i] }}
}

// A Process draws arrivals: n items, or without end if n is 0, at a rate per
// second on average. The same seed gives the same arrivals.
type Process interface {
	Arrivals(rate float64, n int, seed uint64) Arrivals
	// String returns the process as ParseProcess reads it.
	String() string
}

// processes are the arrival processes by name. Each parses what follows the name
// and a colon. A new process needs a file of its own and a line here.
var processes = []struct {
	name  string
	parse func(parameter string) (Process, error)
}{
	{"constant", parseConstant},
	{"poisson", parsePoisson},
	{"gamma", parseGamma},
}

// ParseProcess reads an arrival process: constant, poisson or gamma:SHAPE.
func ParseProcess(text string) (Process, error) {
	name, parameter, _ := strings.Cut(text, ":")
	var names []string
	for _, p := range processes {
		if p.name == name {
			process, err := p.parse(parameter)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			return process, nil
		}
		names = append(names, p.name)
	}
	return nil, fmt.Errorf("want %s, got %q", strings.Join(names, ", "), text)
}

// Draw returns arrivals whose intervals are drawn as they are needed. The first
// item is due at once. Times already drawn are kept: 8 bytes an item.
func Draw(n int, interval func() float64) Arrivals {
	drawn, at := []time.Duration{0}, 0.0 // at: of the last one, in s
	return Arrivals{N: n, At: func(i int) time.Duration {
		if i >= len(drawn) {
			drawn = slices.Grow(drawn, i+1-len(drawn))
		}
		for len(drawn) <= i {
			at += interval()
			drawn = append(drawn, Seconds(at))
		}
		return drawn[i]
	}}
}
