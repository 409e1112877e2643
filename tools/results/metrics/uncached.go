package metrics

import "github.com/LMCache/LMBench/tools/results/record"

// Uncached says how prompts were served that no cache should hold, because no earlier
// request of the run can have put them there.
type Uncached struct {
	Prompts    int        // at least half of each is uncached
	Reported   int        // of these, prompts whose cached tokens the engine reports
	Warm       int        // of these, prompts with more cached tokens than can be
	Tokens     float64    // that are too many
	Bimodality Bimodality // of the TTFTs of prompts without a report
}

const (
	// Engines cache whole blocks, and prompts may share their first words.
	warmTokens = 64
	warmShare  = 0.1 // of the prompt
	mostTimed  = 1e5 // prompts whose TTFTs are kept
)

// uncached accumulates Uncached.
type uncached struct {
	found Uncached
	timed []timed
}

// timed is a prompt whose cached tokens the engine does not report.
type timed struct {
	launch, ttft float64
	tokens       float64 // uncached ones
	ahead        float64 // prompts that were waiting for their first token when it arrived, or arrived with it
	second       bool    // it arrived together with one that was answered first
}

func (u *uncached) add(row *record.Row) {
	if !(row.UncachedShare >= 0.5) || row.PromptTokens == nil || row.TTFT == nil {
		return
	}
	u.found.Prompts++
	prompt := *row.PromptTokens
	if row.CachedTokens == nil || cachedOver(row) {
		if len(u.timed) < mostTimed {
			u.timed = append(u.timed, timed{launch: row.LaunchTime, ttft: *row.TTFT, tokens: row.UncachedShare * prompt})
		}
		return
	}
	u.found.Reported++
	if beyond := *row.CachedTokens - (1-row.UncachedShare)*prompt; beyond > max(warmTokens, warmShare*prompt) {
		u.found.Warm++
		u.found.Tokens += beyond
	}
}

// cachedOver reports whether the engine counts more cached tokens than the prompt has.
func cachedOver(row *record.Row) bool {
	return row.CachedTokens != nil && row.PromptTokens != nil && *row.CachedTokens > *row.PromptTokens
}

func (u *uncached) figures() Uncached {
	u.found.Bimodality = bimodality(u.timed)
	return u.found
}
