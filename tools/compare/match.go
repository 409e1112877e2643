package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/LMCache/LMBench/tools/results/suite"
)

// pair is a point that both sides measured.
type pair struct {
	a, b *suite.Point
	name string // workload, rate, and the baseline if there are several
}

// identity is what the two measurements of a pair have in common.
type identity struct {
	workload, baseline, setting string
	rate                        float64
}

// match pairs the latest runs of both sides. The notes name points that only one side
// has, and pairs whose parameters differ.
func match(a, b []suite.Point) (pairs []pair, notes []string) {
	byBaseline := len(baselines(a)) != 1 || len(baselines(b)) != 1
	// Parameters identify points only if a side measured several settings. Otherwise a
	// different setting may be what is compared, so that it is only noted.
	bySetting := hasSettings(a, byBaseline) || hasSettings(b, byBaseline)
	left, right := latest(a, byBaseline, bySetting), latest(b, byBaseline, bySetting)
	for id, pointA := range left {
		pointB, found := right[id]
		if !found {
			notes = append(notes, "only A has "+id.name(byBaseline))
			continue
		}
		if pointA.Setting.String() != pointB.Setting.String() {
			notes = append(notes, fmt.Sprintf("%s: the parameters differ: A has %s, B has %s", id.name(byBaseline),
				difference(pointA.Setting, pointB.Setting), difference(pointB.Setting, pointA.Setting)))
		}
		pairs = append(pairs, pair{pointA, pointB, id.name(byBaseline)})
	}
	for id := range right {
		if _, found := left[id]; !found {
			notes = append(notes, "only B has "+id.name(byBaseline))
		}
	}
	slices.Sort(notes)
	slices.SortFunc(pairs, func(p, q pair) int {
		return cmp.Or(cmp.Compare(p.a.Workload, q.a.Workload), cmp.Compare(p.a.Baseline, q.a.Baseline), cmp.Compare(rate(p.a), rate(q.a)), cmp.Compare(p.name, q.name))
	})
	return pairs, notes
}

func baselines(points []suite.Point) map[string]bool {
	all := map[string]bool{}
	for _, p := range points {
		all[p.Baseline] = true
	}
	return all
}

// hasSettings reports whether any curve was measured with several settings.
func hasSettings(points []suite.Point, byBaseline bool) bool {
	seen := map[identity]string{}
	for i := range points {
		id := identify(&points[i], byBaseline, false)
		id.rate = 0
		setting := points[i].Setting.String()
		if other, known := seen[id]; known && other != setting {
			return true
		}
		seen[id] = setting
	}
	return false
}

// latest returns the last run of each point. The points are in the order of time.
func latest(points []suite.Point, byBaseline, bySetting bool) map[identity]*suite.Point {
	all := map[identity]*suite.Point{}
	for i := range points {
		all[identify(&points[i], byBaseline, bySetting)] = &points[i]
	}
	return all
}

func identify(p *suite.Point, byBaseline, bySetting bool) identity {
	id := identity{workload: p.Workload, rate: rate(p)}
	if byBaseline {
		id.baseline = p.Baseline
	}
	if bySetting {
		id.setting = p.Setting.String()
	}
	return id
}

// rate returns the requested rate, or -1 if requests were sent as fast as possible.
func rate(p *suite.Point) float64 {
	if math.IsNaN(p.QPS) {
		return -1
	}
	return p.QPS
}

func (id identity) name(byBaseline bool) string {
	text := id.workload
	if byBaseline {
		text += ", " + id.baseline
	}
	if id.setting != "" {
		text += " (" + id.setting + ")"
	}
	if id.rate >= 0 {
		text += fmt.Sprintf(" at %g requests/s", id.rate)
	}
	return text
}

// difference returns the parameters of a setting that another one lacks or has with
// another value.
func difference(setting, other suite.Setting) string {
	var some suite.Setting
	for _, p := range setting {
		if !slices.Contains(other, p) {
			some = append(some, p)
		}
	}
	if len(some) == 0 {
		return "none of these"
	}
	return some.String()
}
