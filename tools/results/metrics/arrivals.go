package metrics

import (
	"math"
	"slices"
)

// Arrivals is how the requests left, beside how they were planned to. A figure
// that does not exist is NaN.
type Arrivals struct {
	Count                int     // launches looked at: all, or the first million
	Window               float64 // s; the dispersions are of the counts in windows so long
	Dispersion           float64 // variance / mean of the launches in a window: 0 even, 1 Poisson, more in clumps
	PlannedDispersion    float64 // the same of the due times
	KS                   float64 // greatest difference of the distributions of gaps, those within KSTolerance of each other taken as equal
	KSTolerance          float64 // s
	Correlation          float64 // of each gap with the next
	PlannedCorrelation   float64
	PlannedVariation     float64 // standard deviation / mean of the planned gaps: 0 even, 1 Poisson
	MeanGap, MeanPlanned float64 // s
}

const mostArrivals = 1 << 20

// arrivals keeps when requests left and were due, in epoch seconds.
type arrivals struct {
	launched, due []float64
	last          float64 // finish of those kept
	longest       float64 // s, any request took
}

func (a *arrivals) add(launched, due, finished float64) {
	a.longest = max(a.longest, finished-launched)
	if len(a.due) < mostArrivals {
		a.launched, a.due = append(a.launched, launched), append(a.due, due)
		a.last = max(a.last, finished)
	}
}

// arrivals compares the two. It sorts what was kept.
func (a *arrivals) figures() Arrivals {
	if len(a.due) == mostArrivals { // rows come as they finish: of the latest launches some are missing
		complete := a.last - a.longest
		launched, due := a.launched[:0], a.due[:0]
		for i, at := range a.launched {
			if at <= complete {
				launched, due = append(launched, at), append(due, a.due[i])
			}
		}
		a.launched, a.due = launched, due
	}
	slices.Sort(a.launched)
	slices.Sort(a.due)
	f := Arrivals{Count: len(a.due), Window: math.NaN(), Dispersion: math.NaN(), PlannedDispersion: math.NaN(), KS: math.NaN(),
		KSTolerance: math.NaN(), Correlation: math.NaN(), PlannedCorrelation: math.NaN(), PlannedVariation: math.NaN(), MeanGap: math.NaN(), MeanPlanned: math.NaN()}
	if len(a.due) < 3 {
		return f
	}
	gaps, planned := gapsOf(a.launched), gapsOf(a.due)
	f.MeanGap, f.MeanPlanned = Mean(gaps), Mean(planned)
	f.Correlation, f.PlannedCorrelation = lagOne(gaps), lagOne(planned)
	f.PlannedVariation = StdDev(planned) / f.MeanPlanned
	// Ten requests in a window on average: shorter ones do not show clumps,
	// longer ones even them out.
	f.Window = 10 * f.MeanPlanned
	f.Dispersion, f.PlannedDispersion = dispersion(a.launched, a.due[0], f.Window), dispersion(a.due, a.due[0], f.Window)
	// An engine works in steps of milliseconds: what differs by less, or by a
	// tenth of the usual gap, does not differ for it.
	f.KSTolerance = max(0.001, f.MeanPlanned/10)
	slices.Sort(gaps)
	slices.Sort(planned)
	f.KS = distance(gaps, planned, f.KSTolerance)
	return f
}

func gapsOf(times []float64) []float64 {
	gaps := make([]float64, len(times)-1)
	for i := range gaps {
		gaps[i] = times[i+1] - times[i]
	}
	return gaps
}

// dispersion is the variance over the mean of how many ascending times lie in
// each window from start on. The last window, which is not whole, is left out.
func dispersion(times []float64, start, window float64) float64 {
	whole := int((times[len(times)-1] - start) / window)
	if !(window > 0) || whole < 5 {
		return math.NaN() // too few to say anything
	}
	counts := make([]float64, whole)
	for _, at := range times {
		if i := int((at - start) / window); 0 <= i && i < whole {
			counts[i]++
		}
	}
	return variance(counts) / Mean(counts)
}

// lagOne is the correlation of each value with the next; NaN if all are equal
// but for rounding.
func lagOne(values []float64) float64 {
	mean, products := Mean(values), 0.0
	spread := variance(values)
	if math.Sqrt(spread) <= 1e-4*mean {
		return math.NaN()
	}
	for i := range values[1:] {
		products += (values[i] - mean) * (values[i+1] - mean)
	}
	return products / float64(len(values)) / spread
}

// distance is the Kolmogorov-Smirnov distance of two ascending samples, where
// values no more than a tolerance apart count as equal.
func distance(a, b []float64, tolerance float64) float64 {
	return max(excess(a, b, tolerance), excess(b, a, tolerance))
}

// excess is by how much the share of a's values up to any bound exceeds the
// share of b's up to that bound and a tolerance.
func excess(a, b []float64, tolerance float64) (most float64) {
	j := 0
	for i, v := range a {
		for j < len(b) && b[j] <= v+tolerance {
			j++
		}
		most = max(most, float64(i+1)/float64(len(a))-float64(j)/float64(len(b)))
	}
	return most
}
