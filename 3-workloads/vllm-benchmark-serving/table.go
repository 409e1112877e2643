package main

import (
	"fmt"
	"io"
	"math"
	"strings"
)

const tableWidth = 50

// printTable prints the figures in the layout of vLLM's benchmark.
func (s *serving) printTable(out io.Writer, f *summary) {
	o := &s.figures
	heading(out, " Serving Benchmark Result ", "=")
	whole(out, "Successful requests:", f.completed)
	whole(out, "Failed requests:", f.failed)
	if f.unsent > 0 {
		whole(out, "Requests not sent:", f.unsent)
	}
	if s.load.concurrency > 0 {
		whole(out, "Maximum request concurrency:", s.load.concurrency)
	}
	if s.load.rampUp == "" && !math.IsInf(s.rate, 1) {
		decimal(out, "Request rate configured (RPS):", s.rate)
	}
	decimal(out, "Benchmark duration (s):", f.duration)
	whole(out, "Total input tokens:", f.input)
	whole(out, "Total generated tokens:", f.output)
	decimal(out, "Request throughput (req/s):", f.requestRate)
	if len(o.goodput) > 0 {
		decimal(out, "Request goodput (req/s):", f.goodput)
	}
	decimal(out, "Output token throughput (tok/s):", f.outputRate)
	decimal(out, "Peak output token throughput (tok/s):", f.peakTokens)
	decimal(out, "Peak concurrent requests:", float64(f.peakRequests))
	decimal(out, "Total token throughput (tok/s):", f.tokenRate)
	for _, metric := range o.metrics {
		title, short := titles(metric)
		printStats(out, title, short, f.metric(metric), o.percentiles)
	}
	if s.load.concurrency > 0 {
		printStats(out, "Wait for a slot (not in TTFT)", "wait", f.wait, percentiles{50, 99})
	}
	fmt.Fprintln(out, strings.Repeat("=", tableWidth))
}

func titles(metric string) (title, short string) {
	switch metric {
	case "ttft":
		return "Time to First Token", "TTFT"
	case "tpot":
		return "Time per Output Token (excl. 1st token)", "TPOT"
	case "itl":
		return "Inter-token Latency", "ITL"
	}
	return "End-to-end Latency", "E2EL"
}

func printStats(out io.Writer, title, short string, of stats, list percentiles) {
	heading(out, title, "-")
	decimal(out, "Mean "+short+" (ms):", of.mean)
	decimal(out, "Median "+short+" (ms):", of.median)
	for i, p := range list {
		decimal(out, "P"+percentileName(p)+" "+short+" (ms):", of.percentiles[i])
	}
}

// heading prints a centred title. As in Python, the odd character goes to the right.
func heading(out io.Writer, title, fill string) {
	left := max(0, (tableWidth-len(title))/2)
	right := max(0, tableWidth-len(title)-left)
	fmt.Fprintln(out, strings.Repeat(fill, left)+title+strings.Repeat(fill, right))
}

// whole prints a line with an integer.
func whole(out io.Writer, name string, n int) { fmt.Fprintf(out, "%-40s %-10d\n", name, n) }

// decimal prints a line with a number of two decimals.
func decimal(out io.Writer, name string, f float64) { fmt.Fprintf(out, "%-40s %-10.2f\n", name, f) }
