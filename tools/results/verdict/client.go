package verdict

import (
	"fmt"
	"math"
	"strings"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
)

// arrivals is first of those that are about sending: requests that leave in
// clumps are late as well, but the clumps are the finding.
func (p *point) arrivals() {
	a := &p.Diagnostics.Arrivals
	if a.Count < LeastArrivals || p.veryLate() {
		return // then the clumps are only what the lateness made
	}
	var signs []string
	if a.KS > KSLimit {
		signs = append(signs, fmt.Sprintf("the gaps between requests are distributed otherwise than planned (Kolmogorov-Smirnov distance %.2f)", a.KS))
	}
	if a.Dispersion-a.PlannedDispersion > DispersionExcess {
		signs = append(signs, fmt.Sprintf("the dispersion of requests is %.2f where the plan has %.2f", a.Dispersion, a.PlannedDispersion))
	}
	if a.PlannedVariation >= 0.5 && math.Abs(a.Correlation-a.PlannedCorrelation) > CorrelationLimit {
		signs = append(signs, fmt.Sprintf("the correlation of neighbouring gaps is %.2f where the plan has %.2f", a.Correlation, a.PlannedCorrelation))
	}
	if len(signs) > 0 && !p.slots() {
		p.add("arrivals_clumped", Suspect, "the requests did not leave in the plan's pattern: "+strings.Join(signs, "; "),
			"look at send_lag_ms and its causes: give the client more processors, or a lower rate; the engine saw another load than the one asked for")
	}
}

// slots tells whether requests wait for one another by order: then they leave
// as the engine answers.
func (p *point) slots() bool { return p.Diagnostics.Slot.Count > 0 && p.Diagnostics.Slot.Max > 0 }

// writer is before lateness: a writer that held up the sending is its cause.
func (p *point) writer() {
	stalled, held := orZero(p.facts.Writer.StallMS), orZero(p.facts.Writer.HeldMS)
	if stalled <= StallMS && held <= HeldMS {
		return
	}
	text := fmt.Sprintf("writing a row took up to %s", millis(stalled))
	level := Suspect
	if held > HeldMS {
		text += fmt.Sprintf(", and sending waited %s for it", millis(held))
		level = Invalid
	}
	p.add("writer_stalled", level, text, "write the CSV to a local disk that is not full or shared; rows that waited would be lost if the client were killed")
}

// ttft is the median; 0: there is none.
func (p *point) ttft() float64 {
	if math.IsNaN(p.TTFT.P(50)) {
		return 0
	}
	return p.TTFT.P(50)
}

// veryLate tells whether the figures are the client's more than the engine's.
func (p *point) veryLate() bool {
	return p.Diagnostics.ClientLagTail > max(VeryLateMS, VeryLateOfTTFT*p.ttft())
}

func (p *point) lateness() {
	own := &p.Diagnostics.ClientLag
	if own.Count == 0 || p.has("writer_stalled") && orZero(p.facts.Writer.HeldMS) > HeldMS {
		return
	}
	late, level := p.Diagnostics.ClientLagTail, Suspect
	switch {
	case p.veryLate():
		level = Invalid
	case !(late > max(LateMS, LateOfTTFT*p.ttft())) || p.has("arrivals_clumped"):
		return
	}
	causes := []struct {
		what string
		ms   float64
	}{{"its timers fired late", p.Diagnostics.Timer.P(99)}, {"it waited to run, or for the garbage collector", p.Diagnostics.Queue.P(99)}, {"it still had earlier requests to send", p.Diagnostics.Backlog.P(99)}}
	worst := 0
	for i, cause := range causes {
		if cause.ms > causes[worst].ms {
			worst = i
		}
	}
	text := fmt.Sprintf("the client sent one request in a hundred %s late or more, at most %s", millis(late), millis(own.Max))
	if p.Diagnostics.Timer.Count > 0 {
		text += "; mostly " + causes[worst].what
	}
	p.add("client_starved", level, text, "give the client processors of its own, away from the engine, or a lower rate; ttft_sched_ms and e2el_sched_ms hold the delay, ttft_ms does not")
}

func (p *point) processors() {
	if share := record.Value(p.facts.Client.CPUShare); share > BusyShare && orZero(p.facts.ElapsedSeconds) >= BusySeconds {
		p.add("client_busy", Suspect, fmt.Sprintf("the client used %s of the processors it may use", percent(share)),
			"give it more processors, or a lower rate: near its limit a client measures itself")
	}
}

func (p *point) clock() {
	step := math.Abs(orZero(p.facts.Clock.StepMS))
	if step > ClockStepMS+ClockSlew*1000*orZero(p.facts.ElapsedSeconds) {
		p.add("clock_step", Suspect, fmt.Sprintf("the machine's clock was set by %s during the run", millis(step)),
			"durations are not affected, they come from another clock; but do not compare this run's times of day with those of other machines' logs")
	}
}

// calibration is what the client adds by itself, as it measured on an engine of
// known timing.
func (p *point) calibration() {
	for _, one := range []struct {
		name, of string
		p99      *float64
		median   float64
	}{{"ttft", "time to first token", p.facts.Calibration.TTFT.P99MS, p.TTFT.P(50)}, {"itl", "time between chunks", p.facts.Calibration.ITL.P99MS, p.ITL.P(50)}} {
		if added := record.Value(one.p99); added > max(LateMS, LateOfTTFT*one.median) {
			p.add("client_error_"+one.name, Suspect, fmt.Sprintf("the client adds up to %s to the %s by itself (p99, measured against an engine of known timing under this load)", millis(added), one.of),
				"give the client processors of its own, away from the engine, or a lower rate")
		}
	}
}

// little is Little's law: requests in flight, counted as they begin and end,
// are the rate times how long they take, computed from the rows.
func (p *point) little() {
	counted := record.Value(p.facts.InFlightSeconds)
	if math.IsNaN(counted) || p.Diagnostics.RequestSeconds <= 0 || p.Sent < metrics.Needed(90) {
		return
	}
	if off := counted/p.Diagnostics.RequestSeconds - 1; math.Abs(off) > LittleShare && math.Abs(counted-p.Diagnostics.RequestSeconds)/float64(p.Sent) > LateMS/1000 && !p.has("client_starved") && !p.has("writer_stalled") {
		p.add("littles_law", Suspect, fmt.Sprintf("requests were in flight for %.4g s in all, but their rows say %.4g s", counted, p.Diagnostics.RequestSeconds),
			"the client was late to notice ends, or rows are missing: look at send_lag_causes_ms and the ledger")
	}
}
