package verdict

import (
	"fmt"
	"math"

	"github.com/LMCache/LMBench/tools/results/record"
)

func (p *point) tokens() {
	t := &p.Diagnostics.Tokens
	const advice = "take tokens_from chunks for true, or count with the model's tokenizer: TPOT and token rates rest on a wrong count"
	// A chunk need not be a token: engines that look ahead send several in one.
	if p.FromChunks > 0 && float64(p.FromChunks) > TokenShare*float64(p.OK) {
		text := fmt.Sprintf("%d of %d answers came without the engine's count of their tokens: each chunk with text was taken for one", p.FromChunks, p.OK)
		if !(p.PromptTokens > 0) {
			text += "; without a count of prompts' tokens a warm cache cannot be found either"
		}
		p.add("usage_missing", Suspect, text, "have the engine, and what stands before it, send usage in streams (stream_options.include_usage): until then TPOT and token rates may be wrong, TTFT and E2EL are not")
	}
	if t.CachedOver > 0 && float64(t.CachedOver) > TokenShare*float64(p.OK) {
		p.add("usage_wrong", Suspect, fmt.Sprintf("the engine says of %d of %d prompts that it took more tokens from its cache than they have", t.CachedOver, p.OK),
			"do not believe its cached tokens, nor hit rates made of them; whether prompts are as long as it says, only its own counters or the model's tokenizer can tell")
		return
	}
	if over := orZero(p.facts.Answers.OverLimit); over > 0 && over > TokenShare*float64(p.OK) {
		p.add("usage_wrong", Suspect, fmt.Sprintf("the engine says that %.0f answers have more tokens than were allowed", over), advice)
		return
	}
	if t.Fewer > 0 && float64(t.Fewer) > TokenShare*float64(t.Rows) {
		p.add("usage_wrong", Suspect, fmt.Sprintf("%d of %d answers came in more chunks with text than the engine says they have tokens", t.Fewer, t.Rows), advice)
	}
}

// lengths compares answers with what was asked for; 1 token short of it is none.
func (p *point) lengths() {
	asked := record.Value(p.facts.TokensAsked)
	if !(asked > 0) || p.has("usage_wrong") || p.has("usage_missing") {
		return
	}
	share := p.GenerationTokens / asked
	if !(share < ShortAnswers) {
		return
	}
	text, advice := fmt.Sprintf("the answers have %s of the tokens asked for", percent(share)), "compare only with runs whose answers are as long, or ask for full length with --ignore-eos"
	if cut := p.facts.Answers.Cut; cut > 0 && float64(cut) > TokenShare*float64(p.OK) {
		text += fmt.Sprintf("; of %d the engine says that they reached the longest length (finish_reason length)", cut)
		advice = "the engine's own limit is lower than what was asked for: raise it (its longest context, most tokens of an answer), or ask for less; if it is not, its count of tokens is wrong"
	}
	p.add("answers_short", Suspect, text, advice)
}

// counters compares the engine's own with what was sent in the same time,
// whatever the CSV keeps of it.
func (p *point) counters() {
	// More than once it is a page on which several engines take turns.
	if p.facts.Counters.Falls == 1 {
		p.add("engine_restarted", Suspect, "the engine's counters fell during the run: it was started anew", "find out why in the engine's log, and run the point again: the figures are of an engine that had to warm up twice")
	}
	given, counted := record.Value(p.facts.Total.Finished), record.Value(p.facts.Counters.FinishedRequests)
	lost := orZero(p.facts.Total.Lost) // failed or cancelled: the engine may count them or not
	if foreign := counted - given - lost; given > 0 && foreign > max(2, CounterShare*given) {
		p.add("foreign_traffic", Suspect, fmt.Sprintf("the engine finished %.0f requests while this client sent %.0f: %.0f are of others", counted, given+lost, foreign),
			"keep other clients away from the engine while it is measured")
		return
	}
	ours, theirs := record.Value(p.facts.Total.GenerationTokens), record.Value(p.facts.Counters.GenerationTokens)
	if counted < given-max(2, CounterShare*given) {
		p.add("counters_partial", Suspect, fmt.Sprintf("the engine's counters rose by %.0f requests while this client got %.0f answers", counted, given),
			"name the pages of all engines behind the URL with --metrics-url; if that one is all there is, find out what else answered: a cache on the way, perhaps")
		return
	}
	if lost > 0 || !(ours > 0) || math.IsNaN(theirs) || p.has("usage_wrong") {
		return
	}
	switch off := theirs/ours - 1; {
	case off > CounterShare && math.IsNaN(counted):
		p.add("foreign_traffic", Suspect, fmt.Sprintf("the engine generated %.0f tokens while this client got %.0f", theirs, ours),
			"keep other clients away from the engine while it is measured; if there are none, one of its two counts is wrong")
	case math.Abs(off) > CounterShare:
		p.add("usage_wrong", Suspect, fmt.Sprintf("the engine's counters rose by %.0f tokens, its answers say %.0f", theirs, ours),
			"find out which is true: TPOT and token rates rest on what the answers say")
	}
}
