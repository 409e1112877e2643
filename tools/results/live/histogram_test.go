package live

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestBuckets(t *testing.T) {
	for i := range numBuckets {
		if got := bucket(lowerBound(i)); got != i {
			t.Fatalf("bucket(%v), the lower bound of bucket %d, is %d", lowerBound(i), i, got)
		}
		if i > 0 && bucket(lowerBound(i)-1) != i-1 {
			t.Fatalf("bucket(%v) is not %d", lowerBound(i)-1, i-1)
		}
	}
	for _, d := range []time.Duration{-time.Second, 0, 1023} {
		if bucket(d) != 0 {
			t.Errorf("bucket(%v) is %d, want 0", d, bucket(d))
		}
	}
	if got := bucket(time.Duration(1<<63 - 1)); got != numBuckets-1 {
		t.Errorf("300 years are in bucket %d, want the last", got)
	}
}

// Quantiles must agree with those of the sorted sample to 1/256.
func TestQuantilesMatchSortedSample(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 10, 10000} {
		var h Histogram
		var sample []time.Duration
		for range n {
			d := time.Duration(random.ExpFloat64() * float64(50*time.Millisecond))
			sample = append(sample, d)
			h.Add(d)
		}
		slices.Sort(sample)
		for _, fraction := range []float64{0, 0.5, 0.9, 0.99, 1} {
			want := sample[int(fraction*float64(n-1))]
			got := h.snapshot().quantile(fraction)
			if off := float64(got-want) / float64(want); off < -1./256 || off > 1./256 {
				t.Errorf("quantile %v of %d values is %v, want %v", fraction, n, got, want)
			}
		}
	}
	if got := new(Histogram).snapshot().quantiles(); got.Count != 0 || got.P(50) != 0 {
		t.Errorf("quantiles of an empty histogram: %+v", got)
	}
}

func TestGapsAddedConcurrently(t *testing.T) {
	var h Histogram
	h.Add(time.Hour)
	before := h.snapshot()
	h.AddGaps(nil)
	h.AddGaps([]time.Duration{time.Second})
	var adding sync.WaitGroup
	for range 4 {
		adding.Go(func() { h.AddGaps([]time.Duration{100e6, 120e6, 140e6}) })
	}
	adding.Wait()
	added := new(counts)
	added.sub(h.snapshot(), before)
	if added.total != 8 || added.sum != 160*time.Millisecond || added.quantile(1).Round(time.Millisecond) != 20*time.Millisecond {
		t.Errorf("%d gaps, %v in total, the longest %v; want 8 gaps of 20 ms", added.total, added.sum, added.quantile(1))
	}
}

// BenchmarkDone measures what a streamed answer of 100 chunks costs its goroutine.
func BenchmarkDone(b *testing.B) {
	running := NewCollector("bench", true).Start(Stage{Name: "measured"})
	defer running.End()
	arrivals := make([]time.Duration, 100)
	for i := range arrivals {
		arrivals[i] = time.Duration(i) * 20 * time.Millisecond
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			running.Sent()
			running.Done(Result{TTFT: 50e6, E2EL: 2e9, Arrivals: arrivals, PromptTokens: 10, GenerationTokens: 100})
		}
	})
}
