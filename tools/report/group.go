package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/suite"
)

// workload holds the measurements that are drawn together.
type workload struct {
	name         string
	curves       []*curve
	measurements []*measurement // by curve, rate and time
	fixed        suite.Setting  // the parameters that all have in common
}

// curve is one baseline with one set of parameters, at several rates.
type curve struct {
	Label        string // the baseline, and the parameters that differ between curves
	Index        int    // of the label in the page: determines the colour, and what a checkbox hides
	measurements []*measurement
}

// group sorts measurements into workloads and curves.
func group(measurements []*measurement) []*workload {
	var all []*workload
	for _, m := range measurements {
		i := slices.IndexFunc(all, func(w *workload) bool { return w.name == m.Workload })
		if i < 0 {
			i = len(all)
			all = append(all, &workload{name: m.Workload})
		}
		all[i].measurements = append(all[i].measurements, m)
	}
	slices.SortFunc(all, func(a, b *workload) int { return cmp.Compare(a.name, b.name) })
	labels := map[string]int{}
	for _, w := range all {
		w.split()
		for _, l := range w.curves {
			if _, known := labels[l.Label]; !known {
				labels[l.Label] = len(labels)
			}
			l.Index = labels[l.Label]
		}
	}
	return all
}

// split assigns the measurements to curves.
func (w *workload) split() {
	varied := w.varied()
	for _, m := range w.measurements {
		label := m.Baseline
		if own := only(m.Setting, varied); len(own) > 0 {
			label += " (" + own.String() + ")"
		}
		i := slices.IndexFunc(w.curves, func(l *curve) bool { return l.Label == label })
		if i < 0 {
			i = len(w.curves)
			w.curves = append(w.curves, &curve{Label: label})
		}
		m.curve = w.curves[i]
		m.curve.measurements = append(m.curve.measurements, m)
	}
	slices.SortFunc(w.curves, func(a, b *curve) int { return cmp.Compare(a.Label, b.Label) })
	w.measurements = nil
	for _, l := range w.curves {
		l.order()
		w.measurements = append(w.measurements, l.measurements...)
	}
}

// varied returns the parameters that differ between measurements, and puts the others
// into w.fixed.
func (w *workload) varied() (names []string) {
	first := w.measurements[0].Setting
	for _, p := range first {
		if slices.ContainsFunc(w.measurements, func(m *measurement) bool { return !slices.Contains(m.Setting, p) }) {
			names = append(names, p.Name)
		} else {
			w.fixed = append(w.fixed, p)
		}
	}
	for _, m := range w.measurements {
		for _, p := range m.Setting {
			if !slices.Contains(names, p.Name) && !slices.Contains(w.fixed, p) {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

// only returns the parameters with the given names.
func only(s suite.Setting, names []string) (some suite.Setting) {
	for _, p := range s {
		if slices.Contains(names, p.Name) {
			some = append(some, p)
		}
	}
	return some
}

// order sorts by rate, then time, and marks the latest run of each rate.
func (l *curve) order() {
	slices.SortStableFunc(l.measurements, func(a, b *measurement) int {
		return cmp.Or(cmp.Compare(a.rate(), b.rate()), a.Measured.Compare(b.Measured))
	})
	for i, m := range l.measurements {
		m.latest = i == len(l.measurements)-1 || l.measurements[i+1].rate() != m.rate()
	}
}

// rate returns the requested rate or, if requests were sent as fast as possible, the
// achieved rate.
func (m *measurement) rate() float64 {
	for _, rate := range []float64{m.QPS, m.Results.Offered, m.Results.Achieved} {
		if !math.IsNaN(rate) && rate > 0 {
			return rate
		}
	}
	return 0
}

// name identifies a measurement in a list.
func (m *measurement) name() string {
	return fmt.Sprintf("%s · %s req/s · %s", m.curve.Label, format.Short(m.rate()), m.Measured.UTC().Format("2006-01-02 15:04"))
}

// verdictText returns the verdict for a table.
func (m *measurement) verdictText() string {
	if m.Failed != nil {
		return "FAILED"
	}
	return cmp.Or(string(m.Verdict.Level), format.Missing)
}

// rangeOf returns a label for some sessions.
func rangeOf(users []int32) string {
	if len(users) == 1 {
		return fmt.Sprint(users[0])
	}
	return fmt.Sprintf("%d … %d", users[0], users[len(users)-1])
}

// slug returns a name that is safe in file names and anchors.
func slug(text string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r == '.', r == '-', r == '_':
			return r
		}
		return '-'
	}, text), "-.")
}
