package schedule

import (
	"fmt"
	"math"
	"testing"
	"time"
)

func TestConstant(t *testing.T) {
	tests := []struct {
		why  string
		rate float64
		n, i int
		due  time.Duration
		ok   bool
	}{
		{"the first item is due at once", 3, 0, 0, 0, true},
		{"due times are rounded to the nearest nanosecond", 3, 0, 1, 333333333, true},
		{"rounding errors do not add up", 3, 0, 3_000_000, 1_000_000 * time.Second, true},
		{"the last item", 2, 5, 4, 2 * time.Second, true},
		{"no item after it", 2, 5, 5, 0, false},
	}
	for _, test := range tests {
		if due, ok := Constant(test.rate, test.n).Due(test.i); due != test.due || ok != test.ok {
			t.Errorf("%s: got %v %v, want %v %v", test.why, due, ok, test.due, test.ok)
		}
	}
}

func TestTimes(t *testing.T) {
	if _, ok := Times(nil).Due(0); ok {
		t.Error("no times have an item")
	}
	if due, ok := Times([]time.Duration{1, 5}).Due(1); due != 5 || !ok {
		t.Errorf("got %v %v, want 5ns", due, ok)
	}
}

func TestCount(t *testing.T) {
	tests := []struct {
		why      string
		arrivals Arrivals
		before   time.Duration
		want     int
	}{
		{"an item due at the end is not before it", Constant(2, 0), 10 * time.Second, 20},
		{"an item due just before the end is", Constant(2, 0), 10*time.Second + 1, 21},
		{"no more than there are", Constant(2, 5), 10 * time.Second, 5},
		{"without a limit all count", Constant(2, 5), 0, 5},
		{"only the first item", Constant(0.1, 0), time.Nanosecond, 1},
		{"without limit and end", Constant(2, 0), 0, 0},
		{"no times", Times(nil), time.Second, 0},
		{"simultaneous items", Times([]time.Duration{0, 7, 7}), 7, 1},
		{"the longest run", Constant(1e-9, 0), math.MaxInt64, 10},
	}
	for _, test := range tests {
		if got := test.arrivals.Count(test.before); got != test.want {
			t.Errorf("%s: got %d, want %d", test.why, got, test.want)
		}
	}
}

func TestParseProcess(t *testing.T) {
	tests := []struct{ text, want string }{ // want: as recorded; empty: an error
		{"constant", "constant"},
		{"poisson", "poisson"},
		{"gamma:0.5", "gamma:0.5"},
		{"gamma:1", "poisson"},
		{"gamma", ""},
		{"gamma:0", ""},
		{"gamma:inf", ""},
		{"poisson:2", ""},
		{"constant:2", ""},
		{"uniform", ""},
		{"", ""},
	}
	for _, test := range tests {
		process, err := ParseProcess(test.text)
		if (err == nil) != (test.want != "") || err == nil && process.String() != test.want {
			t.Errorf("%q: got %v, %v, want %q", test.text, process, err, test.want)
		}
	}
}

// Each process must keep the rate, and a gamma distribution of shape k has
// intervals with a coefficient of variation of 1/sqrt(k).
func TestProcesses(t *testing.T) {
	const n, rate = 100_000, 20
	tests := []struct {
		process   Process
		variation float64
	}{
		{ConstantRate{}, 0}, {Gamma{1}, 1}, {Gamma{0.25}, 2}, {Gamma{4}, 0.5}, {Gamma{100}, 0.1},
	}
	for _, test := range tests {
		arrivals, again := test.process.Draw(rate, n, 7), test.process.Draw(rate, n, 7)
		again.At(n - 1) // drawn in another order
		other := test.process.Draw(rate, n, 8)
		var sum, squares float64
		same := true
		for i := 1; i < n; i++ {
			before, at := arrivals.At(i-1), arrivals.At(i)
			if at < before {
				t.Fatalf("%v: item %d is due before item %d", test.process, i, i-1)
			}
			if at != again.At(i) {
				t.Fatalf("%v: item %d is due at %v and then at %v", test.process, i, at, again.At(i))
			}
			same = same && at == other.At(i)
			interval := (at - before).Seconds()
			sum += interval
			squares += interval * interval
		}
		mean := sum / (n - 1)
		variation := math.Sqrt(max(0, squares/(n-1)/(mean*mean)-1))
		if math.Abs(mean*rate-1) > 0.02 || math.Abs(variation-test.variation) > 0.02*max(1, test.variation) {
			t.Errorf("%v: mean interval %.5f s, variation %.3f, want %.5f s, %.3f", test.process, mean, variation, 1./rate, test.variation)
		}
		if same != (test.variation == 0) {
			t.Errorf("%v: another seed gives the same arrivals: %v", test.process, same)
		}
	}
}

func ExampleProcess() {
	for _, process := range []Process{ConstantRate{}, Gamma{0.5}} {
		arrivals := process.Draw(10, 0, 1)
		fmt.Println(process, arrivals.Count(time.Minute), "items in a minute")
	}
	// Output:
	// constant 600 items in a minute
	// gamma:0.5 649 items in a minute
}
