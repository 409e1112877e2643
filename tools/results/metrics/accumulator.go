package metrics

import (
	"iter"
	"math"

	"github.com/LMCache/LMBench/tools/results/record"
)

// Accumulator computes Figures from rows added one at a time. It keeps only numbers, about
// 25 bytes for each row.
type Accumulator struct {
	all, ok    window
	incomplete int
	failures   failures

	samples                samples
	gaps                   gapCounts
	cached, cachedOf       float64 // tokens
	reportsCached          bool
	fromChunks, extra      int
	tokensSourced, attempt bool

	diagnostics diagnostics
}

// Collect returns the figures of all rows, up to the first error.
func Collect(rows iter.Seq2[record.Row, error]) (Figures, error) {
	var acc Accumulator
	for row, err := range rows {
		if err != nil {
			return acc.Figures(), err
		}
		acc.Add(&row)
	}
	return acc.Figures(), nil
}

// Add adds a row. It keeps no reference to it.
func (a *Accumulator) Add(row *record.Row) {
	a.all.add(row)
	a.attempt = a.attempt || row.Attempts > 0
	a.extra += max(0, row.Attempts-1)
	if row.Stamped() {
		a.diagnostics.add(row)
	}
	if !row.OK() {
		a.failures.add(row.Error)
		return
	}
	a.ok.add(row)
	a.addTimes(row)
	a.addTokens(row)
}

func (a *Accumulator) addTimes(row *record.Row) {
	ttft, generation, tokens := record.Value(row.TTFT), record.Value(row.GenerationTime), record.Value(row.GenerationTokens)
	if math.IsNaN(ttft+generation+tokens+record.Value(row.PromptTokens)) || !row.Stamped() {
		a.incomplete++
	}
	a.samples.add(row)
	for _, gap := range row.Gaps {
		a.gaps.add(gap)
	}
}

func (a *Accumulator) addTokens(row *record.Row) {
	prompt := record.Value(row.PromptTokens)
	if cached := record.Value(row.CachedTokens); finite(cached) && finite(prompt) {
		a.reportsCached = true
		a.cached += cached
		a.cachedOf += prompt
	}
	a.tokensSourced = a.tokensSourced || row.TokensFrom != ""
	if row.TokensFrom == record.FromChunks {
		a.fromChunks++
	}
}

// Figures returns the figures of all rows. It must be called only once.
func (a *Accumulator) Figures() Figures {
	f := Figures{
		Sent: a.all.rows, OK: a.ok.rows, Failed: a.all.rows - a.ok.rows,
		Failures: a.failures.ranked(), Incomplete: a.incomplete,
		Duration:     a.ok.duration(),
		MeasuredRate: rate(float64(a.all.rows), a.all.duration()),
		AchievedRate: rate(float64(a.all.rows-1), a.all.lastLaunch-a.all.firstLaunch),
		ITL:          a.gaps.distribution(),
		CachedTokens: math.NaN(), CachedShare: math.NaN(),
		FromChunks: a.fromChunks, TokensSourced: a.tokensSourced, ExtraAttempts: a.extra, AttemptsKnown: a.attempt,
	}
	s := &a.samples
	var known Distribution
	figures := []func(room []float64){
		func([]float64) { f.Diagnostics = a.diagnostics.figures() },
		s.total(&f.PromptTokens, &s.prompt), s.total(&f.GenerationTokens, &s.generated),
		s.milliseconds(&f.TTFT, &s.ttft), s.tpot(&f.TPOT), s.itl(&f.NormalizedLatency), s.milliseconds(&f.E2EL, &s.latency),
		s.milliseconds(&f.Lag, &s.lag), s.milliseconds(&f.Connect, &s.dial),
	}
	if s.anySimulated {
		figures = append(figures, s.known(&known))
	}
	s.compute(figures...)
	if s.anySimulated && known.Count < f.TTFT.Count {
		f.TTFTKnown = known
	}
	f.Diagnostics.Window = a.all.duration()
	f.RequestRate = rate(float64(f.OK), f.Duration)
	f.OutputRate = rate(f.GenerationTokens, f.Duration)
	f.InputRate = rate(f.PromptTokens, f.Duration)
	f.TotalRate = rate(f.PromptTokens+f.GenerationTokens, f.Duration)
	if a.reportsCached {
		f.CachedTokens = a.cached
		f.CachedShare = rate(a.cached, a.cachedOf)
	}
	return f
}
