package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/checkout"
	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/results/suite"
)

//go:embed help.txt
var help string

// options say what to compare, and how.
type options struct {
	a, b      suite.Selection
	failOver  float64 // a fraction; NaN means never fail
	resamples int
	seed      uint64
}

// run runs the command.
func run(ctx context.Context, args []string, s command.Streams) error {
	app := &cli.App{
		Name: "compare",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "fail-over", Usage: "exit with 1 if B is significantly worse by more than `PERCENT`, such as 5%: if the whole interval of a difference lies above it, or if a point failed in B but not in A"},
			&cli.IntFlag{Name: "resamples", Value: 1000, Usage: "`N` resamples of the requests for an interval"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "`N` seed of the resamples"},
			&cli.StringFlag{Name: "root", Usage: "`DIR` folder that holds 4-latest-results", DefaultText: "the first such folder from the working directory upwards"},
		},
		Action: func(c *cli.Context) error {
			o, err := parse(c)
			if err != nil {
				return command.Usage(err)
			}
			return compare(ctx, s.Out, s.Err, o)
		},
	}
	return command.Run(ctx, app, help, args, s)
}

// parse reports every wrong argument, not only the first.
func parse(c *cli.Context) (options, error) {
	o := options{failOver: math.NaN(), resamples: c.Int("resamples"), seed: c.Uint64("seed")}
	var errs []error
	if text := c.String("fail-over"); text != "" {
		percent, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
		if err != nil || !(percent >= 0) || math.IsInf(percent, 0) {
			errs = append(errs, fmt.Errorf("--fail-over: invalid limit %q: want a percentage, such as 5%%", text))
		}
		o.failOver = percent / 100
	}
	if o.resamples < 100 {
		errs = append(errs, fmt.Errorf("--resamples: got %d, want at least 100", o.resamples))
	}
	results := checkout.Results(".")
	if root := c.String("root"); root != "" {
		results = filepath.Join(root, "4-latest-results")
	}
	if c.NArg() != 2 {
		errs = append(errs, fmt.Errorf("want two arguments, A and B, after the flags; got %q", c.Args().Slice()))
		return o, errors.Join(errs...)
	}
	for i, selection := range []*suite.Selection{&o.a, &o.b} {
		var err error
		if *selection, err = suite.Select(c.Args().Get(i), results); err != nil {
			errs = append(errs, fmt.Errorf("%q: %w", c.Args().Get(i), err))
		}
	}
	return o, errors.Join(errs...)
}

// compare reads both sides and compares them pair by pair.
func compare(ctx context.Context, stdout, stderr io.Writer, o options) error {
	var sides [2][]suite.Point
	for i, selection := range []suite.Selection{o.a, o.b} {
		points, unreadable, err := suite.Read(selection)
		if err != nil {
			return err
		}
		for _, file := range unreadable {
			fmt.Fprintf(stderr, "warning: skipped %s: %v\n", file.Path, file.Err)
		}
		sides[i] = points
	}
	pairs, notes := match(sides[0], sides[1])
	for _, note := range notes {
		fmt.Fprintf(stderr, "note: %s\n", note)
	}
	if len(pairs) == 0 {
		return fmt.Errorf("nothing to compare: %s and %s have no point in common", o.a.Text, o.b.Text)
	}
	fmt.Fprintf(stdout, "A: %s\nB: %s\n", o.a.Text, o.b.Text)
	var comparisons []comparison
	for i, pair := range pairs {
		if err := ctx.Err(); err != nil {
			return err
		}
		some, err := pair.compare(o, uint64(i))
		if err != nil {
			return err
		}
		if err := pair.print(stdout, some); err != nil {
			return err
		}
		comparisons = append(comparisons, some...)
	}
	return summarize(stdout, comparisons, o)
}
