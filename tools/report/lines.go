package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/results/suite"
)

// workload is what is drawn together: the points of one workload.
type workload struct {
	name  string
	lines []*line
	runs  []*measured // by line, rate and time
	fixed suite.Setting
}

// line is a curve: one baseline with one setting, at several rates.
type line struct {
	Label  string // the baseline, and of its setting what others do differently
	Series int    // number of the label in the page: its colour, and by it it is hidden
	runs   []*measured
}

// group sorts runs into workloads and lines.
func group(runs []*measured) []*workload {
	var all []*workload
	for _, run := range runs {
		at := slices.IndexFunc(all, func(w *workload) bool { return w.name == run.Workload })
		if at < 0 {
			at = len(all)
			all = append(all, &workload{name: run.Workload})
		}
		all[at].runs = append(all[at].runs, run)
	}
	slices.SortFunc(all, func(a, b *workload) int { return cmp.Compare(a.name, b.name) })
	labels := map[string]int{}
	for _, w := range all {
		w.split()
		for _, l := range w.lines {
			if _, known := labels[l.Label]; !known {
				labels[l.Label] = len(labels)
			}
			l.Series = labels[l.Label]
		}
	}
	return all
}

// split makes the lines.
func (w *workload) split() {
	varied := w.varied()
	for _, run := range w.runs {
		label := run.Baseline
		if own := only(run.Setting, varied); len(own) > 0 {
			label += " (" + own.String() + ")"
		}
		at := slices.IndexFunc(w.lines, func(l *line) bool { return l.Label == label })
		if at < 0 {
			at = len(w.lines)
			w.lines = append(w.lines, &line{Label: label})
		}
		run.line = w.lines[at]
		run.line.runs = append(run.line.runs, run)
	}
	slices.SortFunc(w.lines, func(a, b *line) int { return cmp.Compare(a.Label, b.Label) })
	w.runs = nil
	for _, l := range w.lines {
		l.order()
		w.runs = append(w.runs, l.runs...)
	}
}

// varied are the parameters that do not have one value in all runs; the others are
// the workload's fixed setting.
func (w *workload) varied() (names []string) {
	first := w.runs[0].Setting
	for _, p := range first {
		if slices.ContainsFunc(w.runs, func(m *measured) bool { return !slices.Contains(m.Setting, p) }) {
			names = append(names, p.Name)
		} else {
			w.fixed = append(w.fixed, p)
		}
	}
	for _, run := range w.runs {
		for _, p := range run.Setting {
			if !slices.Contains(names, p.Name) && !slices.Contains(w.fixed, p) {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

func only(s suite.Setting, names []string) (some suite.Setting) {
	for _, p := range s {
		if slices.Contains(names, p.Name) {
			some = append(some, p)
		}
	}
	return some
}

// order sorts by rate, then time, and marks the newest run of each rate.
func (l *line) order() {
	slices.SortStableFunc(l.runs, func(a, b *measured) int {
		return cmp.Or(cmp.Compare(a.rate(), b.rate()), a.Measured.Compare(b.Measured))
	})
	for i, run := range l.runs {
		run.latest = i == len(l.runs)-1 || l.runs[i+1].rate() != run.rate()
	}
}

// rate is where a run stands on the axis: the rate that was asked for, or where
// there is none, as with "as fast as you can", the rate that was sent.
func (m *measured) rate() float64 {
	for _, rate := range []float64{m.QPS, m.Results.Offered, m.Results.Achieved} {
		if !math.IsNaN(rate) && rate > 0 {
			return rate
		}
	}
	return 0
}

// name is a run's, for a list of them.
func (m *measured) name() string {
	return fmt.Sprintf("%s · %s req/s · %s", m.line.Label, short(m.rate()), m.Measured.UTC().Format("2006-01-02 15:04"))
}

// standing is the verdict in a table.
func (m *measured) standing() string {
	if m.Failed != nil {
		return "FAILED"
	}
	return cmp.Or(string(m.Verdict.Level), absent)
}

// rangeOf names some sessions.
func rangeOf(users []int32) string {
	if len(users) == 1 {
		return fmt.Sprint(users[0])
	}
	return fmt.Sprintf("%d … %d", users[0], users[len(users)-1])
}

// slug is a name for a file and an anchor.
func slug(text string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r == '.', r == '-', r == '_':
			return r
		}
		return '-'
	}, text), "-.")
}
