package runner

import (
	"time"

	"github.com/LMCache/LMBench/tools/load/schedule"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/live"
)

// unknown is a time that cannot be estimated.
const unknown time.Duration = -1

// remaining is how long the rest of a run is expected to take.
type remaining struct {
	otherPoints time.Duration // the points after the present one
	afterStages time.Duration // these, and what follows the stages of the present one
}

// estimate returns what remains of a run at the start of a point, with so many
// points like it to come.
func estimate(stages []workload.Stage, cooldown time.Duration, points int) remaining {
	others := unknown
	if one := sum(expected(stages), cooldown); one >= 0 || points == 0 {
		others = time.Duration(points) * one
	}
	return remaining{others, sum(cooldown, others)}
}

// expected returns how long stages and the rests between them take.
func expected(stages []workload.Stage) (all time.Duration) {
	for i, s := range stages {
		last := i == len(stages)-1
		switch {
		case s.For > 0:
			all += s.For
		case s.Planned > 0 && s.Offered > 0:
			all += schedule.Seconds(float64(s.Planned) / s.Offered)
		case last:
			return unknown
		}
		if !last {
			all += s.Rest
		}
	}
	return all
}

// sum adds times. It is unknown if one of them is.
func sum(times ...time.Duration) (all time.Duration) {
	for _, t := range times {
		if t < 0 {
			return unknown
		}
		all += t
	}
	return all
}

// rest shows a pause and its reason until it is over or a signal comes. After is
// how long the run takes afterwards.
func (s *session) rest(reason string, d, after time.Duration) {
	if d <= 0 || s.interrupt.interrupted() {
		return
	}
	running := s.console.Begin(live.Stage{Name: reason, Duration: d, Idle: true, After: after})
	s.interrupt.sleep(d)
	s.console.End(running)
}
