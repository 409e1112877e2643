package enginemetrics

import (
	"context"
	"sync"
	"time"
)

// Source is where a page is read.
type Source struct {
	Name string // for people: its URL
	Read func(context.Context) (Reading, error)
}

// Sample is what one source said at an instant.
type Sample struct {
	At     time.Time
	Source int // its index
	Reading
}

const (
	patience = 2 * time.Second // for one reading

	// phase is when in each interval a page is read. A load that sends every
	// so many seconds sharp would else be met at the same moment each time.
	phase = 0.618

	// effort is the part of an engine's time that reading its page may take.
	effort = 0.1
)

// Watch reads sources again and again, each in a goroutine of its own.
type Watch struct {
	sources []*watched
	each    func(Sample)
	stop    context.CancelFunc
	reading sync.WaitGroup

	mu     sync.Mutex
	totals map[Quantity]*Gauge
}

// watched is one source and what it said.
type watched struct {
	Source
	index          int
	before, latest Reading
	samples        int
	falls          int // samples that count less than the one before
	failed         int
	err            error // the last one
}

// Start reads every source once, which is the account's beginning, and then
// every interval; those that could not be read at first are left alone. Each
// is told every sample, one at a time; it may be nil. The caller must end it.
func Start(ctx context.Context, every time.Duration, sources []Source, each func(Sample)) *Watch {
	ctx, stop := context.WithCancel(ctx)
	w := &Watch{each: each, stop: stop, totals: map[Quantity]*Gauge{}}
	var first sync.WaitGroup
	for i, source := range sources {
		s := &watched{Source: source, index: i}
		w.sources = append(w.sources, s)
		first.Go(func() { s.before, s.err = s.read(ctx) })
	}
	first.Wait()
	for _, s := range w.sources {
		s.latest = s.before
	}
	for _, s := range w.sources {
		if s.err == nil {
			w.reading.Go(func() { w.follow(ctx, s, every) })
		}
	}
	return w
}

func (s *watched) read(ctx context.Context) (Reading, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return s.Read(ctx)
}

// follow reads a source until it is told to stop. A page that takes long to
// make is asked for less often.
func (w *Watch) follow(ctx context.Context, s *watched, every time.Duration) {
	timer := time.NewTimer(time.Duration(phase * float64(every)))
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		began := time.Now()
		reading, err := s.read(ctx)
		if ctx.Err() != nil {
			return // what came of it is not the source's doing
		}
		took := time.Since(began)
		w.take(s, Sample{began.Add(took / 2), s.index, reading}, err)
		timer.Reset(max(every-took, time.Duration(float64(took)/effort)))
	}
}

func (w *Watch) take(s *watched, sample Sample, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		s.failed++
		s.err = err
		return
	}
	s.samples++
	s.follows(sample.Reading)
	for quantity, value := range Sum(w.latest()...) {
		if quantity.Counts() {
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

// follows takes in a reading that comes after the latest.
func (s *watched) follows(reading Reading) {
	if reading.Fell(s.latest) {
		s.falls++
	}
	s.latest = reading
}

// risen is by how much what a source counts has risen since the start. Once it
// fell nobody knows: what was counted before is lost.
func (s *watched) risen() Reading {
	if s.falls > 0 {
		return Reading{}
	}
	return s.latest.Since(s.before)
}

// latest is what each source said last.
func (w *Watch) latest() []Reading {
	readings := make([]Reading, 0, len(w.sources))
	for _, s := range w.sources {
		readings = append(readings, s.latest)
	}
	return readings
}

// Now is the sum of what the sources said last, and by how much what counts
// has risen since the start.
func (w *Watch) Now() (sum, risen map[Quantity]float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var since []Reading
	for _, s := range w.sources {
		since = append(since, s.risen())
	}
	return Sum(w.latest()...), Sum(since...)
}

// Failed are the sources that could not be read at first, by index.
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

// End stops reading, after one last time.
func (w *Watch) End(ctx context.Context) Account {
	w.stop()
	w.reading.Wait()
	account := Account{Gauges: map[Quantity]Gauge{}}
	var last sync.WaitGroup
	risen := make([]Reading, len(w.sources))
	for i, s := range w.sources {
		if s.before.Values == nil {
			continue
		}
		account.Sources = append(account.Sources, s.before.Engine)
		last.Go(func() {
			after, err := s.read(ctx)
			if err != nil {
				s.failed++
				s.err = err
				return
			}
			s.follows(after)
			risen[i] = s.risen()
		})
	}
	last.Wait()
	account.Risen = Sum(w.whole(risen)...)
	for quantity, gauge := range w.totals {
		account.Gauges[quantity] = *gauge
	}
	for _, s := range w.sources {
		if s.before.Values == nil {
			continue
		}
		account.Samples += s.samples
		account.Failed += s.failed
		account.Falls += s.falls
		if s.failed > 0 {
			account.Err = s.err
		}
	}
	return account
}

// whole leaves out of risen, by source, what another source of its kind told at
// first and not at the end: the rest would be taken for all.
func (w *Watch) whole(risen []Reading) []Reading {
	for i, missing := range w.sources {
		for quantity := range missing.before.Values {
			if _, told := risen[i].Values[quantity]; told || !quantity.Counts() {
				continue
			}
			for j, s := range w.sources {
				if s.before.Router == missing.before.Router {
					delete(risen[j].Values, quantity)
				}
			}
		}
	}
	return risen
}

// Account is what the sources said from start to end.
type Account struct {
	Sources []string // the engine of each that could be read
	Risen   map[Quantity]float64
	Gauges  map[Quantity]Gauge
	Samples int   // pages read between start and end
	Falls   int   // pages that count less than the one before: the engine was started anew, or it is another
	Failed  int   // pages that could not be read, the last one included
	Err     error // why the last of them could not
}

// Gauge is what a quantity was over a time.
type Gauge struct {
	Count     int
	Sum, Most float64
}

func (g *Gauge) add(value float64) {
	if g.Count == 0 || value > g.Most {
		g.Most = value
	}
	g.Count++
	g.Sum += value
}

// Mean is that of the samples.
func (g *Gauge) Mean() float64 { return g.Sum / float64(g.Count) }
