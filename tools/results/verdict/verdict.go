// Package verdict judges whether the figures of a measured point can be trusted.
//
// Judge checks the figures and what the run observed. Each finding is a reason with
// a code; VERDICT.md lists the codes, their thresholds and what to do.
package verdict

import (
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
	Code   Code   `json:"code"`   // for programs
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

// Thresholds. They lie above noise and below what changes a conclusion: a run without
// a fault has no reason.
const (
	// The client's own delay matters when it is a sizeable part of what is measured,
	// for more than one request in a hundred.
	LateMS           = 10.0   // suspect above this and LateOfTTFT of the median TTFT
	LateOfTTFT       = 0.1    //
	VeryLateMS       = 100.0  // invalid above this and VeryLateOfTTFT of the median TTFT
	VeryLateOfTTFT   = 0.5    //
	BusyShare        = 0.85   // of the CPUs that the client may use,
	BusySeconds      = 5.0    // in a run of at least this length
	StallMS          = 1000.0 // for writing a row
	HeldMS           = 10.0   // for which sending waited for the writer
	ClockStepMS      = 10.0   // in addition to what a clock that is slewed may drift:
	ClockSlew        = 500e-6 // 500 ppm, the kernel's limit
	KSLimit          = 0.25   // Kolmogorov-Smirnov distance of the gaps between requests
	DispersionExcess = 0.5    // half the index of dispersion of a Poisson process
	CorrelationLimit = 0.3    // change of the lag-1 correlation
	UnevenVariation  = 0.5    // variation of the planned gaps from which a correlation means something
	LeastArrivals    = 64     // requests from which a pattern shows
	PauseSeconds     = 1.0    // at least, and
	PauseOfGap       = 20     // times the p95 of ITL, which a pause itself hardly moves
	PauseOfTTFT      = 5.0    // times the median TTFT, where answers had not begun
	PauseUnsent      = 1.25   // times the requests planned for a pause may be unsent because of it
	FailedShare      = 0.001  // suspect
	FailedInvalid    = 0.05
	NotTakenShare    = 0.05
	WarmShare        = 0.01 // of the prompts that no cache can hold
	TokenShare       = 0.01 // of the answers: with a wrong token count, or with none
	ShortAnswers     = 0.9  // MLPerf's floor for the length of answers
	LittleShare      = 0.1
	CounterShare     = 0.02 // by which the engine's counters may differ from the client's
	FewRequests      = 2    // a difference of so few requests is never a reason
)

// evaluator runs the checks of one point. A check may look at the reasons found before.
type evaluator struct {
	*metrics.Figures
	facts   *Facts
	reasons []Reason
}

// Judge returns the verdict on a point's figures. A missing fact never raises a reason.
func Judge(figures *metrics.Figures, facts *Facts) Verdict {
	e := &evaluator{Figures: figures, facts: facts}
	for _, check := range []func(*evaluator){
		(*evaluator).success, (*evaluator).accounting, (*evaluator).interruption,
		(*evaluator).arrivals, (*evaluator).writer, (*evaluator).sendLag, (*evaluator).cpu, (*evaluator).clock, (*evaluator).calibration,
		(*evaluator).failures, (*evaluator).pause, (*evaluator).loadTaken, (*evaluator).cache,
		(*evaluator).tokenCounts, (*evaluator).engineCounters, (*evaluator).answerLengths,
		(*evaluator).littlesLaw, (*evaluator).sampleSize,
	} {
		check(e)
	}
	v := Verdict{Level: Valid, Reasons: e.reasons}
	for _, reason := range e.reasons {
		if reason.Level == Invalid || v.Level == Valid {
			v.Level = reason.Level
		}
	}
	return v
}

func (e *evaluator) add(code Code, level Level, text, advice string) {
	e.reasons = append(e.reasons, Reason{code, level, text, advice})
}

// has reports whether a reason was found already.
func (e *evaluator) has(code Code) bool {
	for _, reason := range e.reasons {
		if reason.Code == code {
			return true
		}
	}
	return false
}

// Unknown returns the verdict on figures whose requests are missing.
func Unknown() Verdict {
	return Verdict{Suspect, []Reason{{RequestsMissing, Suspect,
		"the requests behind these figures are missing, so nothing could be checked",
		"keep their CSV beside that of the figures, as FILE_requests.csv"}}}
}
