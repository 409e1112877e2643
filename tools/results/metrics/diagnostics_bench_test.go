package metrics

import (
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/results/record"
)

// BenchmarkProof is what a row of 100 tokens costs the client in the figures of
// all, and in those of Proof alone. 1,000 streams of 50 tokens a second make 500
// such rows a second.
func BenchmarkProof(b *testing.B) {
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
	b.Run("proof", func(b *testing.B) {
		var p proof
		for i := range b.N {
			p.add(next(i))
		}
	})
}
