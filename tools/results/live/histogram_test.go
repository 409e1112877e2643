package live

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestBuckets(t *testing.T) {
	for i := range buckets {
		if got := bucket(from(i)); got != i {
			t.Fatalf("%v, the least of bucket %d, is in bucket %d", from(i), i, got)
		}
		if i > 0 && bucket(from(i)-1) != i-1 {
			t.Fatalf("%v is not in bucket %d", from(i)-1, i-1)
		}
	}
	for _, d := range []time.Duration{-time.Second, 0, 1023} {
		if bucket(d) != 0 {
			t.Errorf("%v is in bucket %d", d, bucket(d))
		}
	}
	if got := bucket(time.Duration(1<<63 - 1)); got != buckets-1 {
		t.Errorf("300 years are in bucket %d", got)
	}
}

// The quantiles are those of the sorted sample, to a part in 256.
func TestQuantiles(t *testing.T) {
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
		for _, share := range []float64{0, 0.5, 0.9, 0.99, 1} {
			want := sample[int(share*float64(n-1))]
			got := h.now().quantile(share)
			if off := float64(got-want) / float64(want); off < -1./256 || off > 1./256 {
				t.Errorf("%v of %d is %v, want %v", share, n, got, want)
			}
		}
	}
	if got := new(Histogram).now().quantiles(); got != (Quantiles{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestGapsAndSince(t *testing.T) {
	var h Histogram
	h.Add(time.Hour)
	before := h.now()
	h.AddGaps(nil)
	h.AddGaps([]time.Duration{time.Second})
	var adding sync.WaitGroup
	for range 4 {
		adding.Go(func() { h.AddGaps([]time.Duration{100e6, 120e6, 140e6}) })
	}
	adding.Wait()
	added := new(counts)
	added.between(before, h.now())
	if added.all != 8 || added.sum != 160*time.Millisecond || added.quantile(1).Round(time.Millisecond) != 20*time.Millisecond {
		t.Errorf("%d gaps, %v in all, the longest %v; want 8 of 20 ms", added.all, added.sum, added.quantile(1))
	}
}

// What a streamed answer of 100 chunks costs the goroutine that received it.
func BenchmarkDone(b *testing.B) {
	board := NewBoard("bench", true)
	running := board.Begin(Stage{Name: "measured"})
	defer running.End()
	arrivals := make([]time.Duration, 100)
	for i := range arrivals {
		arrivals[i] = time.Duration(i) * 20 * time.Millisecond
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			running.Sent()
			running.Done(Outcome{TTFT: 50e6, E2EL: 2e9, Arrivals: arrivals, PromptTokens: 10, GenerationTokens: 100})
		}
	})
}
