package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/results/suite"
)

//go:embed help.txt
var help string

// usageError is a mistake on the command line.
type usageError struct{ error }

// options are what to draw and where to.
type options struct {
	suite.Selection
	goals   goals
	output  string
	noPNG   bool
	results string // 4-latest-results
	now     time.Time
}

// run is the whole command.
func run(ctx context.Context, arguments []string, stdout, stderr io.Writer, now time.Time) error {
	app := &cli.App{
		Name: "report", Writer: stdout, ErrWriter: stderr,
		CustomAppHelpTemplate: help,
		HideHelpCommand:       true,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "goodput", EnvVars: []string{"LMBENCH_GOODPUT"}},
			&cli.StringFlag{Name: "root"}, &cli.StringFlag{Name: "output"}, &cli.BoolFlag{Name: "no-png"},
		},
		DisableSliceFlagSeparator: true,
		OnUsageError:              func(_ *cli.Context, err error, _ bool) error { return usageError{err} },
		ExitErrHandler:            func(*cli.Context, error) {}, // status decides, not cli
		Action: func(c *cli.Context) error {
			o, err := parse(c, now)
			if err != nil {
				return usageError{err}
			}
			return write(ctx, stdout, stderr, o)
		},
	}
	return app.RunContext(ctx, arguments)
}

// parse checks all arguments at once.
func parse(c *cli.Context, now time.Time) (options, error) {
	o := options{output: c.String("output"), noPNG: c.Bool("no-png"), now: now}
	root := c.String("root")
	if root == "" {
		root = suite.Root(".")
	}
	o.results = filepath.Join(root, "4-latest-results")
	var err, argument, selection error
	o.goals, err = parseGoals(c.StringSlice("goodput"))
	if c.NArg() != 1 {
		argument = fmt.Errorf("want one SUITE after the flags, got %q", c.Args().Slice())
	} else if o.Selection, selection = suite.Select(c.Args().First(), o.results); selection != nil {
		selection = fmt.Errorf("%q: %w", c.Args().First(), selection)
	}
	if o.output == "" {
		o.output = filepath.Join(o.Dir, "report")
	}
	return o, errors.Join(err, argument, selection)
}

// write makes the page and the pictures.
func write(ctx context.Context, stdout, stderr io.Writer, o options) error {
	points, unreadable, err := suite.Read(o.Selection)
	if err != nil {
		return err
	}
	for _, file := range unreadable {
		fmt.Fprintf(stderr, "warning: left out: %s: %v\n", file.Path, file.Err)
	}
	if len(points) == 0 {
		return fmt.Errorf("%s holds no results", o.Text)
	}
	runs, err := sampled(ctx, points, o.goals)
	if err != nil {
		return err
	}
	for _, r := range runs {
		switch {
		case r.warning != nil && r.sample != nil:
			fmt.Fprintf(stderr, "warning: not all requests: %v\n", r.warning)
		case r.warning != nil:
			fmt.Fprintf(stderr, "warning: without its requests: %v\n", r.warning)
		}
	}
	page := compose(runs, unreadable, o)
	if err := page.write(ctx, o); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "report: %s\n", filepath.Join(o.output, "index.html"))
	return nil
}

// status is the exit status, and prints why it is not 0.
func status(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "report: %v\n", err)
	if usage := (usageError{}); errors.As(err, &usage) {
		return 2
	}
	return 1
}
