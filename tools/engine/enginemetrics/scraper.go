package enginemetrics

import (
	"context"
	"sync"
	"time"
)

// Source is a page of metrics.
type Source struct {
	Name string // its URL, for messages
	Read func(context.Context) (Scrape, error)
}

// Sample is a scrape of one source at an instant.
type Sample struct {
	At     time.Time
	Source int // index of the source
	Scrape
}

const (
	readTimeout = 2 * time.Second

	// phase is the point of each interval at which a page is read, as a fraction. It keeps
	// the scrapes from coinciding with requests sent at whole seconds.
	phase = 0.618

	// maxShare is the share of the time that reading a page may take.
	maxShare = 0.1
)

// Scraper reads sources periodically, each in its own goroutine.
type Scraper struct {
	sources []*scrapedSource
	each    func(Sample)
	stop    context.CancelFunc
	reading sync.WaitGroup

	mu     sync.Mutex
	totals map[Metric]*Gauge
}

// scrapedSource is a source with its scrapes.
type scrapedSource struct {
	Source
	index          int
	before, latest Scrape
	samples        int
	resets         int // samples with lower counters than the one before
	failed         int
	err            error // the last one
}

// Start reads every source once, which is the baseline of the Summary, and then at every
// interval. Sources whose first read fails are not read again. If each is not nil, it is
// called with every sample, one at a time. The caller must call End.
func Start(ctx context.Context, every time.Duration, sources []Source, each func(Sample)) *Scraper {
	ctx, stop := context.WithCancel(ctx)
	w := &Scraper{each: each, stop: stop, totals: map[Metric]*Gauge{}}
	var first sync.WaitGroup
	for i, source := range sources {
		s := &scrapedSource{Source: source, index: i}
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

func (s *scrapedSource) read(ctx context.Context) (Scrape, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	return s.Read(ctx)
}

// poll reads a source until ctx ends. It reads slow pages less often.
func (w *Scraper) poll(ctx context.Context, s *scrapedSource, every time.Duration) {
	timer := time.NewTimer(time.Duration(phase * float64(every)))
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		start := time.Now()
		scrape, err := s.read(ctx)
		if ctx.Err() != nil {
			return // an error would not be the fault of the source
		}
		took := time.Since(start)
		w.add(s, Sample{start.Add(took / 2), s.index, scrape}, err)
		timer.Reset(max(every-took, time.Duration(float64(took)/maxShare)))
	}
}

// add records a sample or an error.
func (w *Scraper) add(s *scrapedSource, sample Sample, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		s.failed++
		s.err = err
		return
	}
	s.samples++
	s.update(sample.Scrape)
	for metric, value := range Sum(w.latest()...) {
		if metric.IsCounter() {
			continue
		}
		if w.totals[metric] == nil {
			w.totals[metric] = &Gauge{}
		}
		w.totals[metric].add(value)
	}
	if w.each != nil {
		w.each(sample)
	}
}

// update replaces the latest scrape.
func (s *scrapedSource) update(scrape Scrape) {
	if scrape.WasReset(s.latest) {
		s.resets++
	}
	s.latest = scrape
}

// delta returns by how much the counters of a source have risen since the start. After a
// reset it is unknown and therefore empty.
func (s *scrapedSource) delta() Scrape {
	if s.resets > 0 {
		return Scrape{}
	}
	return s.latest.Delta(s.before)
}

// latest returns the latest scrape of each source.
func (w *Scraper) latest() []Scrape {
	scrapes := make([]Scrape, 0, len(w.sources))
	for _, s := range w.sources {
		scrapes = append(scrapes, s.latest)
	}
	return scrapes
}

// Now returns the sum of the latest scrapes, and by how much counters have risen since
// the start.
func (w *Scraper) Now() (sum, delta map[Metric]float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var since []Scrape
	for _, s := range w.sources {
		since = append(since, s.delta())
	}
	return Sum(w.latest()...), Sum(since...)
}

// Failed returns the errors of sources whose first read failed, by index.
func (w *Scraper) Failed() map[int]error {
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
func (w *Scraper) End(ctx context.Context) Summary {
	w.stop()
	w.reading.Wait()
	summary := Summary{Gauges: map[Metric]Gauge{}}
	var last sync.WaitGroup
	deltas := make([]Scrape, len(w.sources))
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
	for metric, gauge := range w.totals {
		summary.Gauges[metric] = *gauge
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
func (w *Scraper) complete(deltas []Scrape) []Scrape {
	for i, missing := range w.sources {
		for metric := range missing.before.Values {
			if _, exported := deltas[i].Values[metric]; exported || !metric.IsCounter() {
				continue
			}
			for j, s := range w.sources {
				if s.before.Router == missing.before.Router {
					delete(deltas[j].Values, metric)
				}
			}
		}
	}
	return deltas
}

// Summary summarizes the scrapes from Start to End.
type Summary struct {
	Sources []string           // the engine of each that could be read
	Delta   map[Metric]float64 // by how much counters rose
	Gauges  map[Metric]Gauge
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
