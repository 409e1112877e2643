package main

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/suite"
)

// sample is what is kept of a point's requests in order to draw it.
type sample struct {
	ttft, tpot, itl, e2el []cdfPoint // cumulative distributions
	lag                   []cdfPoint
	goodput               float64 // requests per second that meet the goals
	cachedShare           float64 // of prompt tokens; NaN if the engine does not report it
	timeline              []interval
	failures              []failure // at seconds since the first launch
	scrapes               []scrape  // likewise
	sessions              heatmap
}

// cdfPoint is a point of a cumulative distribution: this fraction takes at most ms.
type cdfPoint struct{ ms, fraction float64 }

// span is a segment of a run.
type interval struct {
	from, to        float64 // seconds since the first launch
	inFlight        float64 // mean
	sent, completed float64 // requests per second
	failed          int     // of those sent in it
	ttft50, ttft99  float64 // ms, of those sent in it; NaN without any
}

// sample reduces the requests to what is drawn. Figures that the result of the point lacks
// are filled in.
func (r *requests) sample(p *suite.Point) *sample {
	s := &sample{
		timeline:    r.timeline(min(max(len(r.launch)/4, 12), 60)),
		sessions:    r.heatmap(),
		cachedShare: r.cached / r.prompt,
		goodput:     math.NaN(),
		itl:         r.gaps.cdf(),
	}
	if seconds := r.lastFinish - r.firstLaunch; seconds > 0 {
		s.goodput = float64(r.good) / seconds
	}
	for _, f := range r.failures {
		s.failures = append(s.failures, failure{f.at - r.firstLaunch, f.text})
	}
	for _, e := range r.scrapes {
		e.at -= r.firstLaunch
		s.scrapes = append(s.scrapes, e)
	}
	results := &p.Results
	s.ttft = reduce(r.ttft, &results.TTFT)
	s.tpot = reduce(r.tpot, &results.TPOT)
	s.e2el = reduce(r.e2el, &results.E2EL)
	s.lag = reduce(r.lag, &results.Lag)
	if math.IsNaN(results.CachedShare) {
		results.CachedShare = s.cachedShare
	}
	return s
}

// reduce sorts times in seconds, fills in what the distribution lacks and returns the
// cumulative distribution.
func reduce(seconds []float32, d *metrics.Distribution) []cdfPoint {
	values := slices.DeleteFunc(seconds, func(v float32) bool { return v != v })
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	percentile := func(percent float64) float64 {
		return 1000 * metrics.PercentileFunc(len(values), func(k int) float64 { return float64(values[k]) }, percent)
	}
	d.Count = cmp.Or(d.Count, len(values))
	for _, percent := range metrics.Percents() {
		if math.IsNaN(d.P(percent)) {
			d.Set(percent, percentile(percent))
		}
	}
	if math.IsNaN(d.Max) {
		d.Max = percentile(100)
	}
	var cdf []cdfPoint
	for _, fraction := range cdfFractions() {
		cdf = append(cdf, cdfPoint{percentile(fraction * 100), fraction})
	}
	return cdf
}

// cdfFractions returns where a distribution is drawn: densely enough for the eye, and more
// densely at the tail.
func cdfFractions() (all []float64) {
	for percent := 0; percent < 95; percent += 2 {
		all = append(all, float64(percent)/100)
	}
	for permille := 950; permille <= 1000; permille += 2 {
		all = append(all, float64(permille)/1000)
	}
	return all
}

// cdf returns the cumulative distribution of the gaps.
func (g *gaps) cdf() []cdfPoint {
	var all, cdf []cdfPoint
	seen := 0
	for _, class := range slices.Sorted(maps.Keys(g.counts)) {
		seen += g.counts[class]
		all = append(all, cdfPoint{middle(class), float64(seen) / float64(g.total)})
	}
	i := 0
	for _, fraction := range cdfFractions() {
		for i < len(all)-1 && all[i].fraction < fraction {
			i++
		}
		if i < len(all) {
			cdf = append(cdf, cdfPoint{all[i].ms, fraction})
		}
	}
	return cdf
}

