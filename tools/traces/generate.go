package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/data/trace"
)

// generate writes a synthetic trace. Its name on the command line is make.
func (cmd *tool) generate() *cli.Command {
	return &cli.Command{Name: "make", Flags: []cli.Flag{
		outputFlag(),
		styleFlag(trace.Mooncake),
		&cli.Uint64Flag{Name: "seed", Value: 1, Category: making, Usage: "`N` seed of the random numbers"},
		&cli.IntFlag{Name: "requests", Value: 1000, Category: making, Usage: "`N` number of requests"},
		&cli.Float64Flag{Name: "rate", Value: 1, Category: making, Usage: "`R` requests per second"},
		&cli.Float64Flag{Name: "variation", Value: 1, Category: making, Usage: "`V` coefficient of variation of the times between arrivals: 0 even, 1 Poisson, above 1 bursts"},
		&cli.IntFlag{Name: "batch", Value: 1, Category: making, Usage: "`N` requests that arrive at the same instant"},
		&cli.Float64Flag{Name: "input-median", Value: 500, Category: making, Usage: "`M` tokens that a request adds to its conversation: median of a log-normal distribution"},
		&cli.Float64Flag{Name: "input-sigma", Value: 1, Category: making, Usage: "`S` standard deviation of their logarithm"},
		&cli.Float64Flag{Name: "output-median", Value: 150, Category: making, Usage: "`M` tokens of an answer: median of a log-normal distribution"},
		&cli.Float64Flag{Name: "output-sigma", Value: 0.8, Category: making, Usage: "`S` standard deviation of their logarithm"},
		&cli.IntFlag{Name: "longest", Value: 32768, Category: making, Usage: "`N` limit of tokens, prompt and answer together"},
		&cli.IntFlag{Name: "block-size", Value: 512, Category: making, Usage: "`N` tokens per block"},
		&cli.IntFlag{Name: "systems", Value: 4, Category: making, Usage: "`N` number of system prompts, each half as frequent as the previous one"},
		&cli.IntFlag{Name: "system-blocks", Value: 2, Category: making, Usage: "`N` blocks of a system prompt"},
		&cli.Float64Flag{Name: "continue", Value: 0.5, Category: making, Usage: "`P` share of the requests that continue a conversation"},
	}, Action: func(c *cli.Context) error {
		style, err := parseStyle(c.String("to"))
		if err != nil {
			return command.Usagef("--to: %w", err)
		}
		if c.NArg() > 0 {
			return command.Usagef("unexpected argument %q", c.Args().First())
		}
		config := trace.GenConfig{
			Seed: c.Uint64("seed"), Requests: c.Int("requests"), Rate: c.Float64("rate"), Variation: c.Float64("variation"), Batch: c.Int("batch"),
			Input:     trace.LogNormal{Median: c.Float64("input-median"), Sigma: c.Float64("input-sigma")},
			Output:    trace.LogNormal{Median: c.Float64("output-median"), Sigma: c.Float64("output-sigma")},
			MaxTokens: c.Int("longest"), BlockSize: c.Int("block-size"),
			SystemPrompts: c.Int("systems"), SystemBlocks: c.Int("system-blocks"), Continue: c.Float64("continue"),
		}
		if err := check(config); err != nil {
			return command.Usage(err)
		}
		return cmd.write(c, func(w io.Writer) error { return trace.Write(w, trace.Generate(config), style) })
	}}
}

// check returns an error for every flag that is out of range.
func check(g trace.GenConfig) error {
	var errs []error
	for _, flag := range []struct {
		name            string
		value, min, max float64
	}{
		{"requests", float64(g.Requests), 1, 1e7},
		{"rate", g.Rate, 1e-6, 1e6},
		{"variation", g.Variation, 0, 10},
		{"batch", float64(g.Batch), 1, 1e6},
		{"input-median", g.Input.Median, 1, 1e7},
		{"input-sigma", g.Input.Sigma, 0, 5},
		{"output-median", g.Output.Median, 1, 1e7},
		{"output-sigma", g.Output.Sigma, 0, 5},
		{"longest", float64(g.MaxTokens), 10, 1e7},
		{"block-size", float64(g.BlockSize), trace.MinBlockSize, trace.MaxBlockSize},
		{"systems", float64(g.SystemPrompts), 1, 1e6},
		{"system-blocks", float64(g.SystemBlocks), 0, 1e4},
		{"continue", g.Continue, 0, 1},
	} {
		if !(flag.value >= flag.min && flag.value <= flag.max) {
			errs = append(errs, fmt.Errorf("--%s: want a number between %v and %v, got %v", flag.name, flag.min, flag.max, flag.value))
		}
	}
	return errors.Join(errs...)
}
