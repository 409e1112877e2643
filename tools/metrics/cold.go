package metrics

import (
	"cmp"
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
type timed struct{ launch, ttft, tokens float64 }

func (c *cold) add(row *record.Row) {
	if !(row.Cold >= 0.5) || row.PromptTokens == nil || row.TTFT == nil {
		return
	}
	c.found.Prompts++
	prompt := *row.PromptTokens
	if row.CachedTokens == nil {
		if len(c.timed) < mostTimed {
			c.timed = append(c.timed, timed{row.LaunchTime, *row.TTFT, prompt})
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
// within, and come mixed: noise does not make the first, queues and pauses not
// the last. Prompts of different lengths are compared as they are, or else by
// what their lengths lead to expect.
func modes(prompts []timed) Modes {
	if len(prompts) < leastModes {
		return Modes{}
	}
	slices.SortFunc(prompts, func(a, b timed) int { return cmp.Compare(a.launch, b.launch) })
	slope, offset := trend(prompts)
	typical := make([]float64, len(prompts))
	for i, p := range prompts {
		typical[i] = offset + slope*p.tokens
	}
	slices.Sort(typical)
	for _, expected := range []func(timed) float64{
		func(timed) float64 { return 1 },
		func(p timed) float64 { return (offset + slope*p.tokens) / Median(typical) },
	} {
		if found := split(prompts, expected); found.Upper > 0 {
			return found
		}
	}
	return Modes{}
}

// split cuts the times, each divided by what is expected of it, in two.
func split(prompts []timed, expected func(timed) float64) Modes {
	inOrder := make([]float64, 0, len(prompts)) // logarithms
	for _, p := range prompts {
		if by := expected(p); p.ttft > 0 && by > 0 {
			inOrder = append(inOrder, math.Log(p.ttft/by))
		}
	}
	logs := slices.Sorted(slices.Values(inOrder))
	cut := otsu(logs)
	low, high := logs[:cut], logs[cut:]
	n := float64(len(logs))
	if float64(min(len(low), len(high))) < modeShare*n {
		return Modes{}
	}
	below, above := Median(low), Median(high)
	apart := above - below
	// An even spread would have a ratio of 4 and a fifth of all in the middle
	// fifth, a bell a ratio of 3 and a tenth.
	from, _ := slices.BinarySearch(logs, below+0.4*apart)
	to, _ := slices.BinarySearch(logs, below+0.6*apart)
	if apart < math.Log(1.5) || apart < 5*max(deviation(low), deviation(high)) || float64(to-from) > 0.04*n {
		return Modes{}
	}
	changes, expectedChanges := 0, 2*float64(len(low))*float64(len(high))/n
	for i := range inOrder[1:] {
		if (inOrder[i] < high[0]) != (inOrder[i+1] < high[0]) {
			changes++
		}
	}
	if float64(changes) < expectedChanges/2 {
		return Modes{}
	}
	return Modes{1000 * math.Exp(below), 1000 * math.Exp(above), float64(len(low)) / n}
}

// trend is the line through the times of the longer half of a workload's
// prompts and those of the shorter half: their medians. With one length it is
// flat.
func trend(prompts []timed) (slope, offset float64) {
	sorted := slices.Clone(prompts)
	slices.SortFunc(sorted, func(a, b timed) int { return cmp.Compare(a.tokens, b.tokens) })
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
