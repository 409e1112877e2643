package metrics

import (
	"cmp"
	"math"
	"slices"
)

// Bimodality describes two groups of TTFTs. Upper is 0 if there are no two groups.
type Bimodality struct {
	Lower, Upper float64 // ms; the median of each
	LowerShare   float64
}

const (
	leastModes = 40   // prompts needed for a finding
	leastLower = 5    // at least so many fast prompts,
	lowerShare = 0.05 // and this share: only a cache makes some fast
	upperShare = 0.25 // every engine has a few slow ones
	likeLength = 1.2  // lengths within this factor are similar
	together   = 0.1  // of the median TTFT: prompts within this time arrive together
)

// bimodality looks for two tight, well-separated groups of TTFTs that are interleaved in
// time. Noise does not produce well-separated groups; queueing, pauses and prompt length
// do not produce interleaved ones. It compares prompts of similar length with each other,
// and all prompts relative to what their length suggests.
func bimodality(prompts []timed) Bimodality {
	prompts = slices.DeleteFunc(slices.Clone(prompts), func(p timed) bool { return !(p.ttft > 0) })
	if len(prompts) < leastModes {
		return Bimodality{}
	}
	queued(prompts)
	for _, alike := range ofLikeLength(prompts) {
		if found := split(alike, func(timed) float64 { return 1 }); found.Upper > 0 {
			return found
		}
	}
	slope, offset := trend(prompts)
	typical := make([]float64, len(prompts))
	for i, p := range prompts {
		typical[i] = offset + slope*p.tokens
	}
	slices.Sort(typical)
	return split(prompts, func(p timed) float64 { return (offset + slope*p.tokens) / Median(typical) })
}

// queued sorts prompts by launch and sets how many were ahead of each. Of prompts that
// arrive together only the first to be answered counts: which one an engine takes first
// is chance.
func queued(prompts []timed) {
	times, firsts := make([]float64, len(prompts)), make([]float64, len(prompts))
	for i, p := range prompts {
		times[i], firsts[i] = p.ttft, p.launch+p.ttft
	}
	slices.Sort(times)
	slices.Sort(firsts)
	atOnce := together * Median(times)
	slices.SortFunc(prompts, func(a, b timed) int { return cmp.Compare(a.launch, b.launch) })
	over := 0 // prompts that had their first token when the next ones arrived
	for i := 0; i < len(prompts); {
		from, first := prompts[i].launch, i
		for over < len(firsts) && firsts[over] <= from {
			over++
		}
		for ; i < len(prompts) && prompts[i].launch-from <= atOnce; i++ {
			prompts[i].second = true
			if prompts[i].ttft < prompts[first].ttft {
				first = i
			}
		}
		prompts[first].second = false
		prompts[first].ahead = float64(i - over - 1)
	}
}

// ofLikeLength groups prompts of similar length; each group is sorted by launch.
func ofLikeLength(prompts []timed) (groups [][]timed) {
	sorted := slices.Clone(prompts)
	slices.SortStableFunc(sorted, func(a, b timed) int { return cmp.Compare(a.tokens, b.tokens) })
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && sorted[n].tokens <= likeLength*sorted[0].tokens {
			n++
		}
		slices.SortFunc(sorted[:n], func(a, b timed) int { return cmp.Compare(a.launch, b.launch) })
		groups = append(groups, sorted[:n])
		sorted = sorted[n:]
	}
	return groups
}

// split cuts the TTFTs, each divided by its expected value, in two groups.
func split(all []timed, expected func(timed) float64) Bimodality {
	prompts := slices.DeleteFunc(slices.Clone(all), func(p timed) bool { return p.second })
	if len(prompts) < leastModes {
		return Bimodality{}
	}
	inOrder := make([]float64, len(prompts)) // logarithms
	for i, p := range prompts {
		by := expected(p)
		if !(by > 0) {
			return Bimodality{}
		}
		inOrder[i] = math.Log(p.ttft / by)
	}
	logs := slices.Sorted(slices.Values(inOrder))
	cut := otsu(logs)
	low, high := logs[:cut], logs[cut:]
	n := float64(len(logs))
	if float64(len(low)) < max(leastLower, lowerShare*n) || float64(len(high)) < upperShare*n {
		return Bimodality{}
	}
	below, above := Median(low), Median(high)
	apart := above - below
	// A uniform distribution has a ratio of 4 and a fifth of its values in the middle
	// fifth, a normal one a ratio of 3 and a tenth. A queue spreads the TTFTs to one side,
	// with as many in the middle as there.
	from, _ := slices.BinarySearch(logs, below+0.4*apart)
	to, _ := slices.BinarySearch(logs, below+0.6*apart)
	if apart < math.Log(1.5) || apart < 5*max(deviation(low), deviation(high)) || float64(to-from) > min(0.04*n, 0.1*float64(min(len(low), len(high)))) {
		return Bimodality{}
	}
	fast := func(i int) bool { return inOrder[i] < high[0] }
	for _, key := range []func(timed) float64{
		func(p timed) float64 { return p.launch }, func(p timed) float64 { return p.tokens }, func(p timed) float64 { return p.ahead },
	} {
		if !mixed(prompts, key, fast) {
			return Bimodality{}
		}
	}
	lower := 0.0
	for _, p := range all {
		if math.Log(p.ttft/expected(p)) < high[0] {
			lower++
		}
	}
	return Bimodality{1000 * math.Exp(below), 1000 * math.Exp(above), lower / float64(len(all))}
}

// mixed reports whether fast prompts are interleaved with the others when sorted by a key.
// Otherwise the key is what makes them fast.
func mixed(prompts []timed, key func(timed) float64, fast func(int) bool) bool {
	order := make([]int, len(prompts))
	count := 0.0
	for i := range order {
		order[i] = i
		if fast(i) {
			count++
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(key(prompts[a]), key(prompts[b])) })
	changes, n := 0.0, float64(len(order))
	for i, at := range order[1:] {
		if fast(at) != fast(order[i]) {
			changes++
		}
	}
	return changes >= count*(n-count)/n // half as many as expected by chance
}

// trend returns the line through the medians of the shorter and the longer half of the
// prompts. If all have one length it is flat.
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

// otsu returns where to cut ascending values so that the two parts differ most (Otsu's
// method).
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

// deviation returns the median absolute deviation of ascending values.
func deviation(values []float64) float64 {
	middle := Median(values)
	distances := make([]float64, len(values))
	for i, v := range values {
		distances[i] = math.Abs(v - middle)
	}
	slices.Sort(distances)
	return Median(distances)
}
