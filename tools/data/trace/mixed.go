package trace

import (
	"fmt"
	"math"
	"slices"
)

// separateUnits finds timestamps in seconds between others in milliseconds, as in
// files that two programs have written. It keeps the lines of one unit, the given
// one or else that of most lines, and lists the others as invalid.
func (p *parser) separateUnits() {
	units := p.unitsSince1970()
	kind := "since 1970"
	if units == nil {
		units, kind = p.unitsOfOffsets(), "offsets"
	}
	if units == nil {
		return
	}
	counts := map[Unit]int{}
	keep := units[0]
	for _, unit := range units {
		counts[unit]++
		if counts[unit] > counts[keep] {
			keep = unit
		}
	}
	if counts[p.trace.Unit] > 0 {
		keep = p.trace.Unit
	}
	example := p.trace.Requests[slices.Index(units, keep)].Line
	requests, timestamps := p.trace.Requests[:0], p.timestamps[:0]
	for i, r := range p.trace.Requests {
		if units[i] != keep {
			p.addInvalid(r.Line, fmt.Errorf("the trace mixes units: the timestamp looks like %s (%s), but that of line %d like %s: want one unit",
				units[i], kind, example, keep))
			continue
		}
		requests, timestamps = append(requests, r), append(timestamps, p.timestamps[i])
	}
	p.trace.Requests, p.timestamps = requests, timestamps
}

// unitsSince1970 returns the unit of each timestamp if all are times since 1970,
// within the 30 years that no trace spans, in more than one unit.
func (p *parser) unitsSince1970() []Unit {
	units := make([]Unit, len(p.timestamps))
	mixed, first, last := false, math.Inf(1), math.Inf(-1)
	for i, t := range p.timestamps {
		for _, since := range unitsOfDates() {
			if v := t.float(); v >= since.from && v < since.to {
				units[i] = since.unit
				seconds := v / since.from * 1e9
				first, last = min(first, seconds), max(last, seconds)
			}
		}
		if units[i] == Auto || t.isDate {
			return nil
		}
		mixed = mixed || units[i] != units[0]
	}
	if !mixed || last-first > year2000.Seconds() {
		return nil
	}
	return units
}

// unitsOfOffsets returns the unit of each timestamp if some are offsets in seconds
// and others in milliseconds. The larger ones are taken for milliseconds if the
// lines are then in order, and either were not before or only the smaller ones have
// a fraction.
func (p *parser) unitsOfOffsets() []Unit {
	if len(p.timestamps) < 4 || p.timestamps[0].isDate {
		return nil
	}
	limit, found := p.largestGap()
	if !found {
		return nil
	}
	units := make([]Unit, len(p.timestamps))
	counts, fractions := map[Unit]int{}, map[Unit]int{}
	sorted, sortedAfter := true, true
	before, secondsBefore := math.Inf(-1), math.Inf(-1)
	for i, t := range p.timestamps {
		v := t.float()
		seconds := v
		units[i] = Second
		if v > limit {
			units[i], seconds = Millisecond, v/1000
		}
		counts[units[i]]++
		if t.nano != 0 {
			fractions[units[i]]++
		}
		sorted, sortedAfter = sorted && v >= before, sortedAfter && seconds >= secondsBefore
		before, secondsBefore = v, seconds
	}
	if !sortedAfter || min(counts[Second], counts[Millisecond]) < 2 {
		return nil
	}
	if sorted && (fractions[Second] == 0 || fractions[Millisecond] > 0) {
		return nil
	}
	return units
}

// largestGap returns the timestamp before the largest relative gap, if the next one
// is at least a hundred times as large.
func (p *parser) largestGap() (before float64, found bool) {
	values := make([]float64, 0, len(p.timestamps))
	for _, t := range p.timestamps {
		if v := t.float(); v >= 1 {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	largest := 100.
	for i := 1; i < len(values); i++ {
		if ratio := values[i] / values[i-1]; ratio >= largest {
			before, largest, found = values[i-1], ratio, true
		}
	}
	return before, found
}
