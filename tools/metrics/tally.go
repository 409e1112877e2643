package metrics

import (
	"iter"
	"math"
	"time"

	"github.com/LMCache/LMBench/tools/record"
)

// Tally takes rows one at a time and keeps of each only numbers.
type Tally struct {
	all, ok    span
	incomplete int
	failures   failures

	prompt, generated      []float64
	ttft, tpot, itl        []float64 // ms
	known                  []float64 // ms; TTFTs over histories the engine had computed
	e2el, lag, dial        []float64 // ms
	gaps                   gapCounts
	cached, cachedOf       float64 // tokens
	reportsCached          bool
	fromChunks, extra      int
	tokensSourced, attempt bool

	proof proof
}

// Collect tallies all rows, up to the first error.
func Collect(rows iter.Seq2[record.Row, error]) (Figures, error) {
	var tally Tally
	for row, err := range rows {
		if err != nil {
			return tally.Figures(), err
		}
		tally.Add(&row)
	}
	return tally.Figures(), nil
}

// Add takes a row in; it keeps no reference to it.
func (t *Tally) Add(row *record.Row) {
	t.all.add(row)
	t.attempt = t.attempt || row.Attempts > 0
	t.extra += max(0, row.Attempts-1)
	t.proof.add(row)
	if !row.OK() {
		t.failures.add(row.Error)
		return
	}
	t.ok.add(row)
	t.addTimes(row)
	t.addTokens(row)
}

func (t *Tally) addTimes(row *record.Row) {
	ttft, generation, tokens := number(row.TTFT), number(row.GenerationTime), number(row.GenerationTokens)
	if math.IsNaN(ttft + generation + tokens + number(row.PromptTokens)) {
		t.incomplete++
	}
	keep(&t.ttft, ttft*1000)
	if !row.SimulatedHistory {
		keep(&t.known, ttft*1000)
	}
	if tokens > 1 {
		keep(&t.tpot, generation/(tokens-1)*1000)
	}
	if tokens > 0 {
		keep(&t.itl, (ttft+generation)/tokens*1000)
	}
	if row.Latency != nil {
		keep(&t.e2el, *row.Latency*1000)
	} else {
		keep(&t.e2el, (row.FinishTime-row.LaunchTime)*1000)
	}
	if row.ScheduledTime != 0 {
		keep(&t.lag, (row.LaunchTime-row.ScheduledTime)*1000)
	}
	keep(&t.dial, number(row.ConnectTime)*1000)
	if t.gaps == nil {
		t.gaps = gapCounts{}
	}
	for _, gap := range row.Gaps {
		t.gaps[gap.Round(time.Microsecond)]++
	}
}

func (t *Tally) addTokens(row *record.Row) {
	prompt := number(row.PromptTokens)
	keep(&t.prompt, prompt)
	keep(&t.generated, number(row.GenerationTokens))
	if cached := number(row.CachedTokens); finite(cached) && finite(prompt) {
		t.reportsCached = true
		t.cached += cached
		t.cachedOf += prompt
	}
	t.tokensSourced = t.tokensSourced || row.TokensFrom != ""
	if row.TokensFrom == record.FromChunks {
		t.fromChunks++
	}
}

// Figures may be called once: it sorts what was kept.
func (t *Tally) Figures() Figures {
	f := Figures{
		Sent: t.all.rows, OK: t.ok.rows, Failed: t.all.rows - t.ok.rows,
		Failures: t.failures.ranked(), Incomplete: t.incomplete,
		Duration: t.ok.duration(), PromptTokens: sum(t.prompt), GenerationTokens: sum(t.generated),
		MeasuredRate: rate(float64(t.all.rows), t.all.duration()),
		AchievedRate: rate(float64(t.all.rows-1), t.all.lastLaunch-t.all.firstLaunch),
		TTFT:         Distribute(t.ttft), TPOT: Distribute(t.tpot), ITL: Distribute(t.itl), E2EL: Distribute(t.e2el),
		Gap: t.gaps.distribution(), Lag: Distribute(t.lag), Dial: Distribute(t.dial),
		CachedTokens: math.NaN(), CachedShare: math.NaN(),
		FromChunks: t.fromChunks, TokensSourced: t.tokensSourced, ExtraAttempts: t.extra, AttemptsKnown: t.attempt,
		Proof: t.proof.figures(),
	}
	if len(t.known) < f.TTFT.Count {
		f.TTFTKnown = Distribute(t.known)
	}
	f.Proof.Span = t.all.duration()
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
