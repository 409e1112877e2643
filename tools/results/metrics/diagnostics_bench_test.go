package metrics

import (
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/results/record"
)

// BenchmarkDiagnostics measures what a row of 100 tokens costs the client for all figures,
// and for Diagnostics alone. 1,000 streams of 50 tokens/s are 500 such rows per second.
func BenchmarkDiagnostics(b *testing.B) {
	row := answered(1000, 100, 0.25, 2, 1e9, 1e9+2.25)
	row.ScheduledTime, row.UncachedShare, row.TokensFrom = 1e9-0.0001, 1, record.FromUsage
	row.Lateness = record.Lateness{Timer: 0.00006, Queue: 0.00004}
	for range 99 {
		row.Gaps = append(row.Gaps, 20*time.Millisecond)
	}
	next := func(i int) *record.Row {
		row.LaunchTime = 1e9 + float64(i)*0.002
		row.ScheduledTime, row.FinishTime = row.LaunchTime-0.0001, row.LaunchTime+2.25
		return &row
	}
	b.Run("all", func(b *testing.B) {
		var tally Accumulator
		for i := range b.N {
			tally.Add(next(i))
		}
	})
	b.Run("diagnostics", func(b *testing.B) {
		var p diagnostics
		for i := range b.N {
			p.add(next(i))
		}
	})
}
