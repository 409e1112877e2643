package trace

import (
	"fmt"
	"time"
)

// Unit is what one unit of a trace's timestamps stands for.
type Unit time.Duration

// Auto finds the unit by looking at the timestamps.
const (
	Auto        Unit = 0
	Nanosecond       = Unit(time.Nanosecond)
	Microsecond      = Unit(time.Microsecond)
	Millisecond      = Unit(time.Millisecond)
	Second           = Unit(time.Second)
)

// ParseUnit reads the name by which a unit is asked for.
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

// Rates that a trace of real requests has, in requests a second. They decide
// only for offsets, whose size alone does not tell the unit.
const (
	slowest = 1. / 3600
	fastest = 100.
)

// guessUnit finds the unit of stamps in order.
func guessUnit(stamps []stamp) (unit Unit, why string) {
	if stamps[0].dated {
		return Nanosecond, ""
	}
	for _, of := range []struct {
		unit     Unit
		from, to float64 // of a time since 1970 in this unit
	}{{Second, 1e9, 1e10}, {Millisecond, 1e12, 1e13}, {Microsecond, 1e15, 1e16}, {Nanosecond, 1e18, 1e19}} {
		looked, within := stamps[:min(10, len(stamps))], 0
		for _, s := range looked {
			if v := s.float(); v >= of.from && v < of.to {
				within++
			}
		}
		if stamps[0].float() >= 1e8 && float64(within) >= 0.8*float64(len(looked)) {
			return of.unit, "the timestamps are " + of.unit.String() + " since 1970"
		}
	}
	return guessOffset(stamps)
}

// guessOffset takes offsets for milliseconds, or seconds if they have a
// fraction, unless requests would come at an unlikely rate then.
func guessOffset(stamps []stamp) (Unit, string) {
	order := []Unit{Millisecond, Second, Microsecond, Nanosecond}
	kind := "whole"
	for _, s := range stamps {
		if s.nano != 0 {
			order, kind = []Unit{Second, Millisecond, Microsecond, Nanosecond}, "fractional"
			break
		}
	}
	span := stamps[len(stamps)-1].float() - stamps[0].float()
	for _, unit := range order {
		rate := float64(len(stamps)-1) / (span * time.Duration(unit).Seconds())
		if span == 0 || rate >= slowest && rate <= fastest {
			return unit, fmt.Sprintf("the timestamps are %s offsets, as %s %.3g requests a second", kind, unit, rate)
		}
	}
	return order[0], fmt.Sprintf("the timestamps are %s offsets", kind)
}
