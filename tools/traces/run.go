package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/data/trace"
)

//go:embed help.txt
var help string

// usageError is an error in the arguments.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// command is the program with its output streams.
type command struct {
	stdout, stderr io.Writer
}

// run runs a command line.
func run(args []string, stdout, stderr io.Writer) error {
	cmd := &command{stdout, stderr}
	showHelp := false
	app := &cli.App{
		Name: "traces", Writer: io.Discard, ErrWriter: io.Discard,
		HideHelp: true, HideVersion: true, DisableSliceFlagSeparator: true,
		Flags:          []cli.Flag{&cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Destination: &showHelp}},
		ExitErrHandler: func(*cli.Context, error) {}, // report sets the exit code
		OnUsageError:   func(_ *cli.Context, err error, _ bool) error { return usageError{err} },
		Action: func(c *cli.Context) error {
			if showHelp {
				_, err := io.WriteString(stdout, help)
				return err
			}
			if c.NArg() == 0 {
				return usageError{errors.New("want one of stats, validate, sort, convert, make")}
			}
			return usageError{fmt.Errorf("unknown command %q: want one of stats, validate, sort, convert, make", c.Args().First())}
		},
	}
	for _, sub := range []*cli.Command{cmd.stats(), cmd.validate(), cmd.sort(), cmd.convert(), cmd.generate()} {
		action := sub.Action
		sub.Flags = append(sub.Flags, &cli.BoolFlag{Name: "help", Aliases: []string{"h"}})
		sub.HideHelp, sub.OnUsageError = true, app.OnUsageError
		sub.Action = func(c *cli.Context) error {
			if c.Bool("help") {
				_, err := io.WriteString(stdout, help)
				return err
			}
			return action(c)
		}
		app.Commands = append(app.Commands, sub)
	}
	return app.Run(append([]string{app.Name}, args...))
}

// report prints an error and returns the exit code: 0 without one, 2 for an
// error in the arguments, else 1.
func report(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "traces: %v\n", err)
	if usage := (usageError{}); errors.As(err, &usage) {
		fmt.Fprintln(stderr, "run traces --help for commands and flags")
		return 2
	}
	return 1
}

// unitFlag belongs to every command that reads a trace.
func unitFlag() cli.Flag { return &cli.StringFlag{Name: "time-unit", Value: "auto"} }

// outputFlag belongs to every command that writes a trace.
func outputFlag() cli.Flag { return &cli.StringFlag{Name: "output"} }

// open reads the trace file of the command line.
func open(c *cli.Context) (*trace.Trace, error) {
	unit, err := trace.ParseUnit(c.String("time-unit"))
	if err != nil {
		return nil, usageError{fmt.Errorf("--time-unit: %w", err)}
	}
	if c.NArg() != 1 {
		return nil, usageError{fmt.Errorf("%s: want one trace file, got %d", c.Command.Name, c.NArg())}
	}
	return trace.Open(c.Args().First(), unit)
}

// warn lists the first invalid lines of a trace.
func (cmd *command) warn(t *trace.Trace) {
	const limit = 10
	for _, line := range t.Invalid[:min(limit, len(t.Invalid))] {
		fmt.Fprintf(cmd.stderr, "skipped: %v\n", line)
	}
	if t.InvalidCount > limit {
		fmt.Fprintf(cmd.stderr, "skipped: %d more lines\n", t.InvalidCount-limit)
	}
}

// write writes a trace to stdout, or replaces the file of --output when it is
// complete. It refuses to overwrite the input.
func (cmd *command) write(c *cli.Context, write func(io.Writer) error) error {
	path := c.String("output")
	if path == "" {
		return write(cmd.stdout)
	}
	if input, err := os.Stat(c.Args().First()); err == nil {
		if output, err := os.Stat(path); err == nil && os.SameFile(input, output) {
			return usageError{fmt.Errorf("--output: %s is the input: want another file", path)}
		}
	}
	file, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithStaticPermissions(0o644))
	if err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	defer file.Cleanup()
	if err := write(file); err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	return file.CloseAtomicallyReplace()
}
