package schedule

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// offsets is a plan of independent items at given offsets.
type offsets struct {
	start time.Time
	due   []time.Duration
	log   *log
}

// log records what happened, in order.
type log struct {
	mu    sync.Mutex
	lines []string
}

func (l *log) add(format string, values ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprintf(format, values...))
}

func (p *offsets) Next() (time.Duration, bool) {
	if len(p.due) == 0 {
		return 0, false
	}
	return p.due[0], true
}

func (p *offsets) Start() time.Duration {
	item := p.due[0]
	p.due = p.due[1:]
	return item
}

func (p *offsets) Done(item time.Duration) { p.log.add("%v done %v", item, time.Since(p.start)) }

func TestDo(t *testing.T) {
	const s, ms = time.Second, time.Millisecond
	tests := []struct {
		why       string
		due       []time.Duration
		takes     time.Duration
		until     time.Duration
		stopAfter time.Duration // sending ends
		killAfter time.Duration // waiting ends
		want      []string
	}{
		{"items start when due and overlap", []time.Duration{s, s + ms, 3 * s}, 5 * s, 0, 0, 0,
			[]string{"1s start 1s", "1.001s start 1.001s", "3s start 3s", "1s done 6s", "1.001s done 6.001s", "3s done 8s"}},
		{"an item due before the start starts at once", []time.Duration{-s}, s, 0, 0, 0,
			[]string{"-1s start 0s", "-1s done 1s"}},
		{"items due at the end or later do not start; those under way are awaited", []time.Duration{s, 2 * s, 3 * s}, 5 * s, 2 * s, 0, 0,
			[]string{"1s start 1s", "1s done 6s"}},
		{"when sending is done, only new items are stopped", []time.Duration{s, 3 * s}, 5 * s, 0, 2 * s, 0,
			[]string{"1s start 1s", "1s done 6s"}},
		{"when waiting is done, work under way ends", []time.Duration{s, 9 * s}, 5 * s, 0, 2 * s, 3 * s,
			[]string{"1s start 1s", "1s done 3s"}},
		{"an empty plan ends at once", nil, s, 0, 0, 0, nil},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				sending, waiting := ending(t, test.stopAfter), ending(t, test.killAfter)
				var log log
				Do(sending, waiting, Options{Start: start, Until: test.until}, &offsets{start, test.due, &log},
					func(ctx context.Context, item time.Duration, _ Dispatch) {
						log.add("%v start %v", item, time.Since(start))
						select {
						case <-time.After(test.takes):
						case <-ctx.Done():
						}
					})
				if diff := cmp.Diff(test.want, log.lines); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		})
	}
}

// ending returns a context that is done after a while, or never if that is 0.
func ending(t *testing.T, after time.Duration) context.Context {
	if after == 0 {
		return t.Context()
	}
	ctx, cancel := context.WithTimeout(t.Context(), after)
	t.Cleanup(cancel)
	return ctx
}

// closedLoop is a plan whose next item is due when the one before is done.
type closedLoop struct {
	start time.Time
	left  int
	due   []time.Duration
	log   []time.Duration
}

func (p *closedLoop) Next() (time.Duration, bool) {
	if len(p.due) == 0 {
		return 0, false
	}
	return p.due[0], true
}

func (p *closedLoop) Start() int { p.due = nil; return 0 }

func (p *closedLoop) Done(int) {
	end := time.Since(p.start)
	p.log = append(p.log, end)
	if p.left--; p.left > 0 {
		p.due = []time.Duration{end}
	}
}

func TestDoWaitsForAPlanThatDependsOnAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plan := &closedLoop{start: time.Now(), left: 3, due: []time.Duration{0}}
		Do(context.Background(), context.Background(), Options{Start: plan.start}, plan, func(context.Context, int, Dispatch) { time.Sleep(time.Second) })
		if diff := cmp.Diff([]time.Duration{time.Second, 2 * time.Second, 3 * time.Second}, plan.log); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestTimerReplacesItsInstant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timer := NewTimer(false)
		defer timer.Stop()
		start := time.Now()
		timer.Set(start.Add(time.Second))
		<-timer.Set(start.Add(time.Minute))
		if got := time.Since(start); got != time.Minute {
			t.Errorf("woke after %v, want %v", got, time.Minute)
		}
	})
}

