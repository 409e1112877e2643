package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/data/trace"
)

// stats prints the statistics of a trace.
func (cmd *tool) stats() *cli.Command {
	return &cli.Command{Name: "stats", Flags: []cli.Flag{unitFlag(), &cli.IntFlag{Name: "block-size", Category: reading, Usage: "`N` tokens per hash id", DefaultText: "detected"}}, Action: func(c *cli.Context) error {
		t, err := open(c)
		if err != nil {
			return err
		}
		cmd.warn(t)
		return cmd.print(t, trace.NewStats(t, c.Int("block-size")))
	}}
}

func (cmd *tool) print(t *trace.Trace, s trace.Stats) error {
	w := tabwriter.NewWriter(cmd.Out, 0, 0, 2, ' ', 0)
	line := func(name, format string, values ...any) { fmt.Fprintf(w, name+"\t"+format+"\n", values...) }
	line("format", "%s, times in %s", t.Format, t.Unit)
	if t.UnitReason != "" {
		line("", "%s", t.UnitReason)
	}
	line("requests", "%d, %d invalid lines skipped", len(t.Requests), t.InvalidCount)
	line("sorted", "%t", t.Sorted)
	line("span", "%.3f s, %d distinct times, longest gap %.3f s", s.Span.Seconds(), s.Instants, s.LongestGap.Seconds())
	line("rate", "%.4g requests/s; busiest second %d, busiest minute %d", s.Rate, s.BusiestSecond, s.BusiestMinute)
	if s.BlockSize > 0 {
		line("block size", "%d tokens, consistent with %.1f %% of the requests", s.BlockSize, 100*s.Explained)
		line("blocks", "%d, %d distinct, %d of them used once", s.BlockCounts.Sum, s.UniqueBlocks, s.UsedOnce)
		line("ideal reuse", "%.1f %% of the blocks, %.1f %% of the prompt tokens", 100*s.Ideal.BlockRatio(), 100*s.Ideal.TokenRatio())
		line("conversations", "%d", s.Conversations)
	} else {
		line("blocks", "none: the trace has no hash ids")
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(cmd.Out)
	w = tabwriter.NewWriter(cmd.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "tokens\tmin\tp50\tmean\tp90\tp99\tmax\tsum\t")
	for _, row := range []struct {
		name string
		trace.Distribution
	}{{"prompt", s.Input}, {"answer", s.Output}, {"total", s.Total}, {"blocks", s.BlockCounts}} {
		if row.Sum > 0 {
			fmt.Fprintf(w, "%s\t%d\t%d\t%.1f\t%d\t%d\t%d\t%d\t\n", row.name, row.Min, row.P50, row.Mean, row.P90, row.P99, row.Max, row.Sum)
		}
	}
	return w.Flush()
}
