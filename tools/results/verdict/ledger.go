package verdict

import (
	"fmt"
	"strings"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
)

// Ledger is what became of every planned request.
type Ledger struct {
	Planned, OK, Failed, Cancelled int
	NeverSent                      []Unsent
	Beyond                         int // sent although not planned: what was planned was an estimate
}

// Unsent is how many requests were not sent for one cause.
type Unsent struct {
	Cause string
	Count int
}

// Book makes the ledger of what the rows and the facts say. Without facts there
// is no plan to compare with.
func Book(figures *metrics.Figures, facts *Facts) (Ledger, bool) {
	of := &facts.Ledger
	if of.Planned == nil || *of.Planned < 0 {
		return Ledger{}, false
	}
	l := Ledger{
		Planned: *of.Planned, OK: figures.OK, Failed: figures.Failed - figures.Diagnostics.Cancelled, Beyond: max(of.BeyondPlan, 0),
		Cancelled: figures.Diagnostics.Cancelled + max(of.Killed, 0), // what was killed with the process has no row
	}
	for _, unsent := range []Unsent{{"interrupted", of.NeverSent.Interrupted}, {"not_taken", of.NeverSent.NotTaken}, {"stage_ended", of.NeverSent.StageEnded}} {
		if unsent.Count > 0 {
			l.NeverSent = append(l.NeverSent, unsent)
		}
	}
	return l, true
}

// Missing is how many planned requests are not accounted for; fewer than 0: how
// many there are too many.
func (l *Ledger) Missing() int {
	n := l.Planned + l.Beyond - l.OK - l.Failed - l.Cancelled
	for _, unsent := range l.NeverSent {
		n -= unsent.Count
	}
	return n
}

func (p *point) ledger() {
	l, known := Book(p.Figures, p.facts)
	if !known {
		return
	}
	if missing := l.Missing(); missing != 0 {
		p.add("ledger_mismatch", Invalid, fmt.Sprintf("%d requests were planned, but %d ok, %d failed, %d cancelled and those never sent leave %d not accounted for",
			l.Planned+l.Beyond, l.OK, l.Failed, l.Cancelled, missing), "the CSV is not whole: run the point again")
	}
	if sent := record.Value(p.facts.Ledger.Sent); sent >= 0 && int(sent) != p.Sent && !p.has("ledger_mismatch") {
		p.add("ledger_mismatch", Invalid, fmt.Sprintf("%.0f requests were sent, but %d have a row", sent, p.Sent), "the CSV is not whole: run the point again")
	}
}

// nothing is first of all: without a success there are no figures to doubt.
func (p *point) nothing() {
	if p.OK > 0 {
		return
	}
	cause, unlisted := p.facts.PointError, orZero(p.facts.Total.Finished)+orZero(p.facts.Total.Lost)
	switch {
	case p.Sent > 0:
		text := fmt.Sprintf("none of %d requests succeeded", p.Sent)
		if len(p.Failures) > 0 {
			text += "; most often: " + p.Failures[0].Text
		}
		p.add("nothing_succeeded", Invalid, text, "mend that and run the point again; every request's own reason is in the column error")
	case cause != "":
		p.add("nothing_measured", Invalid, "no request was measured: "+cause, "mend that and run the point again")
	case unlisted > 0:
		p.add("nothing_measured", Invalid, fmt.Sprintf("%.0f requests were sent, but none of those to be measured: the time was over before any of them was due", unlisted),
			"give the point more --time, or none at all")
	default:
		p.add("nothing_measured", Invalid, "no request was sent", "give the point more --time, or a higher rate")
	}
}

func (p *point) interrupted() {
	text := "a signal ended the run before its plan was over"
	switch {
	case strings.EqualFold(p.facts.Interrupted, LogCutOff):
		text = "the event log does not reach the end of the run: the run was killed, or the log is damaged"
	case strings.EqualFold(p.facts.Interrupted, BySignal):
	default:
		return
	}
	p.add("interrupted", Suspect, text, "run the point again for figures of the whole load")
}

// samples is raised only below what any percentile beyond the median needs;
// that a given one needs more is marked at the figure.
func (p *point) samples() {
	if p.OK > 0 && p.OK < metrics.Needed(90) {
		p.add("too_few_samples", Suspect, fmt.Sprintf("%d requests succeeded, p90 needs %d (p99 %d, p99.9 %d)", p.OK, metrics.Needed(90), metrics.Needed(99), metrics.Needed(99.9)),
			"run longer or at a higher rate; until then read the median and its interval")
	}
}
