package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/data/trace"
)

//go:embed help.txt
var help string

// tool has the subcommands.
type tool struct{ command.Streams }

// run is the whole command.
func run(ctx context.Context, args []string, s command.Streams) error {
	t := &tool{s}
	app := &cli.App{
		Name:     "traces",
		Commands: []*cli.Command{t.stats(), t.validate(), t.sort(), t.convert(), t.generate()},
		Action: func(c *cli.Context) error {
			return command.Usagef("want one of stats, validate, sort, convert, make, got %q", c.Args().First())
		},
	}
	return command.Run(ctx, app, help, args, s)
}

// Categories of flags in the help.
const (
	reading = "reading"
	making  = "make"
)

// unitFlag belongs to every command that reads a trace.
func unitFlag() cli.Flag {
	return &cli.StringFlag{Name: "time-unit", Category: reading, Value: "auto", Usage: "`U` unit of the timestamps: s, ms, us, ns or auto"}
}

// outputFlag belongs to every command that writes a trace.
func outputFlag() cli.Flag {
	return &cli.StringFlag{Name: "output", Usage: "`OUT` file to write", DefaultText: "stdout"}
}

// styleFlag belongs to every command that writes a trace in a chosen style.
func styleFlag(style trace.Style) cli.Flag {
	return &cli.StringFlag{Name: "to", Value: string(style), Usage: "`STYLE` format of the output", DefaultText: "mooncake for make, required by convert"}
}

// open reads the trace file of the command line.
func open(c *cli.Context) (*trace.Trace, error) {
	unit, err := trace.ParseUnit(c.String("time-unit"))
	if err != nil {
		return nil, command.Usagef("--time-unit: %w", err)
	}
	if c.NArg() != 1 {
		return nil, command.Usagef("%s: want one trace file, got %d", c.Command.Name, c.NArg())
	}
	file, err := os.Open(c.Args().First())
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return trace.Read(file.Name(), command.NewReader(c.Context, file), unit)
}

// warn lists the first invalid lines of a trace.
func (cmd *tool) warn(t *trace.Trace) {
	const limit = 10
	for _, line := range t.Invalid[:min(limit, len(t.Invalid))] {
		fmt.Fprintf(cmd.Err, "skipped: %v\n", line)
	}
	if t.InvalidCount > limit {
		fmt.Fprintf(cmd.Err, "skipped: %d more lines\n", t.InvalidCount-limit)
	}
}

// write writes a trace to stdout, or replaces the file of --output when it is
// complete. It refuses to overwrite the input.
func (cmd *tool) write(c *cli.Context, write func(io.Writer) error) error {
	path := c.String("output")
	if path == "" {
		return write(cmd.Out)
	}
	if input, err := os.Stat(c.Args().First()); err == nil {
		if output, err := os.Stat(path); err == nil && os.SameFile(input, output) {
			return command.Usagef("--output: %s is the input: want another file", path)
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
