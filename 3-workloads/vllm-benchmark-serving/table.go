package main

import (
	"fmt"
	"io"
	"math"
	"strings"
)

const tableWidth = 50

// printTable is the table that vLLM's users know.
func (s *serving) printTable(out io.Writer, f *figures) {
	asked := &s.options.figures
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
	if len(asked.goodput) > 0 {
		decimal(out, "Request goodput (req/s):", f.goodput)
	}
	decimal(out, "Output token throughput (tok/s):", f.outputRate)
	decimal(out, "Peak output token throughput (tok/s):", f.peakTokens)
	decimal(out, "Peak concurrent requests:", float64(f.peakRequests))
	decimal(out, "Total token throughput (tok/s):", f.tokenRate)
	for _, metric := range asked.metrics {
		title, short := titles(metric)
		printSpread(out, title, short, f.named(metric), asked.percentiles)
	}
	if s.load.concurrency > 0 {
		printSpread(out, "Wait for a slot (not in TTFT)", "wait", f.wait, percentiles{50, 99})
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

func printSpread(out io.Writer, title, short string, of spread, asked percentiles) {
	heading(out, title, "-")
	decimal(out, "Mean "+short+" (ms):", of.mean)
	decimal(out, "Median "+short+" (ms):", of.median)
	for i, p := range asked {
		decimal(out, "P"+percentileName(p)+" "+short+" (ms):", of.percentiles[i])
	}
}

// heading is centred as Python centres: an odd character goes to the right.
func heading(out io.Writer, title, fill string) {
	left := max(0, (tableWidth-len(title))/2)
	right := max(0, tableWidth-len(title)-left)
	fmt.Fprintln(out, strings.Repeat(fill, left)+title+strings.Repeat(fill, right))
}

func whole(out io.Writer, name string, n int) { fmt.Fprintf(out, "%-40s %-10d\n", name, n) }

func decimal(out io.Writer, name string, f float64) { fmt.Fprintf(out, "%-40s %-10.2f\n", name, f) }
