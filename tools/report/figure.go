package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/goodput"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// figure is one figure of the page.
type figure struct {
	ID      string
	Title   string
	Caption string
	Choose  string // what the reader chooses between views; empty if there is one view
	Views   []view
}

// figures returns the figures of a workload. Figures without data are left out.
func figures(w *workload, goals goodput.Goals) (all []figure) {
	id := slug(w.name)
	add := func(f figure, known bool) {
		if known {
			all = append(all, f)
		}
	}
	add(latencyFigure(w, id), true)
	add(rateFigure(w, id), true)
	add(goodputFigure(w, id, goals), len(goals) > 0)
	add(cdfFigure(w, id))
	add(cachedFigure(w, id))
	add(lagFigure(w, id))
	add(timelineFigure(w, id))
	add(heatmapFigure(w, id))
	return all
}

// measurementCells returns the first cells of a row for a measurement.
func measurementCells(m *measurement) []string {
	label := m.curve.Label
	if !m.latest {
		label += ", earlier run"
	}
	ok, failed := m.Results.OK, m.Results.Failed
	if m.Failed != nil {
		ok, failed = 0, m.Failed.Sent
	}
	return []string{label, format.Short(m.rate()), m.verdictText(), fmt.Sprint(ok), fmt.Sprint(failed)}
}

// markerCaption explains the markers that a workload's charts have.
func markerCaption(w *workload) string {
	var texts []string
	has := func(is func(*measurement) bool) bool { return slices.ContainsFunc(w.measurements, is) }
	if has(func(m *measurement) bool { return m.Verdict.Level == verdict.Suspect }) {
		texts = append(texts, "Hollow marker: SUSPECT.")
	}
	if has(func(m *measurement) bool { return m.Verdict.Level == verdict.Invalid }) {
		texts = append(texts, "Hollow marker with a cross: INVALID, do not use.")
	}
	if has(func(m *measurement) bool { return m.Failed != nil }) {
		texts = append(texts, "Cross above the plot: the point failed and has no figures; the curve is interrupted there.")
	}
	if has(func(m *measurement) bool { return !m.latest }) {
		texts = append(texts, "If a point was measured more than once, the latest run is drawn; earlier ones are faint.")
	}
	return strings.Join(texts, " ")
}

// latestFirst returns the measurements with a result, in the order in which a reader
// looks for them: latest runs before earlier ones, high rates before low ones.
func latestFirst(w *workload) (all []*measurement) {
	for _, m := range w.measurements {
		if m.Failed == nil {
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b *measurement) int {
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
	return all
}
