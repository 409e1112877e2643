package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/results/eventlog"
)

//go:embed help.txt
var help string

// usageError is a mistake on the command line.
type usageError struct{ error }

// run is the whole command.
func run(args []string, stdout, stderr io.Writer) error {
	wrong := func(_ *cli.Context, err error, _ bool) error { return usageError{err} }
	app := &cli.App{
		Name: "events", Writer: stdout, ErrWriter: stderr, CustomAppHelpTemplate: help,
		HideHelpCommand: true, OnUsageError: wrong,
		ExitErrHandler: func(*cli.Context, error) {}, // status decides, not cli
		Action: func(c *cli.Context) error {
			return usageError{fmt.Errorf("want export or score, got %q", c.Args().First())}
		},
		Commands: []*cli.Command{
			{
				Name: "export", CustomHelpTemplate: help, OnUsageError: wrong,
				Flags:  []cli.Flag{&cli.BoolFlag{Name: "jsonl"}, &cli.BoolFlag{Name: "parquet"}, &cli.StringFlag{Name: "output"}},
				Action: func(c *cli.Context) error { return export(c, stdout, stderr) },
			},
			{
				Name: "score", CustomHelpTemplate: help, OnUsageError: wrong,
				Flags:  []cli.Flag{&cli.StringFlag{Name: "by"}},
				Action: func(c *cli.Context) error { return score(c, stdout, stderr) },
			},
		},
	}
	return app.Run(append([]string{app.Name}, args...))
}

func export(c *cli.Context, stdout, stderr io.Writer) error {
	if c.Bool("jsonl") == c.Bool("parquet") {
		return usageError{errors.New("want one of --jsonl and --parquet")}
	}
	write := writeJSONL
	if c.Bool("parquet") {
		write = writeParquet
		if c.String("output") == "" {
			return usageError{errors.New("--parquet wants --output FILE")}
		}
	}
	return read(c, stderr, func(log *eventlog.Reader) error {
		if c.String("output") == "" {
			return write(log, stdout)
		}
		file, err := os.Create(c.String("output"))
		if err != nil {
			return err
		}
		return errors.Join(write(log, file), file.Close())
	})
}

func score(c *cli.Context, stdout, stderr io.Writer) error {
	definitions := tools()
	i := slices.IndexFunc(definitions, func(t tool) bool { return t.name == c.String("by") })
	if i < 0 {
		var names []string
		for _, t := range definitions {
			names = append(names, t.name)
		}
		return usageError{fmt.Errorf("--by: want one of %s, got %q", strings.Join(names, ", "), c.String("by"))}
	}
	return read(c, stderr, func(log *eventlog.Reader) error {
		run, err := gather(log)
		if err == nil || isTail(err) {
			out := json.NewEncoder(stdout)
			out.SetIndent("", "  ")
			err = errors.Join(err, out.Encode(definitions[i].score(run)))
		}
		return err
	})
}

// read opens the log of a command line. That its tail is not sound is told, and
// no error: the log of a run that was killed is like that.
func read(c *cli.Context, stderr io.Writer, do func(*eventlog.Reader) error) error {
	if c.NArg() != 1 {
		return usageError{fmt.Errorf("want one event log, got %d arguments", c.NArg())}
	}
	path := c.Args().First()
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	log, err := eventlog.NewReader(file)
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

// status is the exit status, and prints why it is not 0.
func status(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintf(stderr, "events: %v\n", err)
	if usage := (usageError{}); errors.As(err, &usage) {
		fmt.Fprintln(stderr, "events --help tells more")
		return 2
	}
	return 1
}
