package eventlog

import (
	"bytes"
	"io"
	"testing"
)

// BenchmarkWrite writes requests of 100 chunks, including their start.
func BenchmarkWrite(b *testing.B) {
	all := answers(1000)
	log, err := NewWriter(io.Discard, header())
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i += 2 {
		for _, event := range all[i%len(all) : i%len(all)+2] {
			if err := log.Write(event); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/chunk")
}

// BenchmarkRead reads requests of 100 chunks, with them and without.
func BenchmarkRead(b *testing.B) {
	file := written(b, answers(10000)...)
	for _, test := range []struct {
		name     string
		rowsOnly bool
	}{{"rows", true}, {"chunks", false}} {
		b.Run(test.name, func(b *testing.B) {
			rows := 0
			for b.Loop() {
				log, err := NewReader(bytes.NewReader(file))
				if err != nil {
					b.Fatal(err)
				}
				log.RowsOnly = test.rowsOnly
				rows += len(rowsOf(b, log))
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
