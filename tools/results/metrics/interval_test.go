package metrics

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestNeededAreMLPerfsCounts(t *testing.T) {
	for percent, want := range map[float64]int{50: 11, 90: 64, 99: 662, 99.9: 6636} {
		if got := Needed(percent); got != want {
			t.Errorf("p%v needs %d samples, want %d", percent, got, want)
		}
	}
}

func TestRanks(t *testing.T) {
	tests := []struct {
		why  string
		n    int
		p    float64
		l, u int
	}{
		{"the textbook's interval of a median of 10: 2nd and 9th", 10, 0.5, 2, 9},
		{"of 25: 8th and 18th", 25, 0.5, 8, 18},
		{"five samples do not bound a median", 5, 0.5, 0, 6},
		{"six do", 6, 0.5, 1, 6},
		{"100 samples do not bound p99 from above", 100, 0.99, 97, 101},
		{"for many samples as the normal approximation", 1_000_000, 0.5, 499020, 500981},
	}
	for _, test := range tests {
		if l, u := ranks(test.n, test.p); l != test.l || u != test.u {
			t.Errorf("%s: ranks %d and %d, want %d and %d", test.why, l, u, test.l, test.u)
		}
	}
}

// The intervals contain the true percentile at least 95 times in 100, also for a heavy
// tail. Of 2,000 runs three standard errors are 1.3 points.
func TestIntervalsCover(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	laws := []struct {
		name           string
		draw, quantile func(float64) float64 // by the inverse of its law
	}{
		{"exponential", func(u float64) float64 { return -math.Log1p(-u) }, func(p float64) float64 { return -math.Log1p(-p) }},
		{"Pareto, without a mean", func(u float64) float64 { return 1 / (1 - u) }, func(p float64) float64 { return 1 / (1 - p) }},
	}
	for _, law := range laws {
		for _, n := range []int{30, 700} {
			held := map[float64]int{}
			const runs = 2000
			for range runs {
				values := make([]float64, n)
				for i := range values {
					values[i] = law.draw(random.Float64())
				}
				d := Distribute(values)
				for _, q := range d.Quantiles {
					truth, bounds := law.quantile(q.Percent/100), q.Interval
					if !(bounds.Lower > truth) && !(bounds.Upper < truth) { // NaN: no bound
						held[q.Percent]++
					}
				}
			}
			for _, percent := range Percents() {
				if share := float64(held[percent]) / runs; share < 0.95-0.013 {
					t.Errorf("%s, %d samples: the interval of p%v holds it in %.1f %% of the runs", law.name, n, percent, 100*share)
				}
			}
		}
	}
}

func TestSketchIsExactAndThenClose(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1000, exactUpTo, 3 * exactUpTo} {
		var s sketch
		var all []float64
		for range n {
			v := math.Exp(4 * random.NormFloat64())
			s.add(v)
			all = append(all, v)
		}
		got := s.distribution()
		want := Distribute(slices.Clone(all))
		within := 0.0
		if n > exactUpTo {
			within = 1.0 / 1024
		}
		for i, q := range want.Quantiles {
			near := func(a, b float64) bool { return math.Abs(a/b-1) <= within }
			if approx := got.Quantiles[i]; !near(approx.Value, q.Value) || !near(approx.Interval.Lower, q.Interval.Lower) {
				t.Errorf("%d values: %+v, exactly %+v", n, approx, q)
			}
		}
		if got.Count != n || got.Min != want.Min || got.Max != want.Max || math.Abs(got.Mean/want.Mean-1) > 1e-9 {
			t.Errorf("%d values: %+v, want %+v", n, got, want)
		}
	}
}
