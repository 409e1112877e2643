package schedule

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// An open loop keeps its rate, however slow the work is.
func TestOpenLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		done := 0
		plan := &OpenLoop[int]{
			Arrivals: Constant(5, 0),
			Item: func(i int, due time.Duration) int {
				if want := time.Duration(i) * 200 * time.Millisecond; due != want || time.Since(start) != want {
					t.Errorf("item %d, due at %v, started after %v, want %v", i, due, time.Since(start), want)
				}
				return i
			},
			Final: func(int) { done++ },
		}
		Do(t.Context(), t.Context(), Options{Start: start, Until: 10 * time.Second}, plan,
			func(context.Context, int, Dispatch) { time.Sleep(3 * time.Second) })
		if done != 50 {
			t.Errorf("%d items done, want 50", done)
		}
	})
}

func ExampleDo() {
	start := time.Now()
	plan := &OpenLoop[int]{
		Arrivals: Constant(100, 3),                                  // 3 items, 100 a second
		Item:     func(i int, due time.Duration) int { return i },   // makes an item when it is due
		Final:    func(i int) { fmt.Println("item", i, "is done") }, // in the goroutine of Do
	}
	ctx := context.Background()
	Do(ctx, ctx, Options{Start: start}, plan, func(ctx context.Context, i int, d Dispatch) {
		// Sends a request, say; other items start meanwhile.
	})
	// Output:
	// item 0 is done
	// item 1 is done
	// item 2 is done
}
