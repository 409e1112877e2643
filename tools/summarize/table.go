package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"text/tabwriter"

	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/result"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// printTable prints the main figures of a result; the JSON has all of them.
func printTable(out io.Writer, report *result.Report) error {
	f, marked := &report.Figures, false
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table)
	line(table, "requests", "planned", "sent", "ok", "failed")
	line(table, "", count(report.Planned, false), count(f.Sent, f.Sent > 0), count(f.OK, true), count(f.Failed, f.Sent > 0))
	line(table, "requests/s", "offered", "achieved", "answered")
	line(table, "", format.Number(report.Offered), format.Number(report.Achieved), format.Number(f.RequestRate))
	line(table, "tokens/s", "prompt", "generated", "total")
	line(table, "", format.Number(f.InputRate), format.Number(f.OutputRate), format.Number(f.TotalRate))
	line(table, "milliseconds", "mean", "median", "p99", "max")
	for _, row := range []struct {
		name string
		of   metrics.Distribution
	}{
		{"TTFT", f.TTFT},
		{"TPOT", f.TPOT},
		{"ITL", f.ITL},
		{"E2EL", f.E2EL},
		{"send lag", f.Lag},
	} {
		if !math.IsNaN(row.of.Mean) {
			p99 := format.Number(row.of.P(99))
			if row.of.Count == 0 { // figures of vLLM's benchmark have no count; there are at most as many samples as answers
				row.of.Count = f.OK
			}
			if p99 != format.Missing && !row.of.Supports(99) {
				p99 += verdict.Mark
				marked = true
			}
			line(table, row.name, format.Number(row.of.Mean), format.Number(row.of.Median), p99, format.Number(row.of.Max))
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if marked {
		fmt.Fprintln(out, verdict.Legend())
	}
	return printFailures(out, f.Failures)
}

// printFailures prints the three most frequent errors.
func printFailures(out io.Writer, failures []metrics.Failure) error {
	for i, failure := range failures {
		if i == 3 {
			_, err := fmt.Fprintf(out, "  and %d other errors\n", len(failures)-3)
			return err
		}
		if _, err := fmt.Fprintf(out, "  %d failed: %s\n", failure.Count, failure.Text); err != nil {
			return err
		}
	}
	return nil
}

func line(table io.Writer, name string, cells ...string) {
	fmt.Fprint(table, name, "\t")
	for _, cell := range cells {
		fmt.Fprint(table, cell, "\t")
	}
	fmt.Fprintln(table)
}

func count(n int, known bool) string {
	if n == 0 && !known {
		return format.Missing
	}
	return strconv.Itoa(n)
}
