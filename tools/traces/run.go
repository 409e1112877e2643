package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/data/trace"
)

//go:embed help.txt
var help string

// usageError is a mistake on the command line.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// command is one run of the program.
type command struct {
	stdout, stderr io.Writer
}

// run is the whole program.
func run(args []string, stdout, stderr io.Writer) error {
	c := &command{stdout, stderr}
	asked := false
	app := &cli.App{
		Name: "traces", Writer: io.Discard, ErrWriter: io.Discard,
		HideHelp: true, HideVersion: true, DisableSliceFlagSeparator: true,
		Flags:          []cli.Flag{&cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Destination: &asked}},
		ExitErrHandler: func(*cli.Context, error) {}, // report decides, not cli
		OnUsageError:   func(_ *cli.Context, err error, _ bool) error { return usageError{err} },
		Action: func(context *cli.Context) error {
			if asked {
				_, err := io.WriteString(stdout, help)
				return err
			}
			if context.NArg() == 0 {
				return usageError{errors.New("want one of stats, validate, sort, convert, make")}
			}
			return usageError{fmt.Errorf("unknown command %q, want one of stats, validate, sort, convert, make", context.Args().First())}
		},
	}
	for _, sub := range []*cli.Command{c.stats(), c.validate(), c.sort(), c.convert(), c.make()} {
		action := sub.Action
		sub.Flags = append(sub.Flags, &cli.BoolFlag{Name: "help", Aliases: []string{"h"}})
		sub.HideHelp, sub.OnUsageError = true, app.OnUsageError
		sub.Action = func(context *cli.Context) error {
			if context.Bool("help") {
				_, err := io.WriteString(stdout, help)
				return err
			}
			return action(context)
		}
		app.Commands = append(app.Commands, sub)
	}
	return app.Run(append([]string{app.Name}, args...))
}

// unitFlag is of every command that reads a trace.
func unitFlag() cli.Flag { return &cli.StringFlag{Name: "time-unit", Value: "auto"} }

// open reads the one file that a command is given.
func open(context *cli.Context) (*trace.Trace, error) {
	unit, err := trace.ParseUnit(context.String("time-unit"))
	if err != nil {
		return nil, usageError{fmt.Errorf("--time-unit: %w", err)}
	}
	if context.NArg() != 1 {
		return nil, usageError{fmt.Errorf("%s: want one trace file, got %d", context.Command.Name, context.NArg())}
	}
	return trace.Open(context.Args().First(), unit)
}

// warn tells of lines that a command passes over.
func (c *command) warn(t *trace.Trace) {
	for _, fault := range t.Faults[:min(10, len(t.Faults))] {
		fmt.Fprintf(c.stderr, "left out: %v\n", fault)
	}
	if t.Faulty > 10 {
		fmt.Fprintf(c.stderr, "left out: %d more lines\n", t.Faulty-10)
	}
}

// outputFlag is of every command that writes a trace.
func outputFlag() cli.Flag { return &cli.StringFlag{Name: "output"} }

// write writes to --output, never to the input itself, or to stdout. A file
// appears whole or not at all.
func (c *command) write(context *cli.Context, write func(io.Writer) error) error {
	path := context.String("output")
	if path == "" {
		return write(c.stdout)
	}
	if given, err := os.Stat(context.Args().First()); err == nil {
		if to, err := os.Stat(path); err == nil && os.SameFile(given, to) {
			return usageError{fmt.Errorf("--output: %s is the input, which is not touched: want another file", path)}
		}
	}
	file, err := os.CreateTemp(folder(path), ".traces-*")
	if err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	defer os.Remove(file.Name())
	err = write(file)
	if err := errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	return os.Rename(file.Name(), path)
}

// report tells what went wrong, and returns the exit code: 0, 2 for a mistake
// on the command line, else 1.
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
