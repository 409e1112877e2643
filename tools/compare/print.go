package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/LMCache/LMBench/tools/results/suite"
)

// print is one pair's table.
func (p *pair) print(out io.Writer, findings []finding) error {
	fmt.Fprintf(out, "\n%s\n", p.name)
	for _, side := range []struct {
		name string
		*suite.Point
	}{{"A", p.a}, {"B", p.b}} {
		fmt.Fprintf(out, "  %s: %s\n", side.name, told(side.Point))
	}
	if len(findings) == 1 && !findings[0].kept {
		_, err := fmt.Fprintf(out, "  %s: %s\n", findings[0].word, findings[0].why)
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "\tA\tB\tB-A\t95 % interval\t\t\n")
	for _, f := range findings {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\t  %s\t\n", f.metric, f.value(f.a), f.value(f.b), f.change(f.difference), f.span(), f.judgement())
	}
	return table.Flush()
}

// told is a side in words.
func told(p *suite.Point) string {
	when := p.Measured.UTC().Format("2006-01-02 15:04 UTC")
	if p.Failed != nil {
		return fmt.Sprintf("%s, %s, FAILED", p.Baseline, when)
	}
	text := fmt.Sprintf("%s, %s, %d ok, %d failed, %s requests/s sent, %s tokens/s", p.Baseline, when, p.Results.OK, p.Results.Failed,
		number(p.Results.Achieved), number(p.Results.OutputRate))
	if p.Verdict.Level != "" {
		text += ", " + string(p.Verdict.Level)
	}
	return text
}

func number(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return fmt.Sprintf("%.2f", v)
}

func (f *finding) value(v float64) string { return number(v) + " " + f.unit }

func (f *finding) change(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "-"
	}
	if f.points {
		return fmt.Sprintf("%+.2f pt", 100*v)
	}
	return fmt.Sprintf("%+.1f %%", 100*v)
}

func (f *finding) span() string {
	if !f.kept {
		return "-"
	}
	return f.change(f.interval.low) + " … " + f.change(f.interval.high)
}

func (f *finding) judgement() string {
	if f.word == open {
		return "not judged: " + f.why
	}
	return string(f.word)
}

// conclude says in words what was found, and fails on a regression.
func conclude(out io.Writer, findings []finding, o options) error {
	var metrics []string
	counts := map[word]int{}
	for _, f := range findings {
		if !slices.Contains(metrics, f.metric) {
			metrics = append(metrics, f.metric)
		}
		counts[f.word]++
	}
	judged := len(findings) - counts[open]
	fmt.Fprintf(out, "\nConclusion: of %d figures, B is worse in %d, better in %d, and in %d there is no clear difference; %d were not judged.\n",
		len(findings), counts[worse], counts[better], counts[unclear], counts[open])
	for _, metric := range metrics {
		fmt.Fprintf(out, "  %s: %s\n", metric, summary(slices.DeleteFunc(slices.Clone(findings), func(f finding) bool { return f.metric != metric })))
	}
	if math.IsNaN(o.failOver) {
		return nil
	}
	limit := fmt.Sprintf("%g %%", o.failOver*100)
	if n := regressions(out, findings, o.failOver, limit); n > 0 {
		return fmt.Errorf("worse by more than %s in %d of %d figures", limit, n, judged)
	}
	if judged == 0 {
		return fmt.Errorf("nothing could be judged, see why above")
	}
	fmt.Fprintf(out, "  Nothing is surely worse by more than %s.\n", limit)
	return nil
}

// regressions are told point by point.
func regressions(out io.Writer, findings []finding, limit float64, text string) (n int) {
	var points []*pair
	metrics := map[*pair][]string{}
	for _, f := range findings {
		if !f.regression(limit) {
			continue
		}
		if n++; metrics[f.pair] == nil {
			points = append(points, f.pair)
		}
		metrics[f.pair] = append(metrics[f.pair], f.metric)
	}
	for _, p := range points {
		fmt.Fprintf(out, "  worse by more than %s, %s: %s\n", text, p.name, strings.Join(metrics[p], ", "))
	}
	return n
}

// summary of one metric over all pairs.
func summary(findings []finding) string {
	counts := map[word]int{}
	most := map[word]*finding{}
	for i := range findings {
		f := &findings[i]
		counts[f.word]++
		if m := most[f.word]; m == nil || math.Abs(f.difference) > math.Abs(m.difference) {
			most[f.word] = f
		}
	}
	var parts []string
	for _, w := range []word{worse, better, unclear, open} {
		n := counts[w]
		if n == 0 {
			continue
		}
		text := fmt.Sprintf("%s at %d of %d points", w, n, len(findings))
		if f := most[w]; (w == worse || w == better) && !math.IsNaN(f.difference) {
			text += fmt.Sprintf(" (most: %s, %s)", f.change(f.difference), f.pair.name)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}
