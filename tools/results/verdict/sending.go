package verdict

import (
	"fmt"
	"math"
	"strings"

	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
)

// arrivals comes before the send lag: requests that leave in clumps are late as well,
// but the clumps are the finding.
func (e *evaluator) arrivals() {
	a := &e.Diagnostics.Arrivals
	if a.Count < LeastArrivals || e.veryLate() {
		return // very late requests leave in clumps because they are late
	}
	var signs []string
	if a.KS > KSLimit {
		signs = append(signs, fmt.Sprintf("the gaps between requests are distributed differently than planned (Kolmogorov-Smirnov distance %.2f)", a.KS))
	}
	if a.Dispersion-a.PlannedDispersion > DispersionExcess {
		signs = append(signs, fmt.Sprintf("the index of dispersion is %.2f instead of %.2f", a.Dispersion, a.PlannedDispersion))
	}
	if a.PlannedVariation >= UnevenVariation && math.Abs(a.Correlation-a.PlannedCorrelation) > CorrelationLimit {
		signs = append(signs, fmt.Sprintf("the correlation of neighbouring gaps is %.2f instead of %.2f", a.Correlation, a.PlannedCorrelation))
	}
	if len(signs) > 0 && !e.waitedForSlots() {
		e.add(ArrivalsClumped, Suspect, "the requests did not leave in the planned pattern: "+strings.Join(signs, "; "),
			"look at send_lag_ms and its causes: give the client more CPUs, or use a lower rate; the engine saw another load than the one planned")
	}
}

// waitedForSlots reports whether requests waited for a free slot, as a concurrency
// limit makes them: then they leave as the engine answers.
func (e *evaluator) waitedForSlots() bool {
	return e.Diagnostics.Slot.Count > 0 && e.Diagnostics.Slot.Max > 0
}

// writer comes before the send lag: a writer that delays sending is its cause.
func (e *evaluator) writer() {
	stalled, held := orZero(e.facts.Writer.StallMS), orZero(e.facts.Writer.HeldMS)
	if stalled <= StallMS && held <= HeldMS {
		return
	}
	text := fmt.Sprintf("writing a row took up to %s", milliseconds(stalled))
	level := Suspect
	if held > HeldMS {
		text += fmt.Sprintf(", and sending waited %s for it", milliseconds(held))
		level = Invalid
	}
	e.add(WriterStalled, level, text, "write the CSV to a local disk that is neither full nor shared; rows that wait are lost if the client is killed")
}

// medianTTFT returns 0 if there is no TTFT.
func (e *evaluator) medianTTFT() float64 {
	if !e.TTFT.Known() {
		return 0
	}
	return e.TTFT.P(50)
}

// veryLate reports whether the figures are more the client's than the engine's.
func (e *evaluator) veryLate() bool {
	return e.Diagnostics.ClientLagTail > max(VeryLateMS, VeryLateOfTTFT*e.medianTTFT())
}

func (e *evaluator) sendLag() {
	d := &e.Diagnostics
	if d.ClientLag.Count == 0 || e.has(WriterStalled) && orZero(e.facts.Writer.HeldMS) > HeldMS {
		return
	}
	late, level := d.ClientLagTail, Suspect
	switch {
	case e.veryLate():
		level = Invalid
	case !(late > max(LateMS, LateOfTTFT*e.medianTTFT())) || e.has(ArrivalsClumped):
		return
	}
	causes := []struct {
		text string
		ms   float64
	}{
		{"timers fired late", d.Timer.P(99)},
		{"the client waited for a CPU or for the garbage collector", d.Queue.P(99)},
		{"earlier requests were still being sent", d.Backlog.P(99)},
	}
	worst := 0
	for i, cause := range causes {
		if cause.ms > causes[worst].ms {
			worst = i
		}
	}
	text := fmt.Sprintf("the client sent one request in a hundred at least %s late, at most %s", milliseconds(late), milliseconds(d.ClientLag.Max))
	if d.Timer.Count > 0 {
		text += "; mostly because " + causes[worst].text
	}
	e.add(ClientStarved, level, text, "give the client CPUs of its own, away from the engine, or use a lower rate; ttft_sched_ms and e2el_sched_ms include the delay, ttft_ms does not")
}

func (e *evaluator) cpu() {
	if share := record.Value(e.facts.Client.CPUShare); share > BusyShare && orZero(e.facts.ElapsedSeconds) >= BusySeconds {
		e.add(ClientBusy, Suspect, fmt.Sprintf("the client used %s of the CPU time that it may use", format.Percent(share)),
			"give the client more CPUs, or use a lower rate: near its limit a client measures itself")
	}
}

func (e *evaluator) clock() {
	step := math.Abs(orZero(e.facts.Clock.StepMS))
	if step > ClockStepMS+ClockSlew*1000*orZero(e.facts.ElapsedSeconds) {
		e.add(ClockStep, Suspect, fmt.Sprintf("the machine's clock was set by %s during the run", milliseconds(step)),
			"durations are correct, as they come from the monotonic clock; but do not compare this run's times of day with logs of other machines")
	}
}

// calibration is what the client adds by itself, measured against a reference engine
// of known timing.
func (e *evaluator) calibration() {
	c := &e.facts.Calibration
	for _, one := range []struct {
		code   Code
		of     string
		p99    *float64
		median float64
	}{{ClientErrorTTFT, "time to first token", c.TTFT.P99MS, e.TTFT.P(50)}, {ClientErrorITL, "inter-token latency", c.ITL.P99MS, e.ITL.P(50)}} {
		if added := record.Value(one.p99); added > max(LateMS, LateOfTTFT*one.median) {
			e.add(one.code, Suspect, fmt.Sprintf("the client adds up to %s to the %s by itself (p99, measured against an engine of known timing under this load)", milliseconds(added), one.of),
				"give the client CPUs of its own, away from the engine, or use a lower rate")
		}
	}
}

// littlesLaw compares the time that requests were in flight, counted as they start and
// end, with the sum of their durations in the rows.
func (e *evaluator) littlesLaw() {
	counted, rows := record.Value(e.facts.InFlightSeconds), e.Diagnostics.RequestSeconds
	if math.IsNaN(counted) || rows <= 0 || e.Sent < metrics.Needed(90) || e.has(ClientStarved) || e.has(WriterStalled) {
		return
	}
	if off := math.Abs(counted - rows); off > LittleShare*rows && off/float64(e.Sent) > LateMS/1000 {
		e.add(LittlesLaw, Suspect, fmt.Sprintf("requests were in flight for %.4g s in total, but the rows say %.4g s", counted, rows),
			"the client noticed the end of requests late, or rows are missing: look at send_lag_causes_ms and ledger")
	}
}
