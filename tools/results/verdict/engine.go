package verdict

import (
	"fmt"

	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

func (e *evaluator) failures() {
	failed := e.Failed - e.Diagnostics.Cancelled
	share := float64(failed) / float64(e.Sent)
	if e.OK == 0 || !(share > FailedShare) {
		return
	}
	level := Suspect
	if share > FailedInvalid {
		level = Invalid
	}
	text := fmt.Sprintf("%d of %d requests failed (%s), and are in no latency figure", failed, e.Sent, format.Percent(share))
	if len(e.Failures) > 0 {
		text += "; most often: " + e.Failures[0].Text
	}
	e.add(RequestsFailed, level, text, "look for the cause in the column error: an engine that drops hard requests looks fast on the others")
}

// loadTaken checks whether users, who wait for their answers, could send all that was
// planned.
func (e *evaluator) loadTaken() {
	planned, unsent := orZero(e.facts.Ledger.Planned), float64(e.facts.Ledger.NeverSent.NotTaken)
	if e.has(EnginePause) && unsent <= e.unsentInPause() {
		return
	}
	if planned > 0 && unsent > max(FewRequests, NotTakenShare*planned) {
		e.add(LoadNotTaken, Suspect, fmt.Sprintf("%.0f of %.0f planned requests (%s) were never sent, because users were still waiting for answers", unsent, planned, format.Percent(unsent/planned)),
			"the engine, or the number of users, does not allow this rate: read the figures as those of achieved_rate_req_per_s")
	}
}

// pause is not raised if the client itself was delayed by as much: then it may not
// have read what the engine sent.
func (e *evaluator) pause() {
	pause, of := e.longestPause()
	if pause.Seconds == 0 {
		return
	}
	text := fmt.Sprintf("the engine sent nothing for %.1f s to any of %d %s, while the client was at most %s late", pause.Seconds, pause.Streams, of, milliseconds(e.Diagnostics.ClientLag.Max))
	if unsent := e.facts.Ledger.NeverSent.NotTaken; unsent > FewRequests && float64(unsent) <= e.unsentInPause() {
		text += fmt.Sprintf("; because of that %d of %.0f planned requests were not sent", unsent, orZero(e.facts.Ledger.Planned))
	}
	e.add(EnginePause, Suspect, text,
		"look at the engine's log for that time: a restart, a swap, a long prefill, a garbage collection; the percentiles include the pause")
}

// longestPause returns the engine's pause and what was in flight; its Seconds are 0 if
// there was no pause.
func (e *evaluator) longestPause() (pause metrics.Stall, of string) {
	least := max(PauseSeconds, PauseOfGap*e.ITL.P(95)/1000, e.Diagnostics.ClientLag.Max/500)
	if stall := e.Diagnostics.Stall; stall.Seconds >= least {
		return stall, "streams in flight"
	}
	if stall := e.Diagnostics.RequestStall; stall.Seconds >= max(least, PauseOfTTFT*e.medianTTFT()/1000) {
		return stall, "requests in flight"
	}
	return metrics.Stall{}, ""
}

// unsentInPause returns how many requests users may have left unsent because of the
// pause.
func (e *evaluator) unsentInPause() float64 {
	pause, _ := e.longestPause()
	return PauseUnsent * orZero(e.facts.Ledger.Planned) / e.Diagnostics.Window * pause.Seconds
}

// cache looks for prompts that were served from a cache although no earlier request of
// this run can have put them there.
func (e *evaluator) cache() {
	uncached := &e.Diagnostics.Uncached
	const advice = "restart the engine or empty its cache, or send other prompts (another --seed, where the workload has one): the cache was warm from another run"
	if uncached.Warm >= FewRequests && float64(uncached.Warm) > WarmShare*float64(uncached.Reported) {
		e.add(CacheWarm, Suspect, fmt.Sprintf("%d of %d prompts that no cache should hold were served from one: %.0f tokens, by the engine's own count", uncached.Warm, uncached.Reported, uncached.Tokens), advice)
		return
	}
	// An engine starts a request with its next step, so TTFTs may differ by a step or
	// two without any cache.
	if b := uncached.Bimodality; b.Upper > 0 && !(b.Upper-b.Lower <= 2*e.ITL.P(50)) {
		e.add(CacheWarm, Suspect, fmt.Sprintf("the TTFTs of prompts that no cache should hold form two groups: %s took about %s, the others %s", format.Percent(b.LowerShare), milliseconds(b.Lower), milliseconds(b.Upper)), advice)
	}
}
