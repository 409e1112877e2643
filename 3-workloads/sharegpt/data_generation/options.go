package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/data/sharegpt"
)

//go:embed help.txt
var help string

// usage is the answer to arguments nobody knows.
const usage = "usage: prepare_sharegpt_data.sh [-l LIMIT] [-m MIN_ROUNDS] [-s START_ROUND] --model-url MODEL; --help tells more"

// options are the command line.
type options struct {
	cut       sharegpt.Cut
	model     string
	input     string // "": the public file
	revision  string // of the public file
	tokenizer string
	modelRev  string // of the tokenizer
	engine    string
	outputDir string
	whole     string // file for all conversations, in place of the sets
}

// errHelp ends a command that only had to explain itself.
var errHelp = errors.New("help was asked for")

// parse reads the arguments; flags that are absent, from the environment.
func parse(args []string, w *world) (*options, error) {
	var o *options
	var faults error
	app := &cli.App{
		Name: "data_generation", CustomAppHelpTemplate: help, Writer: w.stdout, ErrWriter: io.Discard,
		HideHelpCommand: true, HideVersion: true,
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   func(_ *cli.Context, err error, _ bool) error { return fmt.Errorf("%w\n%s", err, usage) },
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "limit", Aliases: []string{"l"}, Value: "1000"},
			&cli.StringFlag{Name: "min_rounds", Aliases: []string{"m"}, Value: "5"},
			&cli.StringFlag{Name: "start_round", Aliases: []string{"s"}, Value: "3"},
			&cli.StringFlag{Name: "model-url"}, &cli.StringFlag{Name: "input"}, &cli.StringFlag{Name: "revision", Value: "main"},
			&cli.StringFlag{Name: "tokenizer"}, &cli.StringFlag{Name: "tokenizer-revision", Value: "main"},
			&cli.StringFlag{Name: "engine-url", Value: "http://localhost:30080"}, &cli.StringFlag{Name: "output-dir"}, &cli.StringFlag{Name: "whole"},
		},
		Action: func(c *cli.Context) error {
			o, faults = check(c, w)
			return faults
		},
	}
	if err := app.Run(append([]string{app.Name}, args...)); err != nil {
		return nil, err
	}
	if o == nil {
		return nil, errHelp
	}
	return o, nil
}

// check takes every value, and finds every fault, before anything is opened.
func check(c *cli.Context, w *world) (*options, error) {
	var faults []error
	text := func(name string) string {
		if variable := "LMBENCH_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")); !c.IsSet(name) && w.getenv(variable) != "" {
			return w.getenv(variable)
		}
		return c.String(name)
	}
	number := func(name string) int {
		n, err := strconv.Atoi(c.String(name))
		if err != nil {
			faults = append(faults, fmt.Errorf("--%s: want a whole number, got %q", name, c.String(name)))
		}
		return n
	}
	o := &options{
		cut:   sharegpt.Cut{Limit: number("limit"), MinRounds: number("min_rounds"), StartRound: number("start_round")},
		model: c.String("model-url"), input: text("input"), revision: text("revision"), tokenizer: text("tokenizer"),
		modelRev: text("tokenizer-revision"), engine: text("engine-url"), outputDir: text("output-dir"), whole: c.String("whole"),
	}
	if o.outputDir == "" {
		o.outputDir = w.output
	}
	if len(faults) == 0 && o.whole == "" {
		faults = append(faults, o.cut.Check())
	}
	if o.model == "" {
		faults = append(faults, errors.New("--model-url is missing: the model whose tokenizer counts"))
	}
	if c.NArg() > 0 {
		faults = append(faults, fmt.Errorf("%q: want flags only\n%s", c.Args().First(), usage))
	}
	return o, errors.Join(faults...)
}
