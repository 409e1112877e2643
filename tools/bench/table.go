package main

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"github.com/LMCache/LMBench/tools/results/metrics"
)

const legend = `due→launch, due→written: how late a request left (µs). TTFT, ITL, E2EL: the client's time less the engine's own for the same
event (ms; of ITL the absolute value). CPU: of the client's process (µs). kB: memory beyond idle for each request under way. Each p50/p99/max.
`

// write prints one table with a line for each client and scenario.
func write(out io.Writer, all []figures) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "scenario\tclient\tasked/s\treq/s\tfailed\tdue→launch µs\tdue→written µs\tTTFT ms\tITL ms\tE2EL ms\tCPU/req\tCPU/chunk\tchunks/s\tkB\tGC max ms")
	for i := range all {
		f := &all[i]
		asked := "-"
		if f.asked > 0 {
			asked = fmt.Sprintf("%.0f", f.asked)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%.1f\t%d\t%s\t%s\t%s\t%s\t%s\t%.1f\t%s\t%s\t%s\t%.2f (%d)\n",
			f.scenario, f.client, asked, f.achieved, f.failed, three(f.launchLag, 1000, 0), three(f.writeLag, 1000, 0),
			three(f.ttft, 1, 3), three(f.gap, 1, 3), three(f.e2el, 1, 3),
			f.cpuRequest, some(f.cpuChunk, 2), some(f.events, 0), some(f.memory, 1), f.longest, f.pauses)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for i := range all {
		if f := &all[i]; f.failed > 0 {
			fmt.Fprintf(out, "%s, %s: %d of %d failed, the first: %s\n", f.scenario, f.client, f.failed, f.requests, f.failure)
		}
	}
	_, err := io.WriteString(out, legend)
	return err
}

func three(d metrics.Distribution, unit float64, digits int) string {
	if d.Count == 0 {
		return "-"
	}
	return fmt.Sprintf("%.*f/%.*f/%.*f", digits, d.P(50)*unit, digits, d.P(99)*unit, digits, d.Max*unit)
}

func some(value float64, digits int) string {
	if value == 0 || math.IsNaN(value) {
		return "-"
	}
	return fmt.Sprintf("%.*f", digits, value)
}
