package verdict

import (
	"fmt"
	"strings"

	"github.com/LMCache/LMBench/tools/results/metrics"
)

// Ledger accounts for every planned request.
type Ledger struct {
	Planned, OK, Failed, Cancelled int
	NeverSent                      []Unsent
	Beyond                         int // sent although not planned: the plan was an estimate
}

// Unsent counts the requests that were not sent, for one cause.
type Unsent struct {
	Cause string
	Count int
}

// Reconcile sets what the rows say against the plan. It reports false if the plan is
// not known.
func Reconcile(figures *metrics.Figures, facts *Facts) (Ledger, bool) {
	of := &facts.Ledger
	if of.Planned == nil || *of.Planned < 0 {
		return Ledger{}, false
	}
	l := Ledger{
		Planned: *of.Planned, OK: figures.OK, Failed: figures.Failed - figures.Diagnostics.Cancelled, Beyond: max(of.BeyondPlan, 0),
		Cancelled: figures.Diagnostics.Cancelled + max(of.Killed, 0), // killed requests have no row
	}
	for _, unsent := range []Unsent{{"interrupted", of.NeverSent.Interrupted}, {"not_taken", of.NeverSent.NotTaken}, {"stage_ended", of.NeverSent.StageEnded}} {
		if unsent.Count > 0 {
			l.NeverSent = append(l.NeverSent, unsent)
		}
	}
	return l, true
}

// Missing returns the number of planned requests that are not accounted for. It is
// negative if more are accounted for than were planned.
func (l *Ledger) Missing() int {
	n := l.Planned + l.Beyond - l.OK - l.Failed - l.Cancelled
	for _, unsent := range l.NeverSent {
		n -= unsent.Count
	}
	return n
}

// success is the first check: without a successful request there are no figures.
func (e *evaluator) success() {
	if e.OK > 0 {
		return
	}
	const advice = "fix that and rerun the point"
	cause, notInCSV := e.facts.PointError, orZero(e.facts.Total.Finished)+orZero(e.facts.Total.Lost)
	switch {
	case e.Sent > 0:
		text := fmt.Sprintf("none of %d requests succeeded", e.Sent)
		if len(e.Failures) > 0 {
			text += "; most often: " + e.Failures[0].Text
		}
		e.add(NothingSucceeded, Invalid, text, advice+"; the column error has the reason for each request")
	case cause != "":
		e.add(NothingMeasured, Invalid, "no request was measured: "+cause, advice)
	case notInCSV > 0:
		e.add(NothingMeasured, Invalid, fmt.Sprintf("%.0f requests were sent, but none of those to be measured: the time was over before the first of them was due", notInCSV),
			"give the point more --time, or no limit")
	default:
		e.add(NothingMeasured, Invalid, "no request was sent", "give the point more --time, or a higher rate")
	}
}

func (e *evaluator) accounting() {
	l, known := Reconcile(e.Figures, e.facts)
	if !known {
		return
	}
	const advice = "the CSV is incomplete: rerun the point"
	if missing := l.Missing(); missing != 0 {
		e.add(LedgerMismatch, Invalid, fmt.Sprintf("%d requests were planned, but %d ok, %d failed, %d cancelled and those never sent leave %d unaccounted for",
			l.Planned+l.Beyond, l.OK, l.Failed, l.Cancelled, missing), advice)
	}
	if sent := e.facts.Ledger.Sent; sent != nil && *sent != e.Sent && !e.has(LedgerMismatch) {
		e.add(LedgerMismatch, Invalid, fmt.Sprintf("%d requests were sent, but %d have a row", *sent, e.Sent), advice)
	}
}

func (e *evaluator) interruption() {
	text := "a signal ended the run before its plan was complete"
	switch {
	case strings.EqualFold(e.facts.Interrupted, LogCutOff):
		text = "the event log ends before the run did: the run was killed, or the log is damaged"
	case strings.EqualFold(e.facts.Interrupted, BySignal):
	default:
		return
	}
	e.add(Interrupted, Suspect, text, "rerun the point for figures of the whole load")
}

// sampleSize is a reason only below what p90 needs. Higher percentiles that need more
// samples are marked where they are shown.
func (e *evaluator) sampleSize() {
	if e.OK > 0 && e.OK < metrics.Needed(90) {
		e.add(TooFewSamples, Suspect, fmt.Sprintf("%d requests succeeded, p90 needs %d (p99 %d, p99.9 %d)", e.OK, metrics.Needed(90), metrics.Needed(99), metrics.Needed(99.9)),
			"run longer or at a higher rate; until then use the median and its interval")
	}
}
