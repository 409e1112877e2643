package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/suite"
)

// print prints the comparisons of a pair as a table.
func (p *pair) print(out io.Writer, comparisons []comparison) error {
	fmt.Fprintf(out, "\n%s\n", p.name)
	fmt.Fprintf(out, "  A: %s\n", describe(p.a))
	fmt.Fprintf(out, "  B: %s\n", describe(p.b))
	if len(comparisons) == 1 && !comparisons[0].hasInterval {
		_, err := fmt.Fprintf(out, "  %s: %s\n", comparisons[0].conclusion, comparisons[0].reason)
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "\tA\tB\tB-A\t95 % interval\t\t\n")
	for _, c := range comparisons {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\t  %s\t\n", c.metric, c.value(c.a), c.value(c.b), c.change(c.difference), c.intervalText(), c.conclusionText())
	}
	return table.Flush()
}

// describe describes one side of a pair.
func describe(p *suite.Point) string {
	text := p.Baseline + ", " + p.Measured.UTC().Format("2006-01-02 15:04 UTC")
	if p.Failed != nil {
		return text + ", FAILED"
	}
	text += fmt.Sprintf(", %d ok, %d failed, %s requests/s sent, %s tokens/s", p.Results.OK, p.Results.Failed,
		format.Number(p.Results.Achieved), format.Number(p.Results.OutputRate))
	if p.Verdict.Level != "" {
		text += ", " + string(p.Verdict.Level)
	}
	return text
}

func (c *comparison) value(v float64) string { return format.Number(v) + " " + c.unit }

func (c *comparison) change(v float64) string {
	if c.inPoints {
		return format.Points(v)
	}
	return format.Change(v)
}

func (c *comparison) intervalText() string {
	if !c.hasInterval {
		return format.Missing
	}
	return c.change(c.interval.low) + " … " + c.change(c.interval.high)
}

func (c *comparison) conclusionText() string {
	if c.conclusion == inconclusive {
		return string(inconclusive) + ": " + c.reason
	}
	return string(c.conclusion)
}

// summarize prints a summary of all comparisons. It returns an error if there is a
// regression beyond --fail-over.
func summarize(out io.Writer, comparisons []comparison, o options) error {
	var metrics []string
	byMetric := map[string][]comparison{}
	counts := map[conclusion]int{}
	for _, c := range comparisons {
		if byMetric[c.metric] == nil {
			metrics = append(metrics, c.metric)
		}
		byMetric[c.metric] = append(byMetric[c.metric], c)
		counts[c.conclusion]++
	}
	fmt.Fprintf(out, "\nSummary of %d comparisons: B is worse in %d and better in %d; %d show no significant difference; %d are inconclusive.\n",
		len(comparisons), counts[worse], counts[better], counts[noDifference], counts[inconclusive])
	for _, metric := range metrics {
		fmt.Fprintf(out, "  %s: %s\n", metric, summarizeMetric(byMetric[metric]))
	}
	if math.IsNaN(o.failOver) {
		return nil
	}
	limit := format.Percent(o.failOver)
	conclusive := len(comparisons) - counts[inconclusive]
	if n := printRegressions(out, comparisons, o.failOver, limit); n > 0 {
		return fmt.Errorf("significantly worse by more than %s in %d of %d comparisons", limit, n, conclusive)
	}
	if conclusive == 0 {
		return errors.New("every comparison is inconclusive, for the reasons above")
	}
	fmt.Fprintf(out, "  Nothing is significantly worse by more than %s.\n", limit)
	return nil
}

// printRegressions prints the regressions beyond a limit by pair and returns their
// number.
func printRegressions(out io.Writer, comparisons []comparison, limit float64, limitText string) (n int) {
	var pairs []*pair
	metrics := map[*pair][]string{}
	for _, c := range comparisons {
		if !c.isRegression(limit) {
			continue
		}
		if n++; metrics[c.pair] == nil {
			pairs = append(pairs, c.pair)
		}
		metrics[c.pair] = append(metrics[c.pair], c.metric)
	}
	for _, p := range pairs {
		fmt.Fprintf(out, "  significantly worse by more than %s, %s: %s\n", limitText, p.name, strings.Join(metrics[p], ", "))
	}
	return n
}

// summarizeMetric summarizes the comparisons of one metric over all pairs.
func summarizeMetric(comparisons []comparison) string {
	var parts []string
	for _, conclusion := range []conclusion{worse, better, noDifference, inconclusive} {
		some := slices.DeleteFunc(slices.Clone(comparisons), func(c comparison) bool { return c.conclusion != conclusion })
		if len(some) == 0 {
			continue
		}
		text := fmt.Sprintf("%s at %d of %d points", conclusion, len(some), len(comparisons))
		largest := some[0]
		for _, c := range some {
			if math.Abs(c.difference) > math.Abs(largest.difference) {
				largest = c
			}
		}
		if (conclusion == worse || conclusion == better) && !math.IsNaN(largest.difference) {
			text += fmt.Sprintf(" (largest: %s, %s)", largest.change(largest.difference), largest.pair.name)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}
