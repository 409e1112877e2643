package main

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/load/closedloop"
)

func TestUsersAtTheStart(t *testing.T) {
	const ms = time.Millisecond
	slot := func(asked int, due time.Duration) closedloop.Slot { return closedloop.Slot{Asked: asked, Due: due} }
	tests := []struct {
		why  string
		load userLoad
		want closedloop.Config
	}{
		{"the same users as in the original", userLoad{closedloop.Load{Users: 10, Rounds: 5, QPS: 5}, false}, closedloop.Config{
			Rounds: 5, Gap: 2000 * ms,
			Arrivals: closedloop.Arrivals{ArrivalGap: 800 * ms, FirstArrival: 800 * ms,
				Slots: []closedloop.Slot{slot(1, 2000*ms), slot(1, 1200*ms), slot(1, 400*ms), slot(2, 1600*ms), slot(2, 800*ms),
					slot(3, 2000*ms), slot(3, 1200*ms), slot(3, 400*ms), slot(4, 1600*ms), slot(4, 800*ms)}},
		}},
		{"one question per user: a user arrives every 1/QPS", userLoad{closedloop.Load{Users: 2, Rounds: 1, QPS: 4}, false}, closedloop.Config{
			Rounds: 1, Gap: 500 * ms,
			Arrivals: closedloop.Arrivals{ArrivalGap: 250 * ms, FirstArrival: 250 * ms, Slots: []closedloop.Slot{slot(1, 0), slot(1, 0)}},
		}},
		{"exact rate: one request every 1/QPS where the original sends several at once", userLoad{closedloop.Load{Users: 4, Rounds: 5, QPS: 2}, true}, closedloop.Config{
			Rounds: 5, Gap: 2000 * ms,
			Arrivals: closedloop.Arrivals{SlotTime: 10000 * ms, Slots: []closedloop.Slot{slot(1, 2000*ms), slot(2, 1500*ms), slot(3, 1000*ms), slot(4, 500*ms)}},
		}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.load.config()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// With an engine that answers at once, users send as many requests as offered says.
func TestOfferedRate(t *testing.T) {
	tests := []struct {
		why  string
		load userLoad
		want float64
	}{
		{"two rounds: like the original, twice QPS", userLoad{closedloop.Load{Users: 10, Rounds: 2, QPS: 5}, false}, 10},
		{"few rounds", userLoad{closedloop.Load{Users: 7, Rounds: 5, QPS: 5}, false}, 6.25},
		{"many rounds", userLoad{closedloop.Load{Users: 15, Rounds: 20, QPS: 5}, false}, 5 * 20. / 19},
		{"one question per user", userLoad{closedloop.Load{Users: 10, Rounds: 1, QPS: 5}, false}, 5},
		{"exact rate with few rounds", userLoad{closedloop.Load{Users: 10, Rounds: 2, QPS: 5}, true}, 5},
		{"exact rate where rounds and users share a divisor", userLoad{closedloop.Load{Users: 10, Rounds: 5, QPS: 5}, true}, 5},
		{"exact rate with one question per user", userLoad{closedloop.Load{Users: 10, Rounds: 1, QPS: 5}, true}, 5},
		{"exact rate with one user", userLoad{closedloop.Load{Users: 1, Rounds: 3, QPS: 0.5}, true}, 0.5},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			if got := test.load.offered(); math.Abs(got-test.want) > 1e-9 {
				t.Errorf("offered returns %v, want %v", got, test.want)
			}
			const seconds = 600
			questions, _ := closedloop.Offered(test.load.config(), seconds*time.Second)
			got := float64(questions) / seconds
			if math.Abs(got/test.want-1) > 0.01 {
				t.Errorf("%v requests per second are due, want %v within 1 %%", got, test.want)
			}
		})
	}
}

func TestExactRateIsEven(t *testing.T) {
	plan := closedloop.New(userLoad{closedloop.Load{Users: 6, Rounds: 4, QPS: 3}, true}.config())
	last := time.Duration(0)
	for range 500 {
		due, ok := plan.Next()
		if !ok {
			t.Fatal("the plan ended")
		}
		if gap := due - last; gap < 333333*time.Microsecond || gap > 333334*time.Microsecond {
			t.Fatalf("request at %v is %v after the one before, want a third of a second", due, gap)
		}
		last = due
		request := plan.Start()
		request.Ended = due
		plan.Done(request)
	}
}
