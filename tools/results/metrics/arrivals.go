package metrics

import (
	"math"
	"slices"
)

// Arrivals compares when requests left with when they were planned to leave. A figure that
// does not exist is NaN.
type Arrivals struct {
	Count                int     // launches: all, or the first million
	Window               float64 // s; length of the windows in which launches are counted
	Dispersion           float64 // index of dispersion (variance / mean) of the counts: 0 even, 1 Poisson, more in bursts
	PlannedDispersion    float64 // of the due times
	KS                   float64 // Kolmogorov-Smirnov distance of actual and planned gaps; gaps within KSTolerance count as equal
	KSTolerance          float64 // s
	Correlation          float64 // lag-1 correlation of the gaps
	PlannedCorrelation   float64
	PlannedVariation     float64 // standard deviation / mean of the planned gaps: 0 even, 1 Poisson
	MeanGap, MeanPlanned float64 // s
}

const mostArrivals = 1 << 20

// arrivals holds when requests left and were due, in seconds since 1970.
type arrivals struct {
	launched, due []float64
	last          float64 // latest finish of those kept
	longest       float64 // s, the longest request
}

func (a *arrivals) add(launched, due, finished float64) {
	a.longest = max(a.longest, finished-launched)
	if len(a.due) < mostArrivals {
		a.launched, a.due = append(a.launched, launched), append(a.due, due)
		a.last = max(a.last, finished)
	}
}

// figures sorts what was kept and compares it.
func (a *arrivals) figures() Arrivals {
	if len(a.due) == mostArrivals { // rows come in the order of their ends: some of the latest launches are missing
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
	// Ten requests per window on average: shorter windows do not show bursts, longer
	// windows average them out.
	f.Window = 10 * f.MeanPlanned
	f.Dispersion, f.PlannedDispersion = dispersion(a.launched, a.due[0], f.Window), dispersion(a.due, a.due[0], f.Window)
	// Engines work in steps of milliseconds: smaller differences, or those below a tenth
	// of the mean gap, do not matter.
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

// dispersion returns the index of dispersion of ascending times, counted in windows from
// start on. The last, incomplete window is left out.
func dispersion(times []float64, start, window float64) float64 {
	whole := int((times[len(times)-1] - start) / window)
	if !(window > 0) || whole < 5 {
		return math.NaN() // too few windows
	}
	counts := make([]float64, whole)
	for _, at := range times {
		if i := int((at - start) / window); 0 <= i && i < whole {
			counts[i]++
		}
	}
	return variance(counts) / Mean(counts)
}

// lagOne returns the correlation of each value with the next, or NaN if all are equal but
// for rounding.
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

// distance returns the Kolmogorov-Smirnov distance of two ascending samples. Values at most
// a tolerance apart count as equal.
func distance(a, b []float64, tolerance float64) float64 {
	return max(excess(a, b, tolerance), excess(b, a, tolerance))
}

// excess returns the largest difference between the share of a's values up to a bound and
// the share of b's values up to that bound plus the tolerance.
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