// quantile returns the first latency that at least a fraction of the requests do not
// exceed, or NaN.
func quantile(cdf []cdfPoint, fraction float64) float64 {
	for _, point := range cdf {
		if point.fraction >= fraction {
			return point.ms
		}
	}
	return math.NaN()
}

// timeline divides the run into n equal intervals.
func (r *requests) timeline(n int) []interval {
	first := float32(r.firstLaunch - r.start)
	length := r.lastFinish - r.firstLaunch
	if !(length > 0) {
		return nil
	}
	width := length / float64(n)
	all := make([]interval, n)
	ttfts := make([][]float64, n)
	in := func(t float32) int { return min(max(int(float64(t-first)/width), 0), n-1) }
	for i := range all {
		all[i].from, all[i].to = float64(i)*width, float64(i+1)*width
	}
	for i := range r.launch {
		from, to := in(r.launch[i]), in(r.finish[i])
		all[from].sent += 1 / width
		if failed := r.e2el[i] != r.e2el[i]; failed {
			all[from].failed++
		} else {
			all[to].completed += 1 / width
		}
		for k := from; k <= to; k++ {
			overlap := min(float64(r.finish[i]-first), all[k].to) - max(float64(r.launch[i]-first), all[k].from)
			all[k].inFlight += max(overlap, 0) / width
		}
		if ttft := r.ttft[i]; ttft == ttft {
			ttfts[from] = append(ttfts[from], float64(ttft)*1000)
		}
	}
	for i, ttft := range ttfts {
		slices.Sort(ttft)
		all[i].ttft50, all[i].ttft99 = metrics.Percentile(ttft, 50), metrics.Percentile(ttft, 99)
	}
	return all
}

// heatmap holds the TTFT of sessions by turn.
type heatmap struct {
	rows     []heatmapRow
	turns    int
	sessions int
}

// heatmapRow is a session, or a group of sessions that started one after the other.
type heatmapRow struct {
	label string
	cells []float64 // ms by turn, the median over the sessions; NaN without any
}

const (
	maxRows  = 40
	maxTurns = 60
)

// heatmap orders sessions by their first launch. It is empty if no session has a second
// turn.
func (r *requests) heatmap() heatmap {
	type key struct{ user, turn int32 }
	cells := map[key][]float64{}
	first := map[int32]float32{}
	var h heatmap
	repeated := 0
	for i, turn := range r.turn {
		if turn <= 0 || turn > maxTurns || r.ttft[i] != r.ttft[i] {
			continue
		}
		if launch, seen := first[r.user[i]]; !seen || r.launch[i] < launch {
			first[r.user[i]] = r.launch[i]
		}
		k := key{r.user[i], turn}
		cells[k] = append(cells[k], float64(r.ttft[i])*1000)
		if turn > 1 {
			repeated++
		}
		h.turns = max(h.turns, int(turn))
	}
	if repeated == 0 {
		return heatmap{}
	}
	users := slices.SortedFunc(maps.Keys(first), func(a, b int32) int {
		return cmp.Or(cmp.Compare(first[a], first[b]), cmp.Compare(a, b))
	})
	h.sessions = len(users)
	size := (len(users) + maxRows - 1) / maxRows
	for group := range slices.Chunk(users, size) {
		row := heatmapRow{label: rangeOf(group), cells: make([]float64, h.turns)}
		for turn := range h.turns {
			var ttft []float64
			for _, user := range group {
				ttft = append(ttft, cells[key{user, int32(turn + 1)}]...)
			}
			slices.Sort(ttft)
			row.cells[turn] = metrics.Percentile(ttft, 50)
		}
		h.rows = append(h.rows, row)
	}
	return h
}
