package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/data/sharegpt"
)

//go:embed help.txt
var help string

// script runs this program, and is the name in its messages.
const script = "prepare_sharegpt_data.sh"

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

// parse reads the arguments. Flags that are not given come from the environment. It
// returns no options if the arguments asked for help or the version only.
func parse(ctx context.Context, args []string, e *env) (*options, error) {
	var o *options
	app := &cli.App{
		Name: script,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "limit", Aliases: []string{"l"}, Value: "1000", Usage: "`N` number of conversations to consider"},
			&cli.StringFlag{Name: "min_rounds", Aliases: []string{"m"}, Value: "5", Usage: "`N` number of questions a conversation must have and is truncated to"},
			&cli.StringFlag{Name: "start_round", Aliases: []string{"s"}, Value: "3", Usage: "`N` first question to send"},
			&cli.StringFlag{Name: "model-url", Usage: "`MODEL` model whose tokenizer counts the recorded answers: a name on the Hugging Face hub, or a folder"},
			&cli.StringFlag{Name: "input", Usage: "`FILE` local ShareGPT file", DefaultText: "the public one"},
			&cli.StringFlag{Name: "revision", Value: "main", Usage: "`REV` branch, tag or commit of the public file"},
			&cli.StringFlag{Name: "tokenizer", Usage: "`FILE` tokenizer.json, its folder, or the word approximate"},
			&cli.StringFlag{Name: "tokenizer-revision", Value: "main", Usage: "`REV` branch, tag or commit of the model"},
			&cli.StringFlag{Name: "engine-url", Value: "http://localhost:30080", Usage: "`URL` engine that counts tokens if no tokenizer is found"},
			&cli.StringFlag{Name: "output-dir", Usage: "`DIR` folder of the files", DefaultText: "3-workloads/sharegpt"},
			&cli.StringFlag{Name: "whole", Usage: "`FILE` write all conversations with their token counts to FILE, for the synthetic workload, instead of the other files"},
		},
		Action: func(c *cli.Context) (err error) {
			o, err = check(c, e)
			return command.Usage(err)
		},
	}
	err := command.Run(ctx, app, help, args, command.Streams{Out: e.stdout, Err: e.stderr})
	return o, err
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
		errs = append(errs, fmt.Errorf("unexpected argument %q: want flags only", c.Args().First()))
	}
	return o, errors.Join(errs...)
}
