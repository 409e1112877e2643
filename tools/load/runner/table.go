package runner

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// printTable prints a sweep at a glance: a line per point and where its result is.
func printTable(w io.Writer, swept string, points []point) {
	if len(points) == 0 {
		return
	}
	fmt.Fprintln(w)
	few := false
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "%s\tok\tfailed\toffered/s\tsent/s\tTTFT p50\tp99\tITL p50\tp99\tTPOT mean\tE2EL p50\tp99\tout tok/s\tlag p99\tverdict\t\n", swept)
	for _, p := range points {
		f := p.figures
		if f.Sent == 0 {
			fmt.Fprintf(t, "%s\t0\t0%s\t%s\t\n", p.text, strings.Repeat("\t-", 11), cmp.Or(string(p.verdict.Level), "-"))
			continue
		}
		few = few || f.OK > 0 && (!f.TTFT.Supports(99) || !f.ITL.Supports(99))
		fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", p.text, f.OK, f.Failed,
			format.Number(positive(p.stage.Offered)), format.Number(p.sentRate()), format.Number(f.TTFT.P(50)), marked(&f.TTFT, 99), format.Number(f.ITL.P(50)), marked(&f.ITL, 99),
			format.Number(f.TPOT.Mean), format.Number(f.E2EL.P(50)), marked(&f.E2EL, 99), format.Number(f.OutputRate), marked(&f.Lag, 99), cmp.Or(string(p.verdict.Level), "-"))
	}
	t.Flush()
	fmt.Fprintln(w, "times in ms; ITL: between chunks; lag: scheduling delay, from due time to launch")
	if few {
		fmt.Fprintln(w, verdict.Legend())
	}
	for _, p := range points {
		switch {
		case p.err != nil:
			fmt.Fprintf(w, "%s %s failed: %v\n", swept, p.text, p.err)
		case p.result != "":
			fmt.Fprintf(w, "%s %s: %s\n", swept, p.text, p.result)
		}
	}
}

// printVerdicts prints the verdicts. They come last: they say whether to believe the
// figures above.
func printVerdicts(w io.Writer, swept string, points []point) {
	for _, p := range points {
		if p.verdict.Level != "" {
			fmt.Fprintf(w, "%s %s ", swept, p.text)
			p.verdict.Print(w)
		}
	}
}

// sentRate returns the requests sent per second.
func (p *point) sentRate() float64 {
	if p.achieved > 0 {
		return p.achieved
	}
	if p.sending > 0 {
		return float64(p.figures.Sent) / p.sending.Seconds()
	}
	return p.figures.AchievedRate
}

// printFigures prints one measurement in full.
func printFigures(w io.Writer, f metrics.Figures) {
	fmt.Fprintf(w, "sent %d, ok %d, failed %d; %s requests/s; tokens/s: %s out, %s in\n\n",
		f.Sent, f.OK, f.Failed, format.Number(f.RequestRate), format.Number(f.OutputRate), format.Number(f.InputRate))
	few := false
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	var names []string
	for _, percent := range metrics.Percents() {
		names = append(names, metrics.PercentName(percent))
	}
	fmt.Fprintf(t, "ms\tcount\tmean\t%s\tmax\t\n", strings.Join(names, "\t"))
	for _, d := range []struct {
		name string
		metrics.Distribution
	}{
		{"TTFT", f.TTFT}, {"ITL", f.ITL}, {"TPOT", f.TPOT}, {"E2EL", f.E2EL},
		{"TTFT scheduled", f.Diagnostics.TTFTSched}, {"E2EL scheduled", f.Diagnostics.E2ELSched}, {"send lag", f.Lag}, {"connect", f.Connect},
	} {
		if d.Count > 0 {
			var cells []string
			for _, q := range d.Quantiles {
				cells = append(cells, marked(&d.Distribution, q.Percent))
				few = few || !d.Supports(q.Percent)
			}
			fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t\n", d.name, d.Count, format.Number(d.Mean), strings.Join(cells, "\t"), format.Number(d.Max))
		}
	}
	t.Flush()
	if few {
		fmt.Fprintln(w, verdict.Legend())
	}
	for _, failure := range f.Failures {
		fmt.Fprintf(w, "failed %d times: %s\n", failure.Count, strings.TrimSpace(failure.Text))
	}
}

// marked returns a percentile, with a mark if its sample cannot support it.
func marked(d *metrics.Distribution, percent float64) string {
	text := format.Number(d.P(percent))
	if d.Count > 0 && !d.Supports(percent) {
		text += verdict.Mark
	}
	return text
}

// positive returns NaN for an unknown number.
func positive(f float64) float64 {
	if f > 0 {
		return f
	}
	return math.NaN()
}
