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
		{"all", 0, ToEnd, []int{1, 2, 3, 4, 5}},
		{"both ends are included", time.Second, time.Second, []int{2, 3, 4}},
		{"a single instant", time.Second, 0, []int{2, 3}},
		{"to the end", 2 * time.Second, ToEnd, []int{4, 5}},
		{"between two requests", 3 * time.Second, time.Second, nil},
		{"after the end", 9 * time.Second, ToEnd, nil},
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
		why    string
		timing Timing
		at     []float64
		want   []float64
		rate   float64
	}{
		{"as in the trace", Timing{Scale: 1}, []float64{0, 1.5, 1.5, 7}, []float64{0, 1.5, 1.5, 7}, 4. / 7},
		{"since the start of the window", Timing{Start: 2 * time.Second, Scale: 1}, []float64{2, 3, 6}, []float64{0, 1, 4}, 3. / 4},
		{"twice as fast", Timing{Scale: 0.5}, []float64{0, 1, 4}, []float64{0, 0.5, 2}, 3. / 2},
		{"a longer gap is shortened and all later requests are due earlier", Timing{Scale: 1, MaxGap: 2 * time.Second},
			[]float64{1, 2, 12, 13, 30}, []float64{1, 2, 4, 5, 7}, 5. / 7},
		{"the time to the first request is limited too", Timing{Scale: 1, MaxGap: 2 * time.Second}, []float64{10, 11}, []float64{2, 3}, 2. / 3},
		{"the limit is in seconds of the run, not of the trace", Timing{Scale: 0.1, MaxGap: time.Second}, []float64{0, 5, 25}, []float64{0, 0.5, 1.5}, 3. / 1.5},
		{"LMBench's limit makes all later requests due at once", Timing{Scale: 1, MaxGap: 2 * time.Second, Legacy: true},
			[]float64{0, 1, 12, 13, 30}, []float64{0, 1, 2, 2, 2}, 5. / 2},
		{"all at once", Timing{Scale: 1}, []float64{0, 0, 0}, []float64{0, 0, 0}, 3},
	}
	for _, test := range tests {
		var got []float64
		for _, due := range test.timing.Due(at(test.at...)) {
			got = append(got, due.Seconds())
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.why, diff)
		}
		if rate := test.timing.Rate(at(test.at...), ToEnd); math.Abs(rate-test.rate) > 1e-9 {
			t.Errorf("%s: rate %v, want %v", test.why, rate, test.rate)
		}
	}
	if rate := (Timing{Scale: 0.5}).Rate(at(0, 1, 2), 10*time.Second); rate != 3./5 {
		t.Errorf("a window of 10 s that ends without requests has rate %v, want 0.6", rate)
	}
	if due := (Timing{Scale: 1e9}).Due(at(0, 1e6)); due[1] < due[0] {
		t.Errorf("due %v: the scale overflows", due)
	}
}
