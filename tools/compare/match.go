package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/LMCache/LMBench/tools/results/suite"
)

// pair is one point measured on both sides.
type pair struct {
	a, b *suite.Point
	name string // workload, rate, and the baseline where there are several
}

// identity is what two measurements of one point have in common.
type identity struct {
	workload, baseline, setting string
	rate                        float64
}

// match pairs the newest runs of both sides, and tells what only one side has.
func match(a, b []suite.Point) (pairs []pair, alone []string) {
	named := len(baselines(a)) != 1 || len(baselines(b)) != 1
	// Parameters pair points only where a side has several settings; else what
	// differs is told, since it may be what is compared.
	several := settings(a, named) || settings(b, named)
	left, right := newest(a, named, several), newest(b, named, several)
	for id, one := range left {
		other, both := right[id]
		if !both {
			alone = append(alone, "only A has "+id.name(named))
			continue
		}
		p := pair{one, other, id.name(named)}
		if one.Setting.String() != other.Setting.String() {
			alone = append(alone, fmt.Sprintf("%s: the parameters differ: A has %s, B has %s", id.name(named), differing(one.Setting, other.Setting), differing(other.Setting, one.Setting)))
		}
		pairs = append(pairs, p)
	}
	for id := range right {
		if _, both := left[id]; !both {
			alone = append(alone, "only B has "+id.name(named))
		}
	}
	slices.Sort(alone)
	slices.SortFunc(pairs, func(p, q pair) int {
		return cmp.Or(cmp.Compare(p.a.Workload, q.a.Workload), cmp.Compare(p.a.Baseline, q.a.Baseline), cmp.Compare(rate(p.a), rate(q.a)), cmp.Compare(p.name, q.name))
	})
	return pairs, alone
}

func baselines(points []suite.Point) map[string]bool {
	all := map[string]bool{}
	for _, p := range points {
		all[p.Baseline] = true
	}
	return all
}

// settings tells whether any curve has several.
func settings(points []suite.Point, named bool) bool {
	seen := map[identity]string{}
	for i := range points {
		id := identify(&points[i], named, false)
		id.rate = 0
		setting := points[i].Setting.String()
		if other, known := seen[id]; known && other != setting {
			return true
		}
		seen[id] = setting
	}
	return false
}

// newest are the last runs of each point; points come in the order of time.
func newest(points []suite.Point, named, several bool) map[identity]*suite.Point {
	all := map[identity]*suite.Point{}
	for i := range points {
		all[identify(&points[i], named, several)] = &points[i]
	}
	return all
}

func identify(p *suite.Point, named, several bool) identity {
	id := identity{workload: p.Workload, rate: rate(p)}
	if named {
		id.baseline = p.Baseline
	}
	if several {
		id.setting = p.Setting.String()
	}
	return id
}

// rate is that which was asked for.
func rate(p *suite.Point) float64 {
	if math.IsNaN(p.QPS) {
		return -1 // as fast as can be
	}
	return p.QPS
}

func (id identity) name(named bool) string {
	text := id.workload
	if named {
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

// differing are the parameters that the other side has not, or has otherwise.
func differing(of, other suite.Setting) string {
	var some suite.Setting
	for _, p := range of {
		if !slices.Contains(other, p) {
			some = append(some, p)
		}
	}
	if len(some) == 0 {
		return "none of these"
	}
	return some.String()
}
