package schedule

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// Arrivals are the due times of the items of an open loop. They are not safe for
// concurrent use.
type Arrivals struct {
	N  int                       // number of items; 0 means unlimited
	At func(i int) time.Duration // due time of item i, counted from 0; it never decreases
}

// Due returns when item i is due, or false if there is no such item.
func (a Arrivals) Due(i int) (time.Duration, bool) {
	if a.N > 0 && i >= a.N || a.At == nil {
		return 0, false
	}
	return a.At(i), true
}

// Count returns the number of items that are due before an offset, or N if the offset
// is 0.
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

// A Process generates arrivals of n items at an average rate per second; n = 0 means
// unlimited. The same seed gives the same arrivals.
type Process interface {
	Draw(rate float64, n int, seed uint64) Arrivals
	// String returns the process as ParseProcess reads it.
	String() string
}

// processes lists the arrival processes. parse reads the text after the name and a
// colon. A new process needs a file of its own and a line here.
var processes = []struct {
	name, usage string
	parse       func(parameter string) (Process, error)
}{
	{"constant", "constant", parseConstant},
	{"poisson", "poisson", parsePoisson},
	{"gamma", "gamma:SHAPE", parseGamma},
}

// ProcessUsage returns what ParseProcess reads, for help texts.
func ProcessUsage() string {
	var usages []string
	for _, p := range processes {
		usages = append(usages, p.usage)
	}
	last := len(usages) - 1
	return strings.Join(usages[:last], ", ") + " or " + usages[last]
}

// ParseProcess reads an arrival process as ProcessUsage lists them.
func ParseProcess(text string) (Process, error) {
	name, parameter, _ := strings.Cut(text, ":")
	for _, p := range processes {
		if p.name == name {
			process, err := p.parse(parameter)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			return process, nil
		}
	}
	return nil, fmt.Errorf("want %s, got %q", ProcessUsage(), text)
}

// drawIntervals returns arrivals whose intervals, in seconds, are drawn when they are
// needed. The first item is due at offset 0. Drawn times are kept, which takes 8 bytes
// per item.
func drawIntervals(n int, interval func() float64) Arrivals {
	drawn, at := []time.Duration{0}, 0.0 // at is the last time drawn, in seconds
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
