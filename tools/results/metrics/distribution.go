package metrics

import (
	"maps"
	"math"
	"slices"
	"sort"
	"time"
)

// Distribution is what is said of one quantity. Without a value Count is 0 and
// everything else NaN.
type Distribution struct {
	Count                    int
	Mean, Min, Max           float64
	Median                   float64 // numpy.median, for the original's figures
	P50, P90, P95, P99, P999 float64 // numpy.percentile; P999 is the 99.9th
	Intervals                [5]Interval
}

// Percents are the percentiles of a Distribution, in the order of Intervals.
func Percents() [5]float64 { return [5]float64{50, 90, 95, 99, 99.9} }

// Distribute orders values in place.
func Distribute(values []float64) Distribution {
	mean := Mean(values)
	var ranks []int // that will be asked for
	distribution(len(values), mean, func(k int) float64 { ranks = append(ranks, k); return 0 })
	order(values, ranks)
	return distribution(len(values), mean, func(k int) float64 { return values[k] })
}

func distribution(n int, mean float64, at func(k int) float64) Distribution {
	d := Distribution{
		Count: n, Mean: mean, Min: percentile(n, at, 0), Max: percentile(n, at, 100), Median: median(n, at),
		P50: percentile(n, at, 50), P90: percentile(n, at, 90), P95: percentile(n, at, 95),
		P99: percentile(n, at, 99), P999: percentile(n, at, 99.9),
	}
	for i, percent := range Percents() {
		d.Intervals[i] = interval(n, at, percent)
	}
	return d
}

// gapCounts is how often each gap between chunks occurred. Gaps are whole
// microseconds, so counting them keeps every value and takes the memory of the
// distinct ones: a long run has hundreds of millions of gaps.
type gapCounts struct {
	short []int // by microseconds
	long  map[time.Duration]int
}

const shortGap = 100 * time.Millisecond

func (g *gapCounts) add(gap time.Duration) {
	gap = gap.Round(time.Microsecond)
	if 0 <= gap && gap < shortGap {
		if g.short == nil {
			g.short = make([]int, shortGap/time.Microsecond)
		}
		g.short[gap/time.Microsecond]++
		return
	}
	if g.long == nil {
		g.long = map[time.Duration]int{}
	}
	g.long[gap]++
}

// each calls do for all gaps that occurred, from the shortest.
func (g *gapCounts) each(do func(gap time.Duration, count int)) {
	long := slices.Sorted(maps.Keys(g.long))
	negative, _ := slices.BinarySearch(long, 0)
	for _, gap := range long[:negative] {
		do(gap, g.long[gap])
	}
	for us, count := range g.short {
		if count > 0 {
			do(time.Duration(us)*time.Microsecond, count)
		}
	}
	for _, gap := range long[negative:] {
		do(gap, g.long[gap])
	}
}

// distribution is in milliseconds.
func (g *gapCounts) distribution() Distribution {
	var gaps []time.Duration
	var through []int // how many values up to and including gaps[i]
	n, total := 0, 0.0
	g.each(func(gap time.Duration, count int) {
		n += count
		total += float64(float64(gap.Microseconds()) * float64(count)) // whole numbers: exact up to 2^53 µs, 285 years
		gaps, through = append(gaps, gap), append(through, n)
	})
	mean := math.NaN()
	if n > 0 {
		mean = total / float64(n) / 1000
	}
	return distribution(n, mean, func(k int) float64 {
		return float64(gaps[sort.SearchInts(through, k+1)].Microseconds()) / 1000
	})
}
