package metrics

import "github.com/LMCache/LMBench/tools/results/record"

// Uncached is what became of prompts that no cache could have, unless from another
// run.
type Uncached struct {
	Prompts    int        // half of each at least is cold
	Reported   int        // of which the engine says how much it took from its cache
	Warm       int        // of which it took more than it could have
	Tokens     float64    // that it took too many
	Bimodality Bimodality // of the TTFTs of those of which it does not say
}

const (
	// An engine caches whole blocks, and prompts may have their first words in
	// common.
	warmTokens = 64
	warmShare  = 0.1 // of the prompt
	mostTimed  = 1e5 // prompts whose times are looked at
)

// cold gathers Cold.
type cold struct {
	found Uncached
	timed []timed
}

// timed is a prompt whose cache hits the engine does not tell.
type timed struct {
	launch, ttft float64
	tokens       float64 // that had to be computed
	ahead        float64 // prompts that waited for their first token when it came, or came with it
	second       bool    // it came with another that was answered first
}

func (c *cold) add(row *record.Row) {
	if !(row.UncachedShare >= 0.5) || row.PromptTokens == nil || row.TTFT == nil {
		return
	}
	c.found.Prompts++
	prompt := *row.PromptTokens
	if row.CachedTokens == nil || cachedOver(row) {
		if len(c.timed) < mostTimed {
			c.timed = append(c.timed, timed{launch: row.LaunchTime, ttft: *row.TTFT, tokens: row.UncachedShare * prompt})
		}
		return
	}
	c.found.Reported++
	if beyond := *row.CachedTokens - (1-row.UncachedShare)*prompt; beyond > max(warmTokens, warmShare*prompt) {
		c.found.Warm++
		c.found.Tokens += beyond
	}
}

// cachedOver tells whether an engine's count of cached tokens cannot be true.
func cachedOver(row *record.Row) bool {
	return row.CachedTokens != nil && row.PromptTokens != nil && *row.CachedTokens > *row.PromptTokens
}

func (c *cold) figures() Uncached {
	c.found.Bimodality = modes(c.timed)
	return c.found
}
