package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"text/tabwriter"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/result"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// printTable is what a person wants to see of a result; the JSON has the rest.
func printTable(out io.Writer, report *result.Report) error {
	f, marked := &report.Figures, false
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table)
	line(table, "requests", "planned", "sent", "ok", "failed")
	line(table, "", count(report.Planned, false), count(f.Sent, f.Sent > 0), count(f.OK, true), count(f.Failed, f.Sent > 0))
	line(table, "requests/s", "offered", "achieved", "answered")
	line(table, "", figure(report.Offered), figure(report.Achieved), figure(f.RequestRate))
	line(table, "tokens/s", "prompt", "generated", "both")
	line(table, "", figure(f.InputRate), figure(f.OutputRate), figure(f.TotalRate))
	line(table, "milliseconds", "mean", "median", "p99", "max")
	for _, row := range []struct {
		name string
		of   metrics.Distribution
	}{
		{"time to first token", f.TTFT},
		{"time per output token", f.TPOT},
		{"between chunks", f.ITL},
		{"end to end", f.E2EL},
		{"sent late by", f.Lag},
	} {
		if !math.IsNaN(row.of.Mean) {
			p99 := figure(row.of.P(99))
			if row.of.Count == 0 { // a benchmark's own figures do not tell it: there are at most as many
				row.of.Count = f.OK
			}
			if p99 != absent && !row.of.Supports(99) {
				p99 += verdict.Mark
				marked = true
			}
			line(table, row.name, figure(row.of.Mean), figure(row.of.Median), p99, figure(row.of.Max))
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

// printFailures shows the three most frequent.
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

// absent stands for a figure that does not exist.
const absent = "-"

func figure(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return absent
	}
	if math.Abs(v) < 0.1 && v != 0 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

func count(n int, known bool) string {
	if n == 0 && !known {
		return absent
	}
	return strconv.Itoa(n)
}
