package metrics

import (
	"iter"
	"math"

	"github.com/LMCache/LMBench/tools/results/record"
)

// Accumulator takes rows one at a time and keeps of each only numbers, about 25 bytes.
type Accumulator struct {
	all, ok    span
	incomplete int
	failures   failures

	samples                samples
	gaps                   gapCounts
	cached, cachedOf       float64 // tokens
	reportsCached          bool
	fromChunks, extra      int
	tokensSourced, attempt bool

	proof proof
}

// Collect tallies all rows, up to the first error.
func Collect(rows iter.Seq2[record.Row, error]) (Figures, error) {
	var tally Accumulator
	for row, err := range rows {
		if err != nil {
			return tally.Figures(), err
		}
		tally.Add(&row)
	}
	return tally.Figures(), nil
}

// Add takes a row in; it keeps no reference to it.
func (t *Accumulator) Add(row *record.Row) {
	t.all.add(row)
	t.attempt = t.attempt || row.Attempts > 0
	t.extra += max(0, row.Attempts-1)
	if row.Stamped() {
		t.proof.add(row)
	}
	if !row.OK() {
		t.failures.add(row.Error)
		return
	}
	t.ok.add(row)
	t.addTimes(row)
	t.addTokens(row)
}

func (t *Accumulator) addTimes(row *record.Row) {
	ttft, generation, tokens := record.Value(row.TTFT), record.Value(row.GenerationTime), record.Value(row.GenerationTokens)
	if math.IsNaN(ttft+generation+tokens+record.Value(row.PromptTokens)) || !row.Stamped() {
		t.incomplete++
	}
	t.samples.add(row)
	for _, gap := range row.Gaps {
		t.gaps.add(gap)
	}
}

func (t *Accumulator) addTokens(row *record.Row) {
	prompt := record.Value(row.PromptTokens)
	if cached := record.Value(row.CachedTokens); finite(cached) && finite(prompt) {
		t.reportsCached = true
		t.cached += cached
		t.cachedOf += prompt
	}
	t.tokensSourced = t.tokensSourced || row.TokensFrom != ""
	if row.TokensFrom == record.FromChunks {
		t.fromChunks++
	}
}

// Figures may be called once.
func (t *Accumulator) Figures() Figures {
	f := Figures{
		Sent: t.all.rows, OK: t.ok.rows, Failed: t.all.rows - t.ok.rows,
		Failures: t.failures.ranked(), Incomplete: t.incomplete,
		Duration:     t.ok.duration(),
		MeasuredRate: rate(float64(t.all.rows), t.all.duration()),
		AchievedRate: rate(float64(t.all.rows-1), t.all.lastLaunch-t.all.firstLaunch),
		ITL:          t.gaps.distribution(),
		CachedTokens: math.NaN(), CachedShare: math.NaN(),
		FromChunks: t.fromChunks, TokensSourced: t.tokensSourced, ExtraAttempts: t.extra, AttemptsKnown: t.attempt,
	}
	s := &t.samples
	var known Distribution
	figures := []func(room []float64){
		func([]float64) { f.Diagnostics = t.proof.figures() },
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
	f.Diagnostics.Window = t.all.duration()
	f.RequestRate = rate(float64(f.OK), f.Duration)
	f.OutputRate = rate(f.GenerationTokens, f.Duration)
	f.InputRate = rate(f.PromptTokens, f.Duration)
	f.TotalRate = rate(f.PromptTokens+f.GenerationTokens, f.Duration)
	if t.reportsCached {
		f.CachedTokens = t.cached
		f.CachedShare = rate(t.cached, t.cachedOf)
	}
	return f
}
