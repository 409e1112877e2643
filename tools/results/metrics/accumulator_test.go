package metrics

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/LMCache/LMBench/tools/results/record"
)

func cell(v float64) *float64 { return &v }

// answered returns a request that succeeded.
func answered(prompt, generated, ttft, generation, launch, finish float64) record.Row {
	return record.Row{
		PromptTokens: cell(prompt), GenerationTokens: cell(generated), TTFT: cell(ttft), GenerationTime: cell(generation),
		LaunchTime: launch, FinishTime: finish,
	}
}

func figures(rows ...record.Row) Figures {
	var tally Accumulator
	for i := range rows {
		tally.Add(&rows[i])
	}
	return tally.Figures()
}

// near compares decimal fractions, which binary floats do not hold exactly.
var near = cmp.Options{cmpopts.EquateApprox(1e-12, 0), cmpopts.EquateNaNs()}

func TestFigures(t *testing.T) {
	got := figures(
		answered(100, 11, 0.25, 1, 1000, 1001.25),
		answered(200, 21, 0.125, 2.5, 1000.5, 1003.125),
		answered(300, 1, 0.5, 0, 1001, 1001.5),
		answered(400, 6, 0.05, 0.333, 1002, 1002.383),
	)
	tests := []struct {
		figure    string
		got, want float64
	}{
		{"duration", got.Duration, 3.125},
		{"prompt tokens", got.PromptTokens, 1000},
		{"generation tokens", got.GenerationTokens, 39},
		{"request rate", got.RequestRate, 1.28},
		{"output rate", got.OutputRate, 12.48},
		{"input rate", got.InputRate, 320},
		{"total rate", got.TotalRate, 332.48},
		{"mean TTFT", got.TTFT.Mean, 231.25},
		{"median TTFT", got.TTFT.Median, 187.5},
		{"p99 TTFT", got.TTFT.P(99), 492.5},
		{"mean TPOT, without the answer of one token", got.TPOT.Mean, (100 + 125 + 66.6) / 3},
		{"median TPOT", got.TPOT.Median, 100},
		{"p99 TPOT", got.TPOT.P(99), 124.5},
		{"achieved rate: 3 gaps in 2 s", got.AchievedRate, 1.5},
		{"measured rate", got.MeasuredRate, 1.28},
		{"end to end from the stamps, as there is no latency", got.E2EL.Max, 2625},
		{"no gaps, no figure", got.ITL.Mean, math.NaN()},
		{"no schedule, no lag", got.Lag.P(99), math.NaN()},
		{"no cache report", got.CachedTokens, math.NaN()},
	}
	for _, test := range tests {
		if !cmp.Equal(test.got, test.want, near) {
			t.Errorf("%s: %v, want %v", test.figure, test.got, test.want)
		}
	}
}

func TestFailedRowsCountInNoFigure(t *testing.T) {
	good := answered(100, 11, 0.25, 1, 1000, 1001.25)
	bad := record.Row{LaunchTime: 999, FinishTime: 1010, Error: "HTTP 500", TTFT: cell(9), GenerationTokens: cell(99)}
	want, got := figures(good), figures(bad, good, bad)
	if got.Sent != 3 || got.OK != 1 || got.Failed != 2 {
		t.Errorf("sent %d, ok %d, failed %d", got.Sent, got.OK, got.Failed)
	}
	if diff := cmp.Diff([]Failure{{"HTTP 500", 2}}, got.Failures); diff != "" {
		t.Error(diff)
	}
	if got.MeasuredRate != 3.0/11 || got.AchievedRate != 2 {
		t.Errorf("measured %v, achieved %v: both are of all rows", got.MeasuredRate, got.AchievedRate)
	}
	all := cmpopts.IgnoreFields(Figures{}, "Sent", "Failed", "Failures", "MeasuredRate", "AchievedRate", "Diagnostics")
	if diff := cmp.Diff(want, got, all, near); diff != "" {
		t.Error(diff)
	}
}

