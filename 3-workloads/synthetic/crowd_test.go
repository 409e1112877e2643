package main

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/load/closedloop"
)

func TestCrowdAtTheStart(t *testing.T) {
	const ms = time.Millisecond
	seat := func(asked int, due time.Duration) closedloop.Slot { return closedloop.Slot{Asked: asked, Due: due} }
	tests := []struct {
		why   string
		crowd crowd
		want  closedloop.Config
	}{
		{"the original's table", crowd{closedloop.Load{Users: 10, Rounds: 5, QPS: 5}, false}, closedloop.Config{
			Rounds: 5, Gap: 2000 * ms,
			Arrivals: closedloop.Arrivals{ArrivalGap: 800 * ms, FirstArrival: 800 * ms,
				Slots: []closedloop.Slot{seat(1, 2000*ms), seat(1, 1200*ms), seat(1, 400*ms), seat(2, 1600*ms), seat(2, 800*ms),
					seat(3, 2000*ms), seat(3, 1200*ms), seat(3, 400*ms), seat(4, 1600*ms), seat(4, 800*ms)}},
		}},
		{"one question each: nobody has a past, users join every 1/qps", crowd{closedloop.Load{Users: 2, Rounds: 1, QPS: 4}, false}, closedloop.Config{
			Rounds: 1, Gap: 500 * ms,
			Arrivals: closedloop.Arrivals{ArrivalGap: 250 * ms, FirstArrival: 250 * ms, Slots: []closedloop.Slot{seat(1, 0), seat(1, 0)}},
		}},
		{"exact: one request every 1/qps even where the original's would coincide", crowd{closedloop.Load{Users: 4, Rounds: 5, QPS: 2}, true}, closedloop.Config{
			Rounds: 5, Gap: 2000 * ms,
			Arrivals: closedloop.Arrivals{SlotTime: 10000 * ms, Slots: []closedloop.Slot{seat(1, 2000*ms), seat(2, 1500*ms), seat(3, 1000*ms), seat(4, 500*ms)}},
		}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.crowd.config()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// With an engine that answers at once, a crowd sends what it says it offers.
func TestCrowdOffersItsRate(t *testing.T) {
	tests := []struct {
		why   string
		crowd crowd
		want  float64
	}{
		{"two rounds: the original's crowd sends twice what it is asked for", crowd{closedloop.Load{Users: 10, Rounds: 2, QPS: 5}, false}, 10},
		{"few rounds", crowd{closedloop.Load{Users: 7, Rounds: 5, QPS: 5}, false}, 6.25},
		{"many rounds", crowd{closedloop.Load{Users: 15, Rounds: 20, QPS: 5}, false}, 5 * 20. / 19},
		{"one question each", crowd{closedloop.Load{Users: 10, Rounds: 1, QPS: 5}, false}, 5},
		{"exact with few rounds", crowd{closedloop.Load{Users: 10, Rounds: 2, QPS: 5}, true}, 5},
		{"exact where rounds and users share a divisor", crowd{closedloop.Load{Users: 10, Rounds: 5, QPS: 5}, true}, 5},
		{"exact with one question each", crowd{closedloop.Load{Users: 10, Rounds: 1, QPS: 5}, true}, 5},
		{"exact with one user", crowd{closedloop.Load{Users: 1, Rounds: 3, QPS: 0.5}, true}, 0.5},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			if got := test.crowd.offered(); math.Abs(got-test.want) > 1e-9 {
				t.Errorf("says it offers %v, want %v", got, test.want)
			}
			const seconds = 600
			questions, _ := closedloop.Offered(test.crowd.config(), seconds*time.Second)
			got := float64(questions) / seconds
			if math.Abs(got/test.want-1) > 0.01 {
				t.Errorf("offers %v requests a second, want %v within 1 %%", got, test.want)
			}
		})
	}
}

func TestExactCrowdIsEven(t *testing.T) {
	plan := closedloop.New(crowd{closedloop.Load{Users: 6, Rounds: 4, QPS: 3}, true}.config())
	last := time.Duration(0)
	for range 500 {
		due, ok := plan.Next()
		if !ok {
			t.Fatal("the plan ended")
		}
		if gap := due - last; gap < 333333*time.Microsecond || gap > 333334*time.Microsecond {
			t.Fatalf("%v after the request before, at %v; want a third of a second", gap, due)
		}
		last = due
		turn := plan.Start()
		turn.Ended = due
		plan.Done(turn)
	}
}