func TestPreciseTimerIsNeverEarly(t *testing.T) {
	timer := NewTimer(true)
	for range 20 {
		at := time.Now().Add(300 * time.Microsecond)
		if woke := <-timer.Set(at); woke.Before(at) {
			t.Errorf("woke %v early", at.Sub(woke))
		}
	}
	timer.Stop()
}

// BenchmarkTimer reports how late a timer fires, with the kernel's timer and without.
func BenchmarkTimer(b *testing.B) {
	for _, precise := range []bool{false, true} {
		b.Run(fmt.Sprintf("precise=%v", precise), func(b *testing.B) {
			timer := NewTimer(precise)
			defer timer.Stop()
			var late []time.Duration
			for b.Loop() {
				at := time.Now().Add(1300 * time.Microsecond)
				<-timer.Set(at)
				late = append(late, time.Since(at))
			}
			slices.Sort(late)
			b.ReportMetric(float64(late[len(late)/2].Nanoseconds())/1e3, "p50-late-µs")
			b.ReportMetric(float64(late[len(late)*99/100].Nanoseconds())/1e3, "p99-late-µs")
		})
	}
}

// BenchmarkLateness reports how late an open loop starts its items.
func BenchmarkLateness(b *testing.B) {
	const rate = 1000
	var late []time.Duration
	start := time.Now()
	plan := &OpenLoop[int]{Arrivals: Constant(rate, b.N), Item: func(i int, _ time.Duration) int {
		late = append(late, time.Since(start)-time.Duration(i)*time.Second/rate)
		return i
	}, Final: func(int) {}}
	Do(context.Background(), context.Background(), Options{Start: start, Precise: true}, plan, func(context.Context, int, Dispatch) {})
	slices.Sort(late)
	b.ReportMetric(float64(late[len(late)/2].Nanoseconds())/1e3, "p50-late-µs")
	b.ReportMetric(float64(late[len(late)*99/100].Nanoseconds())/1e3, "p99-late-µs")
}

// BenchmarkSchedule makes a schedule of 100,000 items and starts them all, as
// one that has fallen behind does.
func BenchmarkSchedule(b *testing.B) {
	const items = 100_000
	b.ReportAllocs()
	for b.Loop() {
		plan := &OpenLoop[int]{Arrivals: Constant(1e9, items), Item: func(i int, _ time.Duration) int { return i }, Final: func(int) {}}
		if n := plan.Arrivals.Count(0); n != items {
			b.Fatal(n)
		}
		Do(b.Context(), b.Context(), Options{Start: time.Now()}, plan, func(context.Context, int, Dispatch) {})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*items), "ns/item")
}

// A dispatcher is late because of other work or because of its timer. In virtual
// time the timer is exact.
func TestDispatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const ms = time.Millisecond
		start := time.Now()
		due := []time.Duration{0, 10 * ms, 12 * ms, 30 * ms}
		plan := &OpenLoop[int]{
			Arrivals: Times(due),
			Item: func(i int, _ time.Duration) int {
				if i == 1 {
					time.Sleep(5 * ms)
				}
				return i
			},
			Final: func(int) {},
		}
		var mu sync.Mutex
		got := map[int]string{}
		Do(t.Context(), t.Context(), Options{Start: start}, plan, func(_ context.Context, i int, d Dispatch) {
			mu.Lock()
			defer mu.Unlock()
			got[i] = fmt.Sprintf("due %v reached %v waited %v", d.Due.Sub(start), d.Reached.Sub(start), d.Waited)
		})
		want := map[int]string{
			0: "due 0s reached 0s waited false",
			1: "due 10ms reached 10ms waited true",
			2: "due 12ms reached 15ms waited false",
			3: "due 30ms reached 30ms waited true",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}
