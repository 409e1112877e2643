package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/data/trace"
)

func (c *command) make() *cli.Command {
	return &cli.Command{Name: "make", Flags: []cli.Flag{
		outputFlag(),
		&cli.StringFlag{Name: "to", Value: string(trace.Mooncake)},
		&cli.Uint64Flag{Name: "seed", Value: 1},
		&cli.IntFlag{Name: "requests", Value: 1000},
		&cli.Float64Flag{Name: "rate", Value: 1},
		&cli.Float64Flag{Name: "variation", Value: 1},
		&cli.IntFlag{Name: "batch", Value: 1},
		&cli.Float64Flag{Name: "input-median", Value: 500},
		&cli.Float64Flag{Name: "input-sigma", Value: 1},
		&cli.Float64Flag{Name: "output-median", Value: 150},
		&cli.Float64Flag{Name: "output-sigma", Value: 0.8},
		&cli.IntFlag{Name: "longest", Value: 32768},
		&cli.IntFlag{Name: "block-size", Value: 512},
		&cli.IntFlag{Name: "systems", Value: 4},
		&cli.IntFlag{Name: "system-blocks", Value: 2},
		&cli.Float64Flag{Name: "continue", Value: 0.5},
	}, Action: func(context *cli.Context) error {
		style, err := styleOf(context.String("to"))
		if err != nil {
			return usageError{fmt.Errorf("--to: %w", err)}
		}
		if context.NArg() > 0 {
			return usageError{fmt.Errorf("unexpected argument %q", context.Args().First())}
		}
		recipe := trace.Recipe{
			Seed: context.Uint64("seed"), Requests: context.Int("requests"), Rate: context.Float64("rate"), Variation: context.Float64("variation"), Batch: context.Int("batch"),
			Input:   trace.Length{Median: context.Float64("input-median"), Sigma: context.Float64("input-sigma")},
			Output:  trace.Length{Median: context.Float64("output-median"), Sigma: context.Float64("output-sigma")},
			Longest: context.Int("longest"), BlockSize: context.Int("block-size"),
			Systems: context.Int("systems"), SystemBlocks: context.Int("system-blocks"), Continue: context.Float64("continue"),
		}
		if err := check(recipe); err != nil {
			return usageError{err}
		}
		return c.write(context, func(w io.Writer) error { return trace.Write(w, trace.Make(recipe), style) })
	}}
}

// check finds everything that no trace can be made of.
func check(r trace.Recipe) error {
	var problems []error
	for _, flag := range []struct {
		name  string
		value float64
		least float64
		most  float64
	}{
		{"requests", float64(r.Requests), 1, 1e7},
		{"rate", r.Rate, 1e-6, 1e6},
		{"variation", r.Variation, 0, 10},
		{"batch", float64(r.Batch), 1, 1e6},
		{"input-median", r.Input.Median, 1, 1e7},
		{"input-sigma", r.Input.Sigma, 0, 5},
		{"output-median", r.Output.Median, 1, 1e7},
		{"output-sigma", r.Output.Sigma, 0, 5},
		{"longest", float64(r.Longest), 10, 1e7},
		{"block-size", float64(r.BlockSize), trace.SmallestBlock, trace.LargestBlock},
		{"systems", float64(r.Systems), 1, 1e6},
		{"system-blocks", float64(r.SystemBlocks), 0, 1e4},
		{"continue", r.Continue, 0, 1},
	} {
		if !(flag.value >= flag.least && flag.value <= flag.most) {
			problems = append(problems, fmt.Errorf("--%s: %v is not between %v and %v", flag.name, flag.value, flag.least, flag.most))
		}
	}
	return errors.Join(problems...)
}
