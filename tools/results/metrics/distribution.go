package metrics

import (
	"maps"
	"math"
	"slices"
	"sort"
	"strconv"
	"time"
)

// Distribution summarizes the values of one quantity. Without a value Count is 0 and
// every figure NaN.
type Distribution struct {
	Count          int
	Mean, Min, Max float64
	Median         float64    // numpy.median, for LMBench's own figures
	Quantiles      []Quantile // in the order of Percents
}

// Quantile is the value at one percentile.
type Quantile struct {
	Percent  float64
	Value    float64 // numpy.percentile
	Interval Interval
}

// Percents returns the percentiles of a Distribution. Results, tables, the live view
// and reports show these: a percentile that is added here appears in all of them.
func Percents() []float64 { return []float64{50, 90, 95, 99, 99.9} }

// PercentName returns the name that results and tables give a percentile: p50, p99.9.
func PercentName(percent float64) string { return "p" + strconv.FormatFloat(percent, 'f', -1, 64) }

// P returns the value at a percentile, or NaN if the distribution does not have it.
func (d Distribution) P(percent float64) float64 {
	for _, q := range d.Quantiles {
		if q.Percent == percent {
			return q.Value
		}
	}
	return math.NaN()
}

// Set sets the value at a percentile that was computed elsewhere.
func (d *Distribution) Set(percent, value float64) {
	for i, q := range d.Quantiles {
		if q.Percent == percent {
			d.Quantiles[i].Value = value
			return
		}
	}
	d.Quantiles = append(d.Quantiles, Quantile{percent, value, Interval{math.NaN(), math.NaN()}})
}

// Known reports whether there is a median.
func (d Distribution) Known() bool { return !math.IsNaN(d.P(50)) }

// Distribute returns the distribution of values, which it reorders.
func Distribute(values []float64) Distribution {
	mean := Mean(values)
	var ranks []int // that distribution will ask for
	distribution(len(values), mean, func(k int) float64 { ranks = append(ranks, k); return 0 })
	nthElements(values, ranks)
	return distribution(len(values), mean, func(k int) float64 { return values[k] })
}

// distribution reads the k-th smallest of n values with at, k from 0.
func distribution(n int, mean float64, at func(k int) float64) Distribution {
	d := Distribution{
		Count: n, Mean: mean, Min: PercentileFunc(n, at, 0), Max: PercentileFunc(n, at, 100), Median: median(n, at),
	}
	for _, percent := range Percents() {
		d.Quantiles = append(d.Quantiles, Quantile{percent, PercentileFunc(n, at, percent), interval(n, at, percent)})
	}
	return d
}

// gapCounts counts the gaps between chunks by value. Gaps are whole microseconds, so this
// keeps every value in the memory of the distinct ones: a long run has hundreds of
// millions of gaps.
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

// each calls do for all gaps, from the shortest.
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

// distribution returns the distribution in milliseconds.
func (g *gapCounts) distribution() Distribution {
	var gaps []time.Duration
	var through []int // number of values up to and including gaps[i]
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
