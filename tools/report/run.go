package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/checkout"
	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/results/goodput"
	"github.com/LMCache/LMBench/tools/results/suite"
)

//go:embed help.txt
var help string

// options say what to draw and where to write it.
type options struct {
	suite.Selection
	goals   goodput.Goals
	output  string
	noPNG   bool
	results string // 4-latest-results
	now     time.Time
}

// run runs the command.
func run(ctx context.Context, args []string, s command.Streams, now time.Time) error {
	app := &cli.App{
		Name: "report",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{
				Name: "goodput", EnvVars: []string{"LMBENCH_GOODPUT"},
				Usage: "`GOAL` ttft:500, tpot:50 or e2el:2000, in milliseconds; may be repeated, or separated by spaces. Goodput is the successful requests per second that meet every goal",
			},
			&cli.StringFlag{Name: "root", Usage: "`DIR` folder that holds 4-latest-results", DefaultText: "the first such folder from the working directory upwards"},
			&cli.StringFlag{Name: "output", Usage: "`DIR` folder to write to", DefaultText: "SUITE/report"},
			&cli.BoolFlag{Name: "no-png", Usage: "write only the page"},
		},
		Action: func(c *cli.Context) error {
			o, err := parse(c, now)
			if err != nil {
				return command.Usage(err)
			}
			return write(ctx, s.Out, s.Err, o)
		},
	}
	return command.Run(ctx, app, help, args, s)
}

// parse reports every wrong argument, not only the first.
func parse(c *cli.Context, now time.Time) (options, error) {
	o := options{output: c.String("output"), noPNG: c.Bool("no-png"), now: now}
	o.results = checkout.Results(".")
	if root := c.String("root"); root != "" {
		o.results = filepath.Join(root, "4-latest-results")
	}
	var err, argument, selection error
	if o.goals, err = goodput.Parse(strings.Join(c.StringSlice("goodput"), " ")); err != nil {
		err = fmt.Errorf("--goodput: %w", err)
	}
	if c.NArg() != 1 {
		argument = fmt.Errorf("want one argument, SUITE, after the flags; got %q", c.Args().Slice())
	} else if o.Selection, selection = suite.Select(c.Args().First(), o.results); selection != nil {
		selection = fmt.Errorf("%q: %w", c.Args().First(), selection)
	}
	if o.output == "" {
		o.output = filepath.Join(o.Dir, "report")
	}
	return o, errors.Join(err, argument, selection)
}

// write reads the results and writes the page and the pictures.
func write(ctx context.Context, stdout, stderr io.Writer, o options) error {
	points, unreadable, err := suite.Read(o.Selection)
	if err != nil {
		return err
	}
	for _, file := range unreadable {
		fmt.Fprintf(stderr, "warning: skipped %s: %v\n", file.Path, file.Err)
	}
	if len(points) == 0 {
		return fmt.Errorf("no results in %s", o.Text)
	}
	measurements, err := readSamples(ctx, points, o.goals)
	if err != nil {
		return err
	}
	for _, m := range measurements {
		switch {
		case m.warning != nil && m.sample != nil:
			fmt.Fprintf(stderr, "warning: some requests are missing from the figures: %v\n", m.warning)
		case m.warning != nil:
			fmt.Fprintf(stderr, "warning: figures without single requests: %v\n", m.warning)
		}
	}
	page := compose(measurements, unreadable, o)
	if err := page.write(ctx, o); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "report: %s\n", filepath.Join(o.output, "index.html"))
	return nil
}
