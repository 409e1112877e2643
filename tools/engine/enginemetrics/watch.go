package enginemetrics

import (
	"context"
	"sync"
	"time"
)

// Source is a page of metrics.
type Source struct {
	Name string // its URL, for messages
	Read func(context.Context) (Reading, error)
}

// Sample is a reading of one source at an instant.
type Sample struct {
	At     time.Time
	Source int // index of the source
	Reading
}

const (
	readTimeout = 2 * time.Second

	// phase is the point of each interval at which a page is read, as a fraction. It keeps
	// the readings from coinciding with requests sent at whole seconds.
	phase = 0.618

	// maxShare is the share of the time that reading a page may take.
	maxShare = 0.1
)

// Watch reads sources periodically, each in its own goroutine.
type Watch struct {
	sources []*watchedSource
	each    func(Sample)
	stop    context.CancelFunc
	reading sync.WaitGroup

	mu     sync.Mutex
	totals map[Quantity]*Gauge
}

// watchedSource is a source with its readings.
type watchedSource struct {
	Source
	index          int
	before, latest Reading
	samples        int
	resets         int // samples with lower counters than the one before
	failed         int
	err            error // the last one
}

// Start reads every source once, which is the baseline of the Summary, and then at every
// interval. Sources whose first read fails are not read again. If each is not nil, it is
// called with every sample, one at a time. The caller must call End.
func Start(ctx context.Context, every time.Duration, sources []Source, each func(Sample)) *Watch {
	ctx, stop := context.WithCancel(ctx)
	w := &Watch{each: each, stop: stop, totals: map[Quantity]*Gauge{}}
	var first sync.WaitGroup
	for i, source := range sources {
		s := &watchedSource{Source: source, index: i}
		w.sources = append(w.sources, s)
		first.Go(func() { s.before, s.err = s.read(ctx) })
	}
	first.Wait()
	for _, s := range w.sources {
		s.latest = s.before
	}
	for _, s := range w.sources {
		if s.err == nil {
			w.reading.Go(func() { w.poll(ctx, s, every) })
		}
	}
	return w
}

func (s *watchedSource) read(ctx context.Context) (Reading, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	return s.Read(ctx)
}

// poll reads a source until ctx ends. It reads slow pages less often.
func (w *Watch) poll(ctx context.Context, s *watchedSource, every time.Duration) {
	timer := time.NewTimer(time.Duration(phase * float64(every)))
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		start := time.Now()
		reading, err := s.read(ctx)
		if ctx.Err() != nil {
			return // an error would not be the fault of the source
		}
		took := time.Since(start)
		w.add(s, Sample{start.Add(took / 2), s.index, reading}, err)
		timer.Reset(max(every-took, time.Duration(float64(took)/maxShare)))
	}
}

// add records a sample or an error.
func (w *Watch) add(s *watchedSource, sample Sample, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		s.failed++
		s.err = err
		return
	}
	s.samples++
	s.update(sample.Reading)
	for quantity, value := range Sum(w.latest()...) {
		if quantity.IsCounter() {
			continue
		}
		if w.totals[quantity] == nil {
			w.totals[quantity] = &Gauge{}
		}
		w.totals[quantity].add(value)
	}
	if w.each != nil {
		w.each(sample)
	}
}

// update replaces the latest reading.
func (s *watchedSource) update(reading Reading) {
	if reading.WasReset(s.latest) {
		s.resets++
	}
	s.latest = reading
}

// delta returns by how much the counters of a source have risen since the start. After a
// reset it is unknown and therefore empty.
func (s *watchedSource) delta() Reading {
	if s.resets > 0 {
		return Reading{}
	}
	return s.latest.Since(s.before)
}

// latest returns the latest reading of each source.
func (w *Watch) latest() []Reading {
	readings := make([]Reading, 0, len(w.sources))
	for _, s := range w.sources {
		readings = append(readings, s.latest)
	}
	return readings
}

// Now returns the sum of the latest readings, and by how much counters have risen since
// the start.
func (w *Watch) Now() (sum, delta map[Quantity]float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var since []Reading
	for _, s := range w.sources {
		since = append(since, s.delta())
	}
	return Sum(w.latest()...), Sum(since...)
}

// Failed returns the errors of sources whose first read failed, by index.
func (w *Watch) Failed() map[int]error {
	w.mu.Lock()
	defer w.mu.Unlock()
	failed := map[int]error{}
	for i, s := range w.sources {
		if s.before.Values == nil {
			failed[i] = s.err
		}
	}
	return failed
}

// End reads every source a last time and stops.
func (w *Watch) End(ctx context.Context) Summary {
	w.stop()
	w.reading.Wait()
	summary := Summary{Gauges: map[Quantity]Gauge{}}
	var last sync.WaitGroup
	deltas := make([]Reading, len(w.sources))
	for i, s := range w.sources {
		if s.before.Values == nil {
			continue
		}
		summary.Sources = append(summary.Sources, s.before.Engine)
		last.Go(func() {
			after, err := s.read(ctx)
			if err != nil {
				s.failed++
				s.err = err
				return
			}
			s.update(after)
			deltas[i] = s.delta()
		})
	}
	last.Wait()
	summary.Delta = Sum(w.complete(deltas)...)
	for quantity, gauge := range w.totals {
		summary.Gauges[quantity] = *gauge
	}
	for _, s := range w.sources {
		if s.before.Values == nil {
			continue
		}
		summary.Samples += s.samples
		summary.Failed += s.failed
		summary.Resets += s.resets
		if s.failed > 0 {
			summary.Err = s.err
		}
	}
	return summary
}

// complete removes a counter from the deltas unless every source of its kind that exported
// it at first also did so at the end, so that a partial sum is not taken for the total.
func (w *Watch) complete(deltas []Reading) []Reading {
	for i, missing := range w.sources {
		for quantity := range missing.before.Values {
			if _, exported := deltas[i].Values[quantity]; exported || !quantity.IsCounter() {
				continue
			}
			for j, s := range w.sources {
				if s.before.Router == missing.before.Router {
					delete(deltas[j].Values, quantity)
				}
			}
		}
	}
	return deltas
}

// Summary summarizes the readings from Start to End.
type Summary struct {
	Sources []string             // the engine of each that could be read
	Delta   map[Quantity]float64 // by how much counters rose
	Gauges  map[Quantity]Gauge
	Samples int   // pages read between start and end
	Resets  int   // pages with lower counters than the one before: the engine was restarted, or another one answered
	Failed  int   // pages that could not be read
	Err     error // of the last failed read
}

// Gauge summarizes the values of a gauge over time.
type Gauge struct {
	Count    int
	Sum, Max float64
}

func (g *Gauge) add(value float64) {
	if g.Count == 0 || value > g.Max {
		g.Max = value
	}
	g.Count++
	g.Sum += value
}

// Mean returns the mean of the samples.
func (g *Gauge) Mean() float64 { return g.Sum / float64(g.Count) }
