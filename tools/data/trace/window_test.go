package trace

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func at(seconds ...float64) (requests []Request) {
	for i, s := range seconds {
		requests = append(requests, Request{Line: i + 1, At: time.Duration(s * 1e9), Input: 1, Output: 1})
	}
	return requests
}

func TestWindow(t *testing.T) {
	requests := at(0, 1, 1, 2, 5)
	tests := []struct {
		why             string
		start, duration time.Duration
		want            []int // lines
	}{
		{"all", 0, All, []int{1, 2, 3, 4, 5}},
		{"both ends are within", time.Second, time.Second, []int{2, 3, 4}},
		{"a single instant", time.Second, 0, []int{2, 3}},
		{"to the end", 2 * time.Second, All, []int{4, 5}},
		{"nothing between", 3 * time.Second, time.Second, nil},
		{"after the end", 9 * time.Second, All, nil},
		{"longer than any trace", time.Second, math.MaxInt64, []int{2, 3, 4, 5}},
	}
	for _, test := range tests {
		var got []int
		for _, r := range Window(requests, test.start, test.duration) {
			got = append(got, r.Line)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.why, diff)
		}
	}
}

func TestDue(t *testing.T) {
	tests := []struct {
		why  string
		pace Pace
		at   []float64
		want []float64
		rate float64
	}{
		{"as in the trace", Pace{Scale: 1}, []float64{0, 1.5, 1.5, 7}, []float64{0, 1.5, 1.5, 7}, 4. / 7},
		{"since the start of the window", Pace{Start: 2 * time.Second, Scale: 1}, []float64{2, 3, 6}, []float64{0, 1, 4}, 3. / 4},
		{"twice as fast", Pace{Scale: 0.5}, []float64{0, 1, 4}, []float64{0, 0.5, 2}, 3. / 2},
		{"a cap shortens what is longer than it, and all that follows comes so much earlier", Pace{Scale: 1, Limit: 2 * time.Second},
			[]float64{1, 2, 12, 13, 30}, []float64{1, 2, 4, 5, 7}, 5. / 7},
		{"the wait for the first is capped too", Pace{Scale: 1, Limit: 2 * time.Second}, []float64{10, 11}, []float64{2, 3}, 2. / 3},
		{"a cap is of seconds of the run, not of the trace", Pace{Scale: 0.1, Limit: time.Second}, []float64{0, 5, 25}, []float64{0, 0.5, 1.5}, 3. / 1.5},
		{"the original's cap sends all that is later at once", Pace{Scale: 1, Limit: 2 * time.Second, Legacy: true},
			[]float64{0, 1, 12, 13, 30}, []float64{0, 1, 2, 2, 2}, 5. / 2},
		{"all at once", Pace{Scale: 1}, []float64{0, 0, 0}, []float64{0, 0, 0}, 3},
	}
	for _, test := range tests {
		var got []float64
		for _, due := range test.pace.Due(at(test.at...)) {
			got = append(got, due.Seconds())
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.why, diff)
		}
		if rate := test.pace.Rate(at(test.at...), All); math.Abs(rate-test.rate) > 1e-9 {
			t.Errorf("%s: offers %v requests a second, want %v", test.why, rate, test.rate)
		}
	}
	if rate := (Pace{Scale: 0.5}).Rate(at(0, 1, 2), 10*time.Second); rate != 3./5 {
		t.Errorf("a window of 10 s that ends with silence offers %v requests a second, want 0.6", rate)
	}
	if due := (Pace{Scale: 1e9}).Due(at(0, 1e6)); due[1] < due[0] {
		t.Errorf("due %v: a scale that leads out of time", due)
	}
}
