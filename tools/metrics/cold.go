package metrics

import (
	"math"
	"slices"

	"github.com/LMCache/LMBench/tools/record"
)

// Cold is what became of prompts that no cache could have, unless from another
// run.
type Cold struct {
	Prompts  int     // half of each at least is cold
	Reported int     // of which the engine says how much it took from its cache
	Warm     int     // of which it took more than it could have
	Tokens   float64 // that it took too many
	Modes    Modes   // of the TTFTs of those of which it does not say
}

// Modes are two groups that TTFTs fall into. Of none, Upper is 0.
type Modes struct {
	Lower, Upper float64 // ms, typical of each
	LowerShare   float64
}

const (
	// An engine caches whole blocks, and prompts may have their first words in
	// common.
	warmTokens = 64
	warmShare  = 0.1  // of the prompt
	mostTimed  = 1e5  // prompts whose times are looked at
	leastModes = 40   // prompts below which times say nothing
	modeShare  = 0.05 // of the prompts, at least, in each group
)

// cold gathers Cold.
type cold struct {
	found Cold
	timed []timed
}

// timed is a prompt whose cache hits the engine does not tell.
type timed struct{ ttft, tokens float64 }

func (c *cold) add(row *record.Row) {
	if !(row.Cold >= 0.5) || row.PromptTokens == nil || row.TTFT == nil {
		return
	}
	c.found.Prompts++
	prompt := *row.PromptTokens
	if row.CachedTokens == nil {
		if len(c.timed) < mostTimed {
			c.timed = append(c.timed, timed{*row.TTFT, prompt})
		}
		return
	}
	c.found.Reported++
	if beyond := *row.CachedTokens - (1-row.Cold)*prompt; beyond > max(warmTokens, warmShare*prompt) {
		c.found.Warm++
		c.found.Tokens += beyond
	}
}

func (c *cold) figures() Cold {
	c.found.Modes = modes(c.timed)
	return c.found
}

// modes looks for two groups of times that lie far apart and close together
// within, which queueing and noise do not make. Prompts of different lengths
// are compared by time per length, as far as their times grow with it.
func modes(prompts []timed) Modes {
	if len(prompts) < leastModes {
		return Modes{}
	}
	logs := make([]float64, 0, len(prompts))
	slope, offset := trend(prompts)
	for _, p := range prompts {
		if expected := offset + slope*p.tokens; p.ttft > 0 && expected > 0 {
			logs = append(logs, math.Log(p.ttft/expected))
		}
	}
	slices.Sort(logs)
	cut := otsu(logs)
	low, high := logs[:cut], logs[cut:]
	least := modeShare * float64(len(logs))
	if float64(len(low)) < least || float64(len(high)) < least {
		return Modes{}
	}
	// Medians and their deviations: a few stray times are in every run.
	apart := Median(high) - Median(low)
	if apart < math.Log(1.5) || max(deviation(low), deviation(high)) > apart/8 || high[0]-low[len(low)-1] < apart/8 {
		return Modes{}
	}
	typical := offset + slope*medianTokens(prompts)
	return Modes{1000 * typical * math.Exp(Median(low)), 1000 * typical * math.Exp(Median(high)), float64(len(low)) / float64(len(logs))}
}

// trend is the line through the times of the longer half of a workload's
// prompts and those of the shorter half: their medians. With one length it is
// flat.
func trend(prompts []timed) (slope, offset float64) {
	sorted := slices.Clone(prompts)
	slices.SortFunc(sorted, func(a, b timed) int {
		switch {
		case a.tokens < b.tokens:
			return -1
		case a.tokens > b.tokens:
			return 1
		}
		return 0
	})
	median := func(of []timed) (ttft, tokens float64) {
		times := make([]float64, len(of))
		for i, p := range of {
			times[i] = p.ttft
		}
		slices.Sort(times)
		return Median(times), of[len(of)/2].tokens
	}
	shortTime, short := median(sorted[:len(sorted)/2])
	longTime, long := median(sorted[len(sorted)/2:])
	if long >= 1.2*short && longTime > shortTime {
		slope = (longTime - shortTime) / (long - short)
	}
	return slope, max(shortTime-slope*short, 0)
}

// otsu is where ascending values are cut so that the parts differ most.
func otsu(values []float64) (cut int) {
	total := 0.0
	for _, v := range values {
		total += v
	}
	best, below := -1.0, 0.0
	for i := 1; i < len(values); i++ {
		below += values[i-1]
		n, m := float64(i), float64(len(values)-i)
		apart := below/n - (total-below)/m
		if between := n * m * apart * apart; between > best {
			best, cut = between, i
		}
	}
	return cut
}

// deviation is the median distance from the median of ascending values.
func deviation(values []float64) float64 {
	middle := Median(values)
	distances := make([]float64, len(values))
	for i, v := range values {
		distances[i] = math.Abs(v - middle)
	}
	slices.Sort(distances)
	return Median(distances)
}

func medianTokens(prompts []timed) float64 {
	tokens := make([]float64, len(prompts))
	for i, p := range prompts {
		tokens[i] = p.tokens
	}
	slices.Sort(tokens)
	return Median(tokens)
}
