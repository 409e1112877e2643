package metrics

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/LMCache/LMBench/tools/results/record"
)

// BenchmarkLarge computes the figures of the CSVs that TestWriteLarge of package record
// writes; LMBENCH_LARGE_CSV names their folder.
func BenchmarkLarge(b *testing.B) {
	folder := os.Getenv("LMBENCH_LARGE_CSV")
	if folder == "" {
		b.Skip("reads gigabytes: set LMBENCH_LARGE_CSV to a folder of large CSVs")
	}
	for _, name := range []string{"original.csv", "conversation.csv"} {
		b.Run(name, func(b *testing.B) {
			rows := 0
			for b.Loop() {
				file, err := os.Open(filepath.Join(folder, name))
				if err != nil {
					b.Fatal(err)
				}
				figures, err := Collect(record.Read(file))
				if err != nil {
					b.Fatal(err)
				}
				rows += figures.Sent
				file.Close()
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
