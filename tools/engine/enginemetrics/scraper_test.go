package enginemetrics

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// ticking returns a source that counts one token per second since its creation, and
// reports the same number of running requests.
func ticking(took time.Duration) Source {
	began := time.Now()
	return Source{Name: "ticking", Read: func(ctx context.Context) (Scrape, error) {
		select {
		case <-time.After(took):
		case <-ctx.Done():
			return Scrape{}, ctx.Err()
		}
		seconds := time.Since(began).Seconds()
		return Scrape{Engine: "vLLM", Values: values{Running: seconds, PromptTokens: seconds}}, nil
	}}
}

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		failing := errors.New("no such page")
		var got []Sample
		w := Start(t.Context(), time.Second, []Source{
			ticking(0),
			{"missing", func(context.Context) (Scrape, error) { return Scrape{}, failing }},
		}, func(s Sample) { got = append(got, s) })
		time.Sleep(2700 * time.Millisecond)
		synctest.Wait()
		now, risen := w.Now()
		time.Sleep(300 * time.Millisecond)
		account := w.End(t.Context())

		var at []time.Duration
		for _, sample := range got {
			at = append(at, sample.At.Sub(began))
		}
		if diff := cmp.Diff([]time.Duration{618e6, 1618e6, 2618e6}, at); diff != "" {
			t.Errorf("samples, once in each interval (-want +got)\n%s", diff)
		}
		if now[Running] != 2.618 || risen[PromptTokens] != 2.618 {
			t.Errorf("now %v, risen %v, want the latest sample", now, risen)
		}
		want := Summary{Sources: []string{"vLLM"}, Delta: values{PromptTokens: 3}, Samples: 3,
			Gauges: map[Metric]Gauge{Running: {Count: 3, Sum: 4.853999999999999, Max: 2.618}}}
		if diff := cmp.Diff(want, account); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if failed := w.Failed(); len(failed) != 1 || failed[1] != failing {
			t.Errorf("failed %v, want the second source", failed)
		}
	})
}

// A slow page must be read less often.
func TestWatchIsGentle(t *testing.T) {
	tests := []struct {
		why      string
		took     time.Duration
		asked    int // in a minute
		failures bool
	}{
		{"a fast page, every second", 0, 60, false},
		{"a page that takes 50 ms, every second", 50 * time.Millisecond, 60, false},
		{"a page that takes half a second, a tenth of the time", 500 * time.Millisecond, 11, false},
		{"a page that never answers, each read times out", time.Hour, 3, true},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			asked := 0
			source := Source{"slow", func(ctx context.Context) (Scrape, error) {
				if asked++; asked == 1 {
					return ticking(0).Read(ctx) // else it is left alone
				}
				return ticking(test.took).Read(ctx)
			}}
			w := Start(t.Context(), time.Second, []Source{source}, nil)
			time.Sleep(time.Minute)
			synctest.Wait()
			seen := asked - 1
			account := w.End(t.Context())
			if seen != test.asked || test.failures != (account.Err != nil) || test.failures != (account.Failed > 0) {
				t.Errorf("%s: asked %d times, %d failed, %v; want %d", test.why, seen, account.Failed, account.Err, test.asked)
			}
		})
	}
}

// If a source loses its counters, the total is unknown.
func TestWatchOfAnEngineThatBeginsAnew(t *testing.T) {
	tests := []struct {
		why   string
		pages [][]float64 // tokens by source and scrape; below 0: it cannot be read
		risen values
		falls int
	}{
		{"two engines", [][]float64{{5, 6, 7}, {0, 1, 2}}, values{PromptTokens: 4}, 0},
		{"a restart, after which counters exceed the first ones", [][]float64{{5, 9, 2, 8}}, values{}, 1},
		{"a restart of one of two engines before the last read", [][]float64{{5, 6, 7}, {5, 9, 2}}, values{}, 1},
		{"two engines behind one address", [][]float64{{5, 50, 6, 51, 7}}, values{}, 2},
		{"the last read of one of two engines fails", [][]float64{{5, 6, 7}, {5, 9, -1}}, values{}, 0},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			var sources []Source
			for _, page := range test.pages {
				sources = append(sources, Source{"page", func(context.Context) (Scrape, error) {
					tokens := page[0]
					page = page[1:]
					if tokens < 0 {
						return Scrape{}, errors.New("no such page")
					}
					return Scrape{Engine: "vLLM", Values: values{Running: 1, PromptTokens: tokens}}, nil
				}})
			}
			between := len(test.pages[0]) - 2
			w := Start(t.Context(), time.Second, sources, nil)
			time.Sleep(time.Duration(between) * time.Second)
			synctest.Wait()
			if account := w.End(t.Context()); account.Resets != test.falls || !cmp.Equal(account.Delta, test.risen) {
				t.Errorf("%s: delta %v, %d resets, want %v, %d", test.why, account.Delta, account.Resets, test.risen, test.falls)
			}
		})
	}
}

// End interrupts a read in progress, which does not count as a failed read.
func TestWatchEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := true
		w := Start(t.Context(), time.Second, []Source{{"slow", func(ctx context.Context) (Scrape, error) {
			if first {
				first = false
				return Scrape{Values: values{Running: 0}}, nil
			}
			<-ctx.Done()
			return Scrape{}, ctx.Err()
		}}}, nil)
		time.Sleep(700 * time.Millisecond)
		began := time.Now()
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		account := w.End(ended)
		if took := time.Since(began); took != 0 || account.Samples != 0 || account.Failed != 1 {
			t.Errorf("ended after %v with %+v", took, account)
		}
	})
}
