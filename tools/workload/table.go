package workload

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/LMCache/LMBench/tools/metrics"
)

// printTable is a sweep at a glance: a line per point and where its files are.
func printTable(w io.Writer, swept string, points []point) {
	if len(points) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "%s\tok\tfailed\toffered/s\tsent/s\tTTFT p50\tp99\tITL p50\tp99\tTPOT mean\tE2EL p50\tp99\tout tok/s\tlag p99\t\n", swept)
	for _, p := range points {
		f := p.figures
		if f.Sent == 0 {
			fmt.Fprintf(t, "%s\t0\t0%s\t\n", p.text, strings.Repeat("\t-", 11))
			continue
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", p.text, f.OK, f.Failed,
			figure(positive(p.stage.Offered)), figure(p.sentRate()), figure(f.TTFT.P50), figure(f.TTFT.P99), figure(f.Gap.P50), figure(f.Gap.P99),
			figure(f.TPOT.Mean), figure(f.E2EL.P50), figure(f.E2EL.P99), figure(f.OutputRate), figure(f.Lag.P99))
	}
	t.Flush()
	fmt.Fprintln(w, "times in ms; ITL: between chunks; lag: launch after due time")
	for _, p := range points {
		switch {
		case p.err != nil:
			fmt.Fprintf(w, "%s %s failed: %v\n", swept, p.text, p.err)
		case p.result != "":
			fmt.Fprintf(w, "%s %s: %s\n", swept, p.text, p.result)
		}
	}
}

// sentRate is requests sent a second.
func (p *point) sentRate() float64 {
	if p.achieved > 0 {
		return p.achieved
	}
	if p.sending > 0 {
		return float64(p.figures.Sent) / p.sending.Seconds()
	}
	return p.figures.AchievedRate
}

// printFigures is one measurement in full.
func printFigures(w io.Writer, f metrics.Figures) {
	fmt.Fprintf(w, "sent %d, ok %d, failed %d; %s requests/s; tokens/s: %s out, %s in\n\n",
		f.Sent, f.OK, f.Failed, figure(f.RequestRate), figure(f.OutputRate), figure(f.InputRate))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "ms\tcount\tmean\tp50\tp90\tp95\tp99\tp99.9\tmax\t")
	for _, d := range []struct {
		name string
		metrics.Distribution
	}{
		{"TTFT", f.TTFT}, {"ITL", f.Gap}, {"TPOT", f.TPOT}, {"E2EL", f.E2EL}, {"send lag", f.Lag}, {"connect", f.Dial},
	} {
		if d.Count > 0 {
			fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", d.name, d.Count, figure(d.Mean),
				figure(d.P50), figure(d.P90), figure(d.P95), figure(d.P99), figure(d.P999), figure(d.Max))
		}
	}
	t.Flush()
	for _, failure := range f.Failures {
		fmt.Fprintf(w, "failed %d times: %s\n", failure.Count, strings.TrimSpace(failure.Text))
	}
}

// figure has three digits after the point where small, fewer where large; a
// figure that does not exist is a dash.
func figure(f float64) string {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return "-"
	case math.Abs(f) >= 1000:
		return fmt.Sprintf("%.0f", f)
	case math.Abs(f) >= 10:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.3f", f)
}

func positive(f float64) float64 {
	if f > 0 {
		return f
	}
	return math.NaN()
}
