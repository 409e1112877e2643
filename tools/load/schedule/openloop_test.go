package schedule

import (
	"context"
	"testing"
	"testing/synctest"
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
		{"the first at once", 3, 0, 0, 0, true},
		{"to the nearest nanosecond", 3, 0, 1, 333333333, true},
		{"no rounding adds up", 3, 0, 3_000_000, 1_000_000 * time.Second, true},
		{"the last one", 2, 5, 4, 2 * time.Second, true},
		{"none after it", 2, 5, 5, 2500 * time.Millisecond, false},
	}
	for _, test := range tests {
		if due, ok := Constant(test.rate, test.n)(test.i); due != test.due || ok != test.ok {
			t.Errorf("%s: %v %v, want %v %v", test.why, due, ok, test.due, test.ok)
		}
	}
}

// However slow the work, an open loop keeps its rate.
func TestOpenLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		done := 0
		plan := &OpenLoop[int]{
			Due: Constant(5, 0),
			Item: func(i int) int {
				if due := time.Duration(i) * 200 * time.Millisecond; time.Since(start) != due {
					t.Errorf("item %d started after %v, want %v", i, time.Since(start), due)
				}
				return i
			},
			Final: func(int) { done++ },
		}
		Do(t.Context(), t.Context(), Run{Start: start, Until: 10 * time.Second}, plan,
			func(context.Context, int, Dispatch) { time.Sleep(3 * time.Second) })
		if done != 50 {
			t.Errorf("%d items done, want 50", done)
		}
	})
}

func TestCount(t *testing.T) {
	tests := []struct {
		why    string
		rate   float64
		n      int
		before time.Duration
		want   int
	}{
		{"one at the end is not before it", 2, 0, 10 * time.Second, 20},
		{"one just before it is", 2, 0, 10*time.Second + 1, 21},
		{"no more than there are", 2, 5, 10 * time.Second, 5},
		{"all there are", 2, 5, 0, 5},
		{"the first only", 0.1, 0, time.Nanosecond, 1},
		{"no end", 2, 0, 0, 0},
	}
	for _, test := range tests {
		if got := Count(Constant(test.rate, test.n), test.before); got != test.want {
			t.Errorf("%s: %d, want %d", test.why, got, test.want)
		}
	}
}