func TestFiguresOfOddRows(t *testing.T) {
	tests := []struct {
		why   string
		rows  []record.Row
		check func(Figures) bool
	}{
		{"no rows", nil, func(f Figures) bool { return f.OK == 0 && math.IsNaN(f.Duration) && math.IsNaN(f.RequestRate) }},
		{"a single instant has no rates", []record.Row{answered(1, 2, 0, 0, 5, 5)},
			func(f Figures) bool { return f.Duration == 0 && math.IsNaN(f.RequestRate) && math.IsNaN(f.TotalRate) }},
		{"answers of one token have no TPOT", []record.Row{answered(1, 1, 0.1, 0, 5, 6)},
			func(f Figures) bool { return f.TPOT.Count == 0 && f.NormalizedLatency.Count == 1 }},
		{"an answer without tokens has no TPOT, which would be negative", []record.Row{answered(1, 0, 0.1, 1, 5, 6)},
			func(f Figures) bool { return f.TPOT.Count == 0 && f.NormalizedLatency.Count == 0 && f.TTFT.Count == 1 }},
		{"a success with empty cells is counted as incomplete", []record.Row{{LaunchTime: 1, FinishTime: 2}},
			func(f Figures) bool { return f.Incomplete == 1 && f.OK == 1 && f.TTFT.Count == 0 }},
		{"a cell with nan has no value", []record.Row{answered(1, 2, math.NaN(), 1, 5, 6)},
			func(f Figures) bool { return f.TTFT.Count == 0 && f.Incomplete == 1 }},
		{"the cached share is of rows that report it", []record.Row{{PromptTokens: cell(100), CachedTokens: cell(64)}, {PromptTokens: cell(900)}},
			func(f Figures) bool { return f.CachedTokens == 64 && f.CachedShare == 0.64 }},
		{"only scheduled rows have a lag", []record.Row{{ScheduledTime: 1, LaunchTime: 1.5}, {LaunchTime: 3}},
			func(f Figures) bool { return f.Lag.Count == 1 && f.Lag.Max == 500 }},
		{"counted chunks and extra attempts", []record.Row{{TokensFrom: record.FromChunks, Attempts: 2}, {TokensFrom: record.FromUsage, Attempts: 1}},
			func(f Figures) bool {
				return f.FromChunks == 1 && f.ExtraAttempts == 1 && f.TokensSourced && f.AttemptsKnown
			}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			if got := figures(test.rows...); !test.check(got) {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestGaps compares the distribution of counted gaps with that of the values.
func TestGaps(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var tally Accumulator
	var kept []float64
	for range 50 {
		row := answered(1, 1, 1, 1, 1, 2)
		for range random.IntN(40) {
			µs := random.IntN(60)
			row.Gaps = append(row.Gaps, time.Duration(µs)*time.Microsecond)
			kept = append(kept, float64(µs)/1000)
		}
		tally.Add(&row)
	}
	if diff := cmp.Diff(Distribute(kept), tally.Figures().ITL, near); diff != "" {
		t.Error(diff)
	}
}

func TestCollectStopsAtAnError(t *testing.T) {
	broken := errors.New("line 3")
	got, err := Collect(func(yield func(record.Row, error) bool) {
		if yield(answered(1, 2, 3, 4, 5, 6), nil) {
			yield(record.Row{}, broken)
		}
	})
	if !errors.Is(err, broken) || got.OK != 1 {
		t.Errorf("%d rows, error %v", got.OK, err)
	}
}

func TestMadeUpHistoriesAreToldApart(t *testing.T) {
	row := func(ttft float64, simulated bool) *record.Row {
		return &record.Row{TTFT: &ttft, SimulatedHistory: simulated}
	}
	var some, without Accumulator
	some.Add(row(2, true))
	some.Add(row(0.5, false))
	without.Add(row(1, false))
	if f := some.Figures(); f.TTFT.Count != 2 || f.TTFTKnown.Count != 1 || f.TTFTKnown.Mean != 500 {
		t.Errorf("all %+v, known %+v, want one of two known, 500 ms", f.TTFT, f.TTFTKnown)
	}
	if f := without.Figures(); f.TTFTKnown.Count != 0 {
		t.Errorf("known %+v where all are", f.TTFTKnown)
	}
}

func TestFailureTexts(t *testing.T) {
	var f failures
	f.add("two\n lines\tand\xff")
	f.add(strings.Repeat("é", 200))
	for port := range 3 {
		f.add(fmt.Sprintf("read 127.0.0.1:%d: connection reset", 4999*port+9))
	}
	want := []Failure{
		{"read 127.0.0.1:9: connection reset", 3}, // different numbers are the same error
		{"two lines and\uFFFD", 1},
		{strings.Repeat("é", 100) + "…", 1},
	}
	if diff := cmp.Diff(want, f.ranked()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFailureTextsAreBounded(t *testing.T) {
	var f failures
	for i := range mostTexts + 7 {
		f.add("request " + strings.Repeat("a", i/100) + strings.Repeat("b", i%100))
	}
	ranked := f.ranked()
	if len(ranked) != mostTexts+1 || ranked[0] != (Failure{OtherErrors, 7}) {
		t.Errorf("%d reasons, the most frequent %v, want %d and the seven beyond the bound", len(ranked), ranked[0], mostTexts+1)
	}
}

// BenchmarkAccumulator adds the rows of a long run: a million.
func BenchmarkAccumulator(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	rows := make([]record.Row, 1000)
	for i := range rows {
		rows[i] = answered(1000, 100, random.Float64(), 5*random.Float64(), float64(i), float64(i)+6)
		for range 10 {
			rows[i].Gaps = append(rows[i].Gaps, time.Duration(random.IntN(100000))*time.Microsecond)
		}
	}
	for b.Loop() {
		var tally Accumulator
		for i := range 1_000_000 {
			tally.Add(&rows[i%len(rows)])
		}
		tally.Figures()
	}
}
