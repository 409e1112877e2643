package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/results/eventlog"
)

//go:embed help.txt
var help string

// run is the whole command.
func run(ctx context.Context, args []string, s command.Streams) error {
	app := &cli.App{
		Name: "events",
		Action: func(c *cli.Context) error {
			return command.Usagef("want export, score or parquet, got %q", c.Args().First())
		},
		Commands: []*cli.Command{
			{
				Name: "export",
				Flags: []cli.Flag{
					&cli.BoolFlag{Name: "jsonl", Category: "export", Usage: `one line per event: {"event": ..., "data": ...}, the header first`},
					&cli.BoolFlag{Name: "parquet", Category: "export", Usage: "one row per request"},
					&cli.StringFlag{Name: "output", Category: "export", Usage: "`FILE` file to write", DefaultText: "stdout"},
				},
				Action: func(c *cli.Context) error { return export(c, s) },
			},
			{
				Name:   "score",
				Flags:  []cli.Flag{&cli.StringFlag{Name: "by", Category: "score", Usage: "`TOOL` whose definitions to use: one of those below"}},
				Action: func(c *cli.Context) error { return score(c, s) },
			},
			{Name: "parquet", Action: func(c *cli.Context) error { return printParquet(c, s) }},
		},
	}
	return command.Run(ctx, app, help, args, s)
}

func export(c *cli.Context, s command.Streams) error {
	if c.Bool("jsonl") == c.Bool("parquet") {
		return command.Usagef("want one of --jsonl and --parquet")
	}
	write := writeJSONL
	if c.Bool("parquet") {
		write = writeParquet
		if c.String("output") == "" {
			return command.Usagef("--parquet wants --output FILE")
		}
	}
	return read(c, s.Err, func(log *eventlog.Reader) error {
		if c.String("output") == "" {
			return write(log, s.Out)
		}
		file, err := os.Create(c.String("output"))
		if err != nil {
			return err
		}
		return errors.Join(write(log, file), file.Close())
	})
}

func score(c *cli.Context, s command.Streams) error {
	definitions := tools()
	i := slices.IndexFunc(definitions, func(t tool) bool { return t.name == c.String("by") })
	if i < 0 {
		var names []string
		for _, t := range definitions {
			names = append(names, t.name)
		}
		return command.Usagef("--by: want one of %s, got %q", strings.Join(names, ", "), c.String("by"))
	}
	return read(c, s.Err, func(log *eventlog.Reader) error {
		run, err := gather(log)
		if err == nil || isTail(err) {
			out := json.NewEncoder(s.Out)
			out.SetIndent("", "  ")
			err = errors.Join(err, out.Encode(definitions[i].score(run)))
		}
		return err
	})
}

// read opens the log that the command line names. A damaged tail is a warning, not an error:
// the log of a killed run has one.
func read(c *cli.Context, stderr io.Writer, do func(*eventlog.Reader) error) error {
	if c.NArg() != 1 {
		return command.Usagef("want one event log, got %d arguments", c.NArg())
	}
	path := c.Args().First()
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	log, err := eventlog.NewReader(command.NewReader(c.Context, file))
	if err == nil {
		err = do(log)
	}
	if isTail(err) {
		fmt.Fprintf(stderr, "warning: %s: %v\n", path, err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func isTail(err error) bool {
	var tail *eventlog.TailError
	return errors.As(err, &tail)
}
