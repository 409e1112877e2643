package verdict

import (
	"fmt"
	"math"
)

func (p *point) failures() {
	failed := p.Failed - p.Proof.Cancelled
	if p.OK == 0 || float64(failed) <= FailedShare*float64(p.Sent) {
		return
	}
	word := Suspect
	if float64(failed) > FailedInvalid*float64(p.Sent) {
		word = Invalid
	}
	text := fmt.Sprintf("%d of %d requests failed (%s), and count in no latency", failed, p.Sent, percent(float64(failed)/float64(p.Sent)))
	if len(p.Failures) > 0 {
		text += "; most often: " + p.Failures[0].Text
	}
	p.find("requests_failed", word, text, "find out why in the column error: an engine that drops the hard requests looks fast on the others")
}

func (p *point) notTaken() {
	planned, unsent := p.Number("ledger_planned"), p.number("ledger_never_sent_not_taken")
	if planned > 0 && unsent > max(2, NotTakenShare*planned) {
		p.find("load_not_taken", Suspect, fmt.Sprintf("%.0f of %.0f planned requests (%s) were never sent, because users still waited for answers", unsent, planned, percent(unsent/planned)),
			"the engine, or the number of users, allows no more: read the figures as those of achieved_rate_req_per_s, not of the rate asked for")
	}
}

// pause is not raised where the client was late by as much itself: then it may
// not have looked.
func (p *point) pause() {
	pause := p.Proof.Pause
	if pause.Seconds < PauseSeconds || pause.Seconds < 20*p.Gap.P99/1000 || p.Proof.Own.Max > 500*pause.Seconds {
		return
	}
	p.find("engine_pause", Suspect, fmt.Sprintf("the engine sent nothing for %.1f s to any of %d answers under way, while the client was late by %s at most", pause.Seconds, pause.Streams, millis(p.Proof.Own.Max)),
		"look into the engine's log at that time: a restart, a swap, a long prefill, a collection; percentiles hold the pause")
}

func (p *point) cache() {
	cold := &p.Proof.Cold
	const advice = "restart the engine or empty its cache, or send other prompts (by another --seed, where the workload has one): the figures are those of a cache that was warm from another run"
	if cold.Warm >= 2 && float64(cold.Warm) > WarmShare*float64(cold.Reported) {
		p.find("cache_warm", Suspect, fmt.Sprintf("%d of %d prompts that nothing can have in a cache were served from it: %.0f tokens, by the engine's own count", cold.Warm, cold.Reported, cold.Tokens), advice)
		return
	}
	// An engine takes a request in with its next step, so times may lie a step or
	// two apart without any cache.
	if m := cold.Modes; m.Upper > 0 && !(m.Upper-m.Lower <= 2*p.Gap.P50) {
		p.find("cache_warm", Suspect, fmt.Sprintf("prompts that nothing can have in a cache fall into two groups: %s took about %s to their first token, the others %s", percent(m.LowerShare), millis(m.Lower), millis(m.Upper)), advice)
	}
}

func (p *point) tokens() {
	t := &p.Proof.Tokens
	const advice = "take tokens_from chunks for true, or count with the model's tokenizer: TPOT and token rates rest on a wrong count"
	if over := p.number("answers_over_limit"); over > 0 && over > TokenShare*float64(p.OK) {
		p.find("usage_wrong", Suspect, fmt.Sprintf("the engine says that %.0f answers have more tokens than were allowed", over), advice)
		return
	}
	if t.Fewer > 0 && float64(t.Fewer) > TokenShare*float64(t.Rows) {
		p.find("usage_wrong", Suspect, fmt.Sprintf("%d of %d answers came in more chunks with text than the engine says they have tokens", t.Fewer, t.Rows), advice)
	}
}

// lengths compares answers with what was asked for; 1 token short of it is none.
func (p *point) lengths() {
	asked := p.Number("answer_tokens_asked")
	if !(asked > 0) || p.has("usage_wrong") {
		return
	}
	if share := p.GenerationTokens / asked; share < ShortAnswers {
		p.find("answers_short", Suspect, fmt.Sprintf("the answers have %s of the tokens asked for", percent(share)),
			"compare only with runs whose answers are as long, or ask for full length with --ignore-eos")
	}
}

// counters compares the engine's own with what was sent in the same time,
// whatever the CSV keeps of it.
func (p *point) counters() {
	// More than once it is a page on which several engines take turns.
	if p.Number("counters_falls") == 1 {
		p.find("engine_restarted", Suspect, "the engine's counters fell during the run: it was started anew", "find out why in the engine's log, and run the point again: the figures are of an engine that had to warm up twice")
	}
	given, counted := p.Number("total_finished"), p.Number("counters_finished_requests")
	lost := p.number("total_lost") // failed or cancelled: the engine may count them or not
	if foreign := counted - given - lost; given > 0 && foreign > max(2, CounterShare*given) {
		p.find("foreign_traffic", Suspect, fmt.Sprintf("the engine finished %.0f requests while this client sent %.0f: %.0f are of others", counted, given+lost, foreign),
			"keep other clients away from the engine while it is measured")
		return
	}
	ours, theirs := p.Number("total_generation_tokens"), p.Number("counters_generation_tokens")
	if counted < given-max(2, CounterShare*given) {
		p.find("counters_partial", Suspect, fmt.Sprintf("the engine's counters rose by %.0f requests while this client got %.0f answers", counted, given),
			"name the pages of all engines behind the URL with --metrics-url; if that one is all there is, find out what else answered: a cache on the way, perhaps")
		return
	}
	if lost > 0 || !(ours > 0) || math.IsNaN(theirs) || p.has("usage_wrong") {
		return
	}
	switch off := theirs/ours - 1; {
	case off > CounterShare && math.IsNaN(counted):
		p.find("foreign_traffic", Suspect, fmt.Sprintf("the engine generated %.0f tokens while this client got %.0f", theirs, ours),
			"keep other clients away from the engine while it is measured")
	case math.Abs(off) > CounterShare:
		p.find("usage_wrong", Suspect, fmt.Sprintf("the engine's counters rose by %.0f tokens, its answers say %.0f", theirs, ours),
			"find out which is true: TPOT and token rates rest on what the answers say")
	}
}
