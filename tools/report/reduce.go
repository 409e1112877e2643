package main

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/suite"
)

// sample is what is kept of a point's requests to draw it.
type sample struct {
	ttft, tpot, itl, e2el []rank // cumulative distributions
	lag                   []rank
	goodput               float64 // requests per second that meet the goals
	cachedShare           float64 // of prompt tokens; NaN if the engine does not say
	course                []span
	failures              []failure // at: seconds since the first launch
	engine                []reading // as above
	sessions              heat
}

// rank is a point of a cumulative distribution: this share is at most this long.
type rank struct{ ms, share float64 }

// span is a stretch of a run.
type span struct {
	from, to        float64 // seconds since the first launch
	inFlight        float64 // mean
	launched, ended float64 // requests per second
	failed          int     // of those launched here
	ttft50, ttft99  float64 // ms, of those launched here; NaN if none
}

// sample reduces the requests.
func (r *requests) sample(p *suite.Point) *sample {
	s := &sample{
		course:      r.course(min(max(len(r.launch)/4, 12), 60)),
		sessions:    r.heat(),
		cachedShare: r.cached / r.prompt,
		goodput:     math.NaN(),
		itl:         r.gaps.ranks(),
	}
	if seconds := r.lastPoint - r.firstLaunch; seconds > 0 {
		s.goodput = float64(r.good) / seconds
	}
	for _, f := range r.failures {
		s.failures = append(s.failures, failure{f.at - r.firstLaunch, f.text})
	}
	for _, e := range r.engine {
		e.at -= r.firstLaunch
		s.engine = append(s.engine, e)
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

// reduce sorts seconds and returns their distribution; figures that the result does
// not have are filled in.
func reduce(seconds []float32, q *metrics.Distribution) []rank {
	values := slices.DeleteFunc(seconds, func(v float32) bool { return v != v })
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	at := func(percent float64) float64 {
		return 1000 * metrics.PercentileFunc(len(values), func(k int) float64 { return float64(values[k]) }, percent)
	}
	q.Count = cmp.Or(q.Count, len(values))
	for _, percent := range metrics.Percents() {
		if math.IsNaN(q.P(percent)) {
			q.Set(percent, at(percent))
		}
	}
	if math.IsNaN(q.Max) {
		q.Max = at(100)
	}
	ranks := make([]rank, 0, len(shares))
	for _, share := range shares {
		ranks = append(ranks, rank{at(share * 100), share})
	}
	return ranks
}

// shares are where a distribution is drawn: close enough for the eye, closer at the top.
var shares = func() (all []float64) {
	for percent := 0; percent < 95; percent += 2 {
		all = append(all, float64(percent)/100)
	}
	for permille := 950; permille <= 1000; permille += 2 {
		all = append(all, float64(permille)/1000)
	}
	return all
}()

// ranks of the gaps, by the classes' middles.
func (g *gaps) ranks() []rank {
	var all, ranks []rank
	seen := 0
	for _, class := range slices.Sorted(maps.Keys(g.counts)) {
		seen += g.counts[class]
		all = append(all, rank{middle(class), float64(seen) / float64(g.total)})
	}
	at := 0
	for _, share := range shares {
		for at < len(all)-1 && all[at].share < share {
			at++
		}
		if at < len(all) {
			ranks = append(ranks, rank{all[at].ms, share})
		}
	}
	return ranks
}

// at is the latency that a share of the requests keeps.
func at(ranks []rank, share float64) float64 {
	for _, r := range ranks {
		if r.share >= share {
			return r.ms
		}
	}
	return math.NaN()
}

// course cuts the run into equal spans.
func (r *requests) course(spans int) []span {
	first := float32(r.firstLaunch - r.start)
	length := r.lastPoint - r.firstLaunch
	if !(length > 0) {
		return nil
	}
	width := length / float64(spans)
	all := make([]span, spans)
	ttfts := make([][]float64, spans)
	in := func(t float32) int { return min(max(int(float64(t-first)/width), 0), spans-1) }
	for i := range all {
		all[i].from, all[i].to = float64(i)*width, float64(i+1)*width
	}
	for i := range r.launch {
		from, to := in(r.launch[i]), in(r.finish[i])
		all[from].launched += 1 / width
		if failed := r.e2el[i] != r.e2el[i]; failed {
			all[from].failed++
		} else {
			all[to].ended += 1 / width
		}
		for k := from; k <= to; k++ {
			overlap := min(float64(r.finish[i]-first), all[k].to) - max(float64(r.launch[i]-first), all[k].from)
			all[k].inFlight += max(overlap, 0) / width
		}
		if ttft := r.ttft[i]; ttft == ttft {
			ttfts[from] = append(ttfts[from], float64(ttft)*1000)
		}
	}
	for i, of := range ttfts {
		slices.Sort(of)
		all[i].ttft50, all[i].ttft99 = metrics.Percentile(of, 50), metrics.Percentile(of, 99)
	}
	return all
}

// heat is the TTFT of sessions by turn.
type heat struct {
	rows     []heatRow
	turns    int
	sessions int
}

// heatRow is a session, or several that began one after the other.
type heatRow struct {
	label string
	cells []float64 // ms by turn, the median of the sessions; NaN if none
}

const (
	mostRows  = 40
	mostTurns = 60
)

// heat orders sessions by their first launch. Where hardly any session has a second
// turn there is nothing to see.
func (r *requests) heat() heat {
	type key struct{ user, turn int32 }
	cells := map[key][]float64{}
	began := map[int32]float32{}
	var h heat
	repeated := 0
	for i, turn := range r.turn {
		if turn <= 0 || turn > mostTurns || r.ttft[i] != r.ttft[i] {
			continue
		}
		if first, seen := began[r.user[i]]; !seen || r.launch[i] < first {
			began[r.user[i]] = r.launch[i]
		}
		k := key{r.user[i], turn}
		cells[k] = append(cells[k], float64(r.ttft[i])*1000)
		if turn > 1 {
			repeated++
		}
		h.turns = max(h.turns, int(turn))
	}
	if repeated == 0 {
		return heat{}
	}
	users := slices.SortedFunc(maps.Keys(began), func(a, b int32) int {
		return cmp.Or(cmp.Compare(began[a], began[b]), cmp.Compare(a, b))
	})
	h.sessions = len(users)
	each := (len(users) + mostRows - 1) / mostRows
	for group := range slices.Chunk(users, each) {
		row := heatRow{label: rangeOf(group), cells: make([]float64, h.turns)}
		for turn := range h.turns {
			var of []float64
			for _, user := range group {
				of = append(of, cells[key{user, int32(turn + 1)}]...)
			}
			slices.Sort(of)
			row.cells[turn] = metrics.Percentile(of, 50)
		}
		h.rows = append(h.rows, row)
	}
	return h
}
