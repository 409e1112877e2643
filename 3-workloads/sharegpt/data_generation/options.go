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

// usage follows an error in the arguments.
const usage = "usage: prepare_sharegpt_data.sh [-l LIMIT] [-m MIN_ROUNDS] [-s START_ROUND] --model-url MODEL; --help shows all flags"

// options are the command line.
type options struct {
	selection sharegpt.Selection
	model     string
	input     string // "" for the public file
	revision  string // of the public file
	tokenizer string
	modelRev  string // of the tokenizer
	engine    string
	outputDir string
	allFile   string // --whole: gets all conversations, in place of the requests
}

// errHelp reports that the help was printed.
var errHelp = errors.New("help printed")

// parse reads the arguments. Flags that are not given come from the environment.
func parse(args []string, e *env) (*options, error) {
	var o *options
	var errs error
	app := &cli.App{
		Name: "data_generation", CustomAppHelpTemplate: help, Writer: e.stdout, ErrWriter: io.Discard,
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
			o, errs = check(c, e)
			return errs
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

// check validates every value and returns all errors together.
func check(c *cli.Context, e *env) (*options, error) {
	var errs []error
	text := func(name string) string {
		if variable := "LMBENCH_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")); !c.IsSet(name) && e.getenv(variable) != "" {
			return e.getenv(variable)
		}
		return c.String(name)
	}
	number := func(name string) int {
		n, err := strconv.Atoi(c.String(name))
		if err != nil {
			errs = append(errs, fmt.Errorf("--%s: want a whole number, got %q", name, c.String(name)))
		}
		return n
	}
	o := &options{
		selection: sharegpt.Selection{Limit: number("limit"), MinRounds: number("min_rounds"), StartRound: number("start_round")},
		model:     c.String("model-url"), input: text("input"), revision: text("revision"), tokenizer: text("tokenizer"),
		modelRev: text("tokenizer-revision"), engine: text("engine-url"), outputDir: text("output-dir"), allFile: c.String("whole"),
	}
	if o.outputDir == "" {
		o.outputDir = e.outputDir
	}
	if len(errs) == 0 && o.allFile == "" {
		errs = append(errs, o.selection.Check())
	}
	if o.model == "" {
		errs = append(errs, errors.New("--model-url is missing: want the model whose tokenizer counts tokens"))
	}
	if c.NArg() > 0 {
		errs = append(errs, fmt.Errorf("unexpected argument %q: want flags only\n%s", c.Args().First(), usage))
	}
	return o, errors.Join(errs...)
}
