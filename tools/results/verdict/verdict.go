package verdict

import (
	"fmt"
	"io"
	"strings"

	"github.com/LMCache/LMBench/tools/results/metrics"
)

// Level is how far the figures of a point can be trusted.
type Level string

const (
	Valid   Level = "VALID"   // nothing was found that speaks against the figures
	Suspect Level = "SUSPECT" // a figure may mean something other than it seems
	Invalid Level = "INVALID" // the figures are not those that were to be measured
)

// Reason is one finding against the figures.
type Reason struct {
	Code   string `json:"code"`   // for programs
	Level  Level  `json:"weight"` // the verdict if this were the only reason
	Text   string `json:"text"`   // what was found
	Advice string `json:"advice"` // what to do
}

// Verdict has the level of its worst reason. An empty level means that the point was
// not judged.
type Verdict struct {
	Level   Level    `json:"word"`
	Reasons []Reason `json:"reasons"` // in the order of the checks
}

// The thresholds. They are meant to be passed by what changes a conclusion, not
// by noise: a run without a fault raises nothing.
const (
	// The client's own lateness counts when it is a sizeable part of what is
	// measured, for more than one request in a hundred.
	LateMS           = 10.0  // suspect beyond this and LateOfTTFT of the median TTFT
	LateOfTTFT       = 0.1   //
	VeryLateMS       = 100.0 // invalid beyond this and VeryLateOfTTFT of the median TTFT
	VeryLateOfTTFT   = 0.5   //
	BusyShare        = 0.85  // of the processors that the client may use,
	BusySeconds      = 5.0   // for so long at least
	StallMS          = 1000.0
	HeldMS           = 10.0   // sending waited for the writer
	ClockStepMS      = 10.0   // beyond what a clock that is slewed may do:
	ClockSlew        = 500e-6 // 500 ppm, the kernel's limit
	KSLimit          = 0.25   // of gaps, beyond their tolerance
	DispersionExcess = 0.5    // half as much as a Poisson process has
	CorrelationLimit = 0.3    // change of the lag-1 correlation, where gaps are not even
	LeastArrivals    = 64
	PauseSeconds     = 1.0   // at least, and
	PauseOfGap       = 20    // times the p95 of gaps between chunks, which a pause itself hardly moves
	PauseOfTTFT      = 5.0   // of the median TTFT, at least, where answers had not begun
	PauseUnsent      = 1.25  // requests planned for a time so many times a pause may be unsent for it
	FailedShare      = 0.001 // suspect
	FailedInvalid    = 0.05
	NotTakenShare    = 0.05
	WarmShare        = 0.01 // of the cold prompts
	TokenShare       = 0.01 // of the answers: with a wrong count, or with none
	ShortAnswers     = 0.9  // MLPerf's floor for the length of answers
	LittleShare      = 0.1
	CounterShare     = 0.02 // by which the engine's own counters may differ
)

// point is what a judge sees.
type point struct {
	*metrics.Figures
	facts *Facts
	found []Reason
}

// Judge tells what speaks against a point's figures. What is not known speaks
// against nothing.
func Judge(figures *metrics.Figures, facts *Facts) Verdict {
	p := &point{Figures: figures, facts: facts}
	for _, check := range []func(*point){
		(*point).nothing, (*point).ledger, (*point).interrupted, (*point).arrivals, (*point).writer, (*point).lateness, (*point).processors, (*point).clock,
		(*point).calibration, (*point).failures, (*point).pause, (*point).notTaken, (*point).cache, (*point).tokens, (*point).counters,
		(*point).lengths, (*point).little, (*point).samples,
	} {
		check(p)
	}
	v := Verdict{Level: Valid, Reasons: p.found}
	for _, reason := range p.found {
		if reason.Level == Invalid || v.Level == Valid {
			v.Level = reason.Level
		}
	}
	return v
}

func (p *point) add(code string, level Level, text, advice string) {
	p.found = append(p.found, Reason{code, level, text, advice})
}

// has tells whether a reason was found already.
func (p *point) has(code string) bool {
	for _, reason := range p.found {
		if reason.Code == code {
			return true
		}
	}
	return false
}

// Print tells a person.
func (v Verdict) Print(w io.Writer) {
	fmt.Fprintf(w, "verdict: %s\n", v.Level)
	for _, reason := range v.Reasons {
		fmt.Fprintf(w, "  %s (%s): %s\n", strings.ToLower(string(reason.Level)), reason.Code, reason.Text)
		fmt.Fprintf(w, "    what to do: %s\n", reason.Advice)
	}
}

// Line is a verdict in a line: its word and the codes of its reasons.
func (v Verdict) Line() string {
	codes := make([]string, len(v.Reasons))
	for i, reason := range v.Reasons {
		codes[i] = reason.Code
	}
	if len(codes) == 0 {
		return string(v.Level)
	}
	return fmt.Sprintf("%s (%s)", v.Level, strings.Join(codes, ", "))
}

// Unknown is the verdict on figures whose requests are not there.
func Unknown() Verdict {
	return Verdict{Suspect, []Reason{{"requests_missing", Suspect, "the requests that the figures were made of are not there: nothing could be checked", "keep their CSV beside that of the figures, as FILE_requests.csv"}}}
}

// Mark follows a percentile that its sample cannot support.
const Mark = "?"

// Legend explains the mark.
func Legend() string {
	var needs []string
	for _, percent := range metrics.Percents() {
		if percent > 50 { // a median is shown of any sample
			needs = append(needs, fmt.Sprintf("%s %d", metrics.PercentName(percent), metrics.Needed(percent)))
		}
	}
	return fmt.Sprintf("%s fewer samples than the percentile needs (%s)", Mark, strings.Join(needs, ", "))
}

func percent(share float64) string {
	switch v := 100 * share; {
	case v >= 10:
		return fmt.Sprintf("%.0f %%", v)
	case v >= 0.1:
		return fmt.Sprintf("%.1f %%", v)
	default:
		return fmt.Sprintf("%.2g %%", v)
	}
}

func millis(ms float64) string {
	switch {
	case !(ms > 0):
		return "0 ms"
	case ms >= 1000:
		return fmt.Sprintf("%.1f s", ms/1000)
	case ms >= 10:
		return fmt.Sprintf("%.0f ms", ms)
	}
	return fmt.Sprintf("%.2g ms", ms)
}
