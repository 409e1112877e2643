package metrics

import (
	"math"

	"github.com/LMCache/LMBench/tools/results/record"
)

// window is the time that rows cover, in seconds since 1970.
type window struct {
	rows                                int
	firstLaunch, lastLaunch, lastFinish float64
}

func (w *window) add(row *record.Row) {
	if w.rows == 0 {
		w.firstLaunch, w.lastLaunch, w.lastFinish = math.Inf(1), math.Inf(-1), math.Inf(-1)
	}
	w.rows++
	if row.LaunchTime < w.firstLaunch { // false for a missing instant, as below
		w.firstLaunch = row.LaunchTime
	}
	if row.LaunchTime > w.lastLaunch {
		w.lastLaunch = row.LaunchTime
	}
	if row.FinishTime > w.lastFinish {
		w.lastFinish = row.FinishTime
	}
}

func (w *window) duration() float64 {
	if w.rows == 0 || !finite(w.lastFinish-w.firstLaunch) {
		return math.NaN()
	}
	return w.lastFinish - w.firstLaunch
}

// rate returns NaN over a single instant.
func rate(amount, over float64) float64 {
	if !(over > 0) {
		return math.NaN()
	}
	return amount / over
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
