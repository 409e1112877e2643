package verdict

import (
	"fmt"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
)

func (p *point) failures() {
	failed := p.Failed - p.Diagnostics.Cancelled
	if p.OK == 0 || float64(failed) <= FailedShare*float64(p.Sent) {
		return
	}
	level := Suspect
	if float64(failed) > FailedInvalid*float64(p.Sent) {
		level = Invalid
	}
	text := fmt.Sprintf("%d of %d requests failed (%s), and count in no latency", failed, p.Sent, percent(float64(failed)/float64(p.Sent)))
	if len(p.Failures) > 0 {
		text += "; most often: " + p.Failures[0].Text
	}
	p.add("requests_failed", level, text, "find out why in the column error: an engine that drops the hard requests looks fast on the others")
}

func (p *point) notTaken() {
	planned, unsent := orZero(p.facts.Ledger.Planned), float64(p.facts.Ledger.NeverSent.NotTaken)
	if p.has("engine_pause") && unsent <= p.pausedFor() {
		return
	}
	if planned > 0 && unsent > max(2, NotTakenShare*planned) {
		p.add("load_not_taken", Suspect, fmt.Sprintf("%.0f of %.0f planned requests (%s) were never sent, because users still waited for answers", unsent, planned, percent(unsent/planned)),
			"the engine, or the number of users, allows no more: read the figures as those of achieved_rate_req_per_s, not of the rate asked for")
	}
}

// pause is not raised where the client was late by as much itself: then it may
// not have looked.
func (p *point) pause() {
	pause, of := p.paused()
	if pause.Seconds == 0 {
		return
	}
	text := fmt.Sprintf("the engine sent nothing for %.1f s to any of %d %s, while the client was late by %s at most", pause.Seconds, pause.Streams, of, millis(p.Diagnostics.ClientLag.Max))
	if unsent := p.facts.Ledger.NeverSent.NotTaken; unsent > 2 && float64(unsent) <= p.pausedFor() {
		text += fmt.Sprintf("; for want of answers %d of %.0f planned requests were not sent", unsent, record.Value(p.facts.Ledger.Planned))
	}
	p.add("engine_pause", Suspect, text,
		"look into the engine's log at that time: a restart, a swap, a long prefill, a collection; percentiles hold the pause")
}

// paused is the engine's pause, and of what; of none it has no time.
func (p *point) paused() (pause metrics.Stall, of string) {
	least := max(PauseSeconds, PauseOfGap*p.ITL.P(95)/1000, p.Diagnostics.ClientLag.Max/500)
	if pause := p.Diagnostics.Stall; pause.Seconds >= least {
		return pause, "answers under way"
	}
	if wait := p.Diagnostics.RequestStall; wait.Seconds >= max(least, PauseOfTTFT*p.ttft()/1000) {
		return wait, "requests under way"
	}
	return metrics.Stall{}, ""
}

// pausedFor is how many requests users who wait for their answers may have left
// unsent for the pause.
func (p *point) pausedFor() float64 {
	pause, _ := p.paused()
	return PauseUnsent * orZero(p.facts.Ledger.Planned) / p.Diagnostics.Window * pause.Seconds
}

func (p *point) cache() {
	cold := &p.Diagnostics.Uncached
	const advice = "restart the engine or empty its cache, or send other prompts (by another --seed, where the workload has one): the figures are those of a cache that was warm from another run"
	if cold.Warm >= 2 && float64(cold.Warm) > WarmShare*float64(cold.Reported) {
		p.add("cache_warm", Suspect, fmt.Sprintf("%d of %d prompts that nothing can have in a cache were served from it: %.0f tokens, by the engine's own count", cold.Warm, cold.Reported, cold.Tokens), advice)
		return
	}
	// An engine takes a request in with its next step, so times may lie a step or
	// two apart without any cache.
	if m := cold.Bimodality; m.Upper > 0 && !(m.Upper-m.Lower <= 2*p.ITL.P(50)) {
		p.add("cache_warm", Suspect, fmt.Sprintf("prompts that nothing can have in a cache fall into two groups: %s took about %s to their first token, the others %s", percent(m.LowerShare), millis(m.Lower), millis(m.Upper)), advice)
	}
}
