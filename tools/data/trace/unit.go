package trace

import (
	"fmt"
	"time"
)

// Unit is the unit of a trace's timestamps.
type Unit time.Duration

// The units that a trace may have.
const (
	Auto        Unit = 0 // guessed from the timestamps
	Nanosecond       = Unit(time.Nanosecond)
	Microsecond      = Unit(time.Microsecond)
	Millisecond      = Unit(time.Millisecond)
	Second           = Unit(time.Second)
)

// ParseUnit returns the unit of a name: auto, s, ms, us or ns.
func ParseUnit(name string) (Unit, error) {
	unit, known := map[string]Unit{"auto": Auto, "s": Second, "ms": Millisecond, "us": Microsecond, "ns": Nanosecond}[name]
	if !known {
		return 0, fmt.Errorf("want auto, s, ms, us or ns, got %q", name)
	}
	return unit, nil
}

func (u Unit) String() string {
	switch u {
	case Second:
		return "s"
	case Millisecond:
		return "ms"
	case Microsecond:
		return "us"
	case Nanosecond:
		return "ns"
	}
	return "auto"
}

// Plausible request rates of a trace, per second. They are used for offsets only,
// whose magnitude does not determine the unit.
const (
	minRate = 1. / 3600
	maxRate = 100.
)

// guessUnit returns the unit of sorted timestamps and the reason for it.
func guessUnit(timestamps []timestamp) (unit Unit, reason string) {
	if timestamps[0].isDate {
		return Nanosecond, ""
	}
	for _, candidate := range unitsOfDates() {
		sample, within := timestamps[:min(10, len(timestamps))], 0
		for _, s := range sample {
			if v := s.float(); v >= candidate.from && v < candidate.to {
				within++
			}
		}
		if timestamps[0].float() >= 1e8 && float64(within) >= 0.8*float64(len(sample)) {
			return candidate.unit, "timestamps taken for " + candidate.unit.String() + " since 1970"
		}
	}
	return guessOffset(timestamps)
}

// dateRange is the range of the years 2001 to 2286 in a unit.
type dateRange struct {
	unit     Unit
	from, to float64
}

func unitsOfDates() []dateRange {
	return []dateRange{{Second, 1e9, 1e10}, {Millisecond, 1e12, 1e13}, {Microsecond, 1e15, 1e16}, {Nanosecond, 1e18, 1e19}}
}

// guessOffset assumes milliseconds, or seconds if some offsets have a fraction.
// If that gives an implausible request rate it tries the other units.
func guessOffset(timestamps []timestamp) (Unit, string) {
	order := []Unit{Millisecond, Second, Microsecond, Nanosecond}
	kind := "whole"
	for _, s := range timestamps {
		if s.nano != 0 {
			order, kind = []Unit{Second, Millisecond, Microsecond, Nanosecond}, "fractional"
			break
		}
	}
	span := timestamps[len(timestamps)-1].float() - timestamps[0].float()
	for _, unit := range order {
		rate := float64(len(timestamps)-1) / (span * time.Duration(unit).Seconds())
		if span == 0 || rate >= minRate && rate <= maxRate {
			return unit, fmt.Sprintf("%s timestamps taken for offsets in %s: %.3g requests/s", kind, unit, rate)
		}
	}
	return order[0], fmt.Sprintf("%s timestamps taken for offsets in %s", kind, order[0])
}
