package main

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"github.com/LMCache/LMBench/tools/results/metrics"
)

const legend = `due→launch, due→written: scheduling delay in µs. TTFT, ITL, E2EL: the client's time minus the engine's for the same event in ms
(for ITL the absolute difference). CPU: of the client's process in µs. kB: memory above idle per concurrent request. Each is p50/p99/max.
`

// writeTable prints one row for each run of a client.
func writeTable(out io.Writer, all []figures) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "scenario\tclient\toffered/s\treq/s\tfailed\tdue→launch µs\tdue→written µs\tTTFT ms\tITL ms\tE2EL ms\tCPU/req\tCPU/chunk\tchunks/s\tkB\tGC max ms")
	for i := range all {
		f := &all[i]
		offered := "-"
		if f.offered > 0 {
			offered = fmt.Sprintf("%.0f", f.offered)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%.1f\t%d\t%s\t%s\t%s\t%s\t%s\t%.1f\t%s\t%s\t%s\t%.2f (%d)\n",
			f.scenario, f.client, offered, f.achieved, f.failed, percentiles(f.launchLag, 1000, 0), percentiles(f.writeLag, 1000, 0),
			percentiles(f.ttft, 1, 3), percentiles(f.itl, 1, 3), percentiles(f.e2el, 1, 3),
			f.cpuPerRequest, positive(f.cpuPerChunk, 2), positive(f.chunkRate, 0), positive(f.memory, 1), f.longestGCPause, f.gcPauses)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for i := range all {
		if f := &all[i]; f.failed > 0 {
			fmt.Fprintf(out, "%s, %s: %d of %d requests failed, the first with: %s\n", f.scenario, f.client, f.failed, f.requests, f.firstFailure)
		}
	}
	_, err := io.WriteString(out, legend)
	return err
}

// percentiles formats p50, p99 and maximum in a unit.
func percentiles(d metrics.Distribution, unit float64, digits int) string {
	if d.Count == 0 {
		return "-"
	}
	return fmt.Sprintf("%.*f/%.*f/%.*f", digits, d.P(50)*unit, digits, d.P(99)*unit, digits, d.Max*unit)
}

// positive formats a value, or "-" if it was not measured.
func positive(value float64, digits int) string {
	if value == 0 || math.IsNaN(value) {
		return "-"
	}
	return fmt.Sprintf("%.*f", digits, value)
}
