package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/redact"
	"github.com/LMCache/LMBench/tools/results/result"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

//go:embed help.txt
var help string

// run is the whole command.
func run(ctx context.Context, args []string, s command.Streams, now time.Time) error {
	app := &cli.App{
		Name: "summarize",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "root", Value: ".", Usage: "`DIR` folder that holds run-bench.yaml and 4-latest-results", DefaultText: "the working directory"},
			&cli.StringFlag{Name: "from-log", Usage: "make the CSV and the result from the event log `FILE`"},
			&cli.StringFlag{Name: "run", Usage: "`FILE` what the run recorded besides the CSV, as a sweep writes it; pairs take precedence", DefaultText: "the .run.json beside the CSV, if it describes a CSV of that size"},
			&cli.BoolFlag{Name: "brief", Usage: "print the verdict in one line, without its reasons"},
		},
		Action: func(c *cli.Context) error {
			point, err := pointOf(c, s)
			if err != nil {
				return err
			}
			point.Now = now
			return summarize(ctx, s.Out, s.Err, point, c.Bool("brief"))
		},
	}
	return command.Run(ctx, app, help, args, s)
}

// pointOf returns the point that the command line names.
func pointOf(c *cli.Context, s command.Streams) (point result.Options, err error) {
	root := c.String("root")
	if path := c.String("from-log"); path != "" {
		point, err = fromLog(path, root, s.Out, s.Err)
		point.Pairs = append(point.Pairs, c.Args().Slice()...)
		if err == nil {
			warnWithoutMetrics(&point, s.Err)
		}
		// A result that was uploaded is not uploaded again, unless this command line says so.
		point.NoUpload = !slices.ContainsFunc(c.Args().Slice(), func(pair string) bool { return strings.HasPrefix(pair, "AUTO_UPLOAD=") })
		return point, err
	}
	if c.NArg() == 0 {
		return point, command.WithCode(1, command.Usagef("want a CSV, or --from-log FILE")) // 1 as the original
	}
	point = result.Options{Root: root, CSV: c.Args().First(), Pairs: c.Args().Tail()}
	if point.Run, err = known(c.String("run"), point.CSV); err != nil {
		fmt.Fprintf(s.Err, "warning: %v\n", err)
	}
	return point, nil
}

// known returns what the run knew of the point: by the run file that was named, or
// else the one beside the CSV, or beside the requests that a CSV of metrics was
// made of.
func known(named, csv string) (runfile.Run, error) {
	if named != "" {
		return runfile.Read(named)
	}
	run, err := runfile.Beside(csv)
	if requests := strings.TrimSuffix(csv, ".csv") + "_requests.csv"; run.CSVBytes == 0 && err == nil && exists(requests) {
		return runfile.Beside(requests)
	}
	return run, err
}

func summarize(ctx context.Context, stdout, stderr io.Writer, point result.Options, brief bool) error {
	report, err := result.Write(point)
	for _, warning := range report.Warnings {
		fmt.Fprintf(stderr, "warning: %s\n", warning)
	}
	if err != nil && report.Path != "" {
		printVerdict(stdout, report.Verdict, brief)
		return fmt.Errorf("no result: %w; the reasons are in %s", err, report.Path)
	}
	if err != nil {
		return fmt.Errorf("no result: %w", err)
	}
	fmt.Fprintf(stdout, "Performance summary saved to %s\n", report.Path)
	if err := printTable(stdout, &report); err != nil {
		return err
	}
	if report.Upload != "" {
		send(ctx, stdout, stderr, report)
	}
	fmt.Fprintln(stdout)
	printVerdict(stdout, report.Verdict, brief)
	return nil
}

func printVerdict(stdout io.Writer, v verdict.Verdict, brief bool) {
	if brief {
		fmt.Fprintf(stdout, "verdict: %s\n", v.Line())
		return
	}
	v.Print(stdout)
}

// send uploads the result. It is on disk, so a failed upload does not fail the command.
func send(ctx context.Context, stdout, stderr io.Writer, report result.Report) {
	fmt.Fprintf(stdout, "uploading to %s\n", redact.URLs(report.Upload))
	answer, err := upload(ctx, report.Upload, report.Path)
	if err != nil {
		fmt.Fprintf(stderr, "warning: %s was not uploaded: %v\n", report.Path, err)
		return
	}
	fmt.Fprintf(stdout, "uploaded%s\n", answer)
}
