package verdict

import (
	"fmt"
	"math"

	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/record"
)

// tokenCounts checks the token counts in the answers. One wrong count is one reason.
func (e *evaluator) tokenCounts() {
	t := &e.Diagnostics.Tokens
	const advice = "trust the chunk counts (tokens_from chunks), or count with the model's tokenizer: TPOT and token rates are based on a wrong count"
	// A chunk may hold several tokens: with speculative decoding engines send more
	// than one at a time.
	if e.FromChunks > 0 && float64(e.FromChunks) > TokenShare*float64(e.OK) {
		text := fmt.Sprintf("%d of %d answers came without a token count: each chunk with text was counted as one token", e.FromChunks, e.OK)
		if !(e.PromptTokens > 0) {
			text += "; without prompt token counts a warm cache cannot be detected either"
		}
		e.add(UsageMissing, Suspect, text, "configure the engine, and any proxy in front of it, to send usage in streams (stream_options.include_usage): until then TPOT and token rates may be wrong; TTFT and E2EL are not affected")
	}
	if t.CachedOver > 0 && float64(t.CachedOver) > TokenShare*float64(e.OK) {
		e.add(UsageWrong, Suspect, fmt.Sprintf("for %d of %d prompts the engine reports more cached tokens than the prompt has", t.CachedOver, e.OK),
			"do not use its cached token counts or hit rates made of them; the engine's own counters or the model's tokenizer can tell the true prompt length")
		return
	}
	if over := orZero(e.facts.Answers.OverLimit); over > 0 && over > TokenShare*float64(e.OK) {
		e.add(UsageWrong, Suspect, fmt.Sprintf("by the engine's count %.0f answers have more tokens than were allowed", over), advice)
		return
	}
	if t.Fewer > 0 && float64(t.Fewer) > TokenShare*float64(t.Rows) {
		e.add(UsageWrong, Suspect, fmt.Sprintf("%d of %d answers came in more chunks with text than the engine reports tokens", t.Fewer, t.Rows), advice)
	}
}

// answerLengths compares the answers' tokens with what was asked for.
func (e *evaluator) answerLengths() {
	asked := record.Value(e.facts.TokensAsked)
	if !(asked > 0) || e.has(UsageWrong) || e.has(UsageMissing) {
		return
	}
	share := e.GenerationTokens / asked
	if !(share < ShortAnswers) {
		return
	}
	text, advice := fmt.Sprintf("the answers have %s of the tokens asked for", format.Percent(share)), "compare only with runs whose answers are as long, or ask for full length with --ignore-eos"
	if cut := e.facts.Answers.Cut; cut > 0 && float64(cut) > TokenShare*float64(e.OK) {
		text += fmt.Sprintf("; the engine reports that %d of them reached the length limit (finish_reason length)", cut)
		advice = "the engine's own limit is below what was asked for: raise it (its context length, its output limit), or ask for less; if it is not, its token counts are wrong"
	}
	e.add(AnswersShort, Suspect, text, advice)
}

// engineCounters compares the engine's own counters with what this client sent in the
// same time, whether or not it is in the CSV.
func (e *evaluator) engineCounters() {
	c, total := &e.facts.Counters, &e.facts.Total
	// Counters that fall more than once come from a page on which several engines
	// take turns.
	if c.Falls == 1 {
		e.add(EngineRestarted, Suspect, "the engine's counters went back during the run: it was restarted",
			"look for the cause in the engine's log, and rerun the point: the figures include two warm-ups")
	}
	finished, counted := record.Value(total.Finished), record.Value(c.FinishedRequests)
	lost := orZero(total.Lost) // failed or cancelled: engines may or may not count them
	tolerance := max(FewRequests, CounterShare*finished)
	if foreign := counted - finished - lost; finished > 0 && foreign > tolerance {
		e.add(ForeignTraffic, Suspect, fmt.Sprintf("the engine finished %.0f requests while this client sent %.0f: %.0f came from other clients", counted, finished+lost, foreign),
			"keep other clients away from the engine while it is measured")
		return
	}
	if counted < finished-tolerance {
		e.add(CountersPartial, Suspect, fmt.Sprintf("the engine's counters rose by %.0f requests while this client got %.0f answers", counted, finished),
			"name the /metrics pages of all engines behind the URL with --metrics-url; if there is only one, find out what else answered: perhaps a caching proxy")
		return
	}
	ours, theirs := record.Value(total.GenerationTokens), record.Value(c.GenerationTokens)
	if lost > 0 || !(ours > 0) || math.IsNaN(theirs) || e.has(UsageWrong) {
		return
	}
	switch off := theirs/ours - 1; {
	case off > CounterShare && math.IsNaN(counted):
		e.add(ForeignTraffic, Suspect, fmt.Sprintf("the engine generated %.0f tokens while this client got %.0f", theirs, ours),
			"keep other clients away from the engine while it is measured; if there are none, one of its two counts is wrong")
	case math.Abs(off) > CounterShare:
		e.add(UsageWrong, Suspect, fmt.Sprintf("the engine's counters rose by %.0f tokens, its answers add up to %.0f", theirs, ours),
			"find out which is right: TPOT and token rates are based on the answers")
	}
}
