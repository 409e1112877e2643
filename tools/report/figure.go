package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/results/goodput"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// plot is one figure of a page.
type plot struct {
	ID      string
	Title   string
	Caption string
	Choose  string // what is chosen between views; empty if there is one
	Views   []view
}

// figures of a workload.
func figures(w *workload, g goodput.Goals) (all []plot) {
	id := slug(w.name)
	add := func(p plot, some bool) {
		if some {
			all = append(all, p)
		}
	}
	add(latencies(w, id), true)
	add(rates(w, id), true)
	add(goodputs(w, id, g), len(g) > 0)
	add(distributions(w, id))
	add(cached(w, id))
	add(lag(w, id))
	add(courses(w, id))
	add(heats(w, id))
	return all
}

// head is what the rows of a table by runs begin with.
func head(run *measured) []string {
	label := run.line.Label
	if !run.latest {
		label += ", earlier run"
	}
	ok, failed := fmt.Sprint(run.Results.OK), fmt.Sprint(run.Results.Failed)
	if run.Failed != nil {
		ok, failed = "0", fmt.Sprint(run.Failed.Sent)
	}
	return []string{label, short(run.rate()), run.standing(), ok, failed}
}

// marks explains those that are there.
func marks(w *workload) string {
	var texts []string
	has := func(is func(*measured) bool) bool { return slices.ContainsFunc(w.runs, is) }
	if has(func(m *measured) bool { return m.Verdict.Level == verdict.Suspect }) {
		texts = append(texts, "Hollow: SUSPECT.")
	}
	if has(func(m *measured) bool { return m.Verdict.Level == verdict.Invalid }) {
		texts = append(texts, "Hollow and crossed: INVALID, not to be believed.")
	}
	if has(func(m *measured) bool { return m.Failed != nil }) {
		texts = append(texts, "Crosses above the plot: failed, no figures; the curve stops there.")
	}
	if has(func(m *measured) bool { return !m.latest }) {
		texts = append(texts, "Of a point measured more than once the newest run is drawn, the earlier ones faint.")
	}
	return strings.Join(texts, " ")
}

// newestFirst has the runs at the highest rate of each line first.
func newestFirst(w *workload) (runs []*measured) {
	for _, run := range w.runs {
		if run.Failed == nil {
			runs = append(runs, run)
		}
	}
	slices.SortStableFunc(runs, func(a, b *measured) int {
		switch {
		case a.latest != b.latest:
			if a.latest {
				return -1
			}
			return 1
		case a.rate() > b.rate():
			return -1
		case a.rate() < b.rate():
			return 1
		}
		return 0
	})
	return runs
}
