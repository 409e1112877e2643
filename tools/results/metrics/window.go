package metrics

import (
	"math"

	"github.com/LMCache/LMBench/tools/results/record"
)

// span is the time that rows cover, in epoch seconds.
type span struct {
	rows                                int
	firstLaunch, lastLaunch, lastFinish float64
}

func (s *span) add(row *record.Row) {
	if s.rows == 0 {
		s.firstLaunch, s.lastLaunch, s.lastFinish = math.Inf(1), math.Inf(-1), math.Inf(-1)
	}
	s.rows++
	if row.LaunchTime < s.firstLaunch { // false for a stamp that is not there, as below
		s.firstLaunch = row.LaunchTime
	}
	if row.LaunchTime > s.lastLaunch {
		s.lastLaunch = row.LaunchTime
	}
	if row.FinishTime > s.lastFinish {
		s.lastFinish = row.FinishTime
	}
}

func (s *span) duration() float64 {
	if s.rows == 0 || !finite(s.lastFinish-s.firstLaunch) {
		return math.NaN()
	}
	return s.lastFinish - s.firstLaunch
}

// rate does not exist over a single instant.
func rate(amount, over float64) float64 {
	if !(over > 0) {
		return math.NaN()
	}
	return amount / over
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
