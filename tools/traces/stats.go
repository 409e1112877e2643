package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/data/trace"
)

func (c *command) stats() *cli.Command {
	return &cli.Command{Name: "stats", Flags: []cli.Flag{unitFlag(), &cli.IntFlag{Name: "block-size"}}, Action: func(context *cli.Context) error {
		t, err := open(context)
		if err != nil {
			return err
		}
		c.warn(t)
		return c.print(t, trace.NewStats(t, context.Int("block-size")))
	}}
}

func (c *command) print(t *trace.Trace, s trace.Stats) error {
	w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	line := func(name, format string, values ...any) { fmt.Fprintf(w, name+"\t"+format+"\n", values...) }
	line("format", "%s, times in %s", t.Format, t.Unit)
	if t.Guessed != "" {
		line("", "%s", t.Guessed)
	}
	line("requests", "%d, %d lines left out", len(t.Requests), t.Faulty)
	line("in order", "%t", t.Sorted)
	line("span", "%.3f s, %d different instants, longest gap %.3f s", s.Span.Seconds(), s.Instants, s.LongestGap.Seconds())
	line("rate", "%.4g requests/s; busiest second %d, busiest minute %d", s.Rate, s.BusiestSecond, s.BusiestMinute)
	if s.BlockSize > 0 {
		line("block size", "%d tokens, explains %.1f %% of the requests", s.BlockSize, 100*s.Explained)
		line("blocks", "%d in all, %d different, %d of them used once", s.BlockCounts.Sum, s.UniqueBlocks, s.UsedOnce)
		line("ideal reuse", "%.1f %% of the blocks, %.1f %% of the prompt tokens", 100*s.Ideal.BlockRatio(), 100*s.Ideal.TokenRatio())
		line("conversations", "%d", s.Conversations)
	} else {
		line("blocks", "none: the trace has no hash ids")
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(c.stdout)
	w = tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "tokens\tmin\tp50\tmean\tp90\tp99\tmax\tsum\t")
	for _, row := range []struct {
		name string
		trace.Lengths
	}{{"prompt", s.Input}, {"answer", s.Output}, {"both", s.Together}, {"blocks", s.BlockCounts}} {
		if row.Sum > 0 {
			fmt.Fprintf(w, "%s\t%d\t%d\t%.1f\t%d\t%d\t%d\t%d\t\n", row.name, row.Min, row.P50, row.Mean, row.P90, row.P99, row.Max, row.Sum)
		}
	}
	return w.Flush()
}
