package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/engine/simengine"
)

// help is the whole help text.
//
//go:embed help.txt
var help string

// options is what the command line says.
type options struct {
	listen  string
	urlFile string
	engine  simengine.Config
}

// defaults describes an engine of middling speed with a large cache.
func defaults() *options {
	return &options{
		listen: "127.0.0.1:30080",
		engine: simengine.Config{
			MaxModelLen:  simengine.DefaultMaxModelLen,
			ChatTokens:   simengine.DefaultChatTokens,
			BaseTTFT:     30 * time.Millisecond,
			PrefillPer1k: 100 * time.Millisecond,
			ITL:          20 * time.Millisecond,
			MaxBatch:     simengine.DefaultMaxBatch,
			BlockSize:    simengine.DefaultBlockSize,
			CacheBlocks:  65536,
		},
	}
}

// flags are the flags that fill options. Mistakes are collected in problems.
func flags(read *options, problems *[]error) []cli.Flag {
	engine := &read.engine
	flag := func(name string, set func(string) error) cli.Flag {
		return &cli.GenericFlag{Name: name, Value: &value{name: name, set: set, problems: problems}}
	}
	return []cli.Flag{
		flag("listen", text(&read.listen)),
		flag("url-file", text(&read.urlFile)),
		flag("model", func(name string) error { engine.Models = append(engine.Models, name); return nil }),
		flag("max-model-len", whole(&engine.MaxModelLen)),
		flag("chat-tokens", whole(&engine.ChatTokens)),
		flag("stop-after", whole(&engine.StopAfter)),
		flag("base-ttft", duration(&engine.BaseTTFT)),
		flag("prefill-per-1k", duration(&engine.PrefillPer1k)),
		flag("itl", duration(&engine.ITL)),
		flag("max-batch", whole(&engine.MaxBatch)),
		flag("jitter", fraction(&engine.Jitter)),
		flag("seed", natural(&engine.Seed)),
		flag("block-size", whole(&engine.BlockSize)),
		flag("cache-blocks", whole(&engine.CacheBlocks)),
		flag("fail-every", whole(&engine.FailEvery)),
		flag("hang-every", whole(&engine.HangEvery)),
		flag("cut-every", whole(&engine.CutEvery)),
		flag("error-event-every", whole(&engine.ErrorEventEvery)),
		flag("no-usage-every", whole(&engine.NoUsageEvery)),
	}
}

// parse reads a command line. It returns nil, and no error, if all that was
// asked for was the help text.
func parse(args []string, stdout io.Writer) (*options, error) {
	read := defaults()
	var asked bool
	var problems []error
	app := &cli.App{
		Name: "simserver",
		Flags: append(flags(read, &problems),
			&cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Destination: &asked}),
		HideHelp:                  true, // its own would not be ours
		HideVersion:               true,
		DisableSliceFlagSeparator: true,
		Writer:                    io.Discard,
		ErrWriter:                 io.Discard,
		ExitErrHandler:            func(*cli.Context, error) {}, // or it would call os.Exit
		OnUsageError:              func(_ *cli.Context, err error, _ bool) error { return err },
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return fmt.Errorf("unexpected argument %q", c.Args().First())
			}
			return nil
		},
	}
	problem := app.Run(append([]string{app.Name}, args...))
	if asked {
		_, err := io.WriteString(stdout, help)
		return nil, err
	}
	if problem = errors.Join(append(problems, problem)...); problem != nil {
		// What could be read is checked too, to report everything at once.
		_, more := simengine.New(read.engine)
		return nil, usageError{errors.Join(problem, more)}
	}
	return read, nil
}

// value is a flag whose mistakes are collected, where package flag would stop
// at the first.
type value struct {
	name     string
	set      func(string) error
	problems *[]error
}

func (v *value) Set(given string) error {
	if err := v.set(given); err != nil {
		*v.problems = append(*v.problems, fmt.Errorf("--%s: %q %w", v.name, given, err))
	}
	return nil
}

func (v *value) String() string { return "" }

func text(target *string) func(string) error {
	return func(given string) error { *target = given; return nil }
}

func whole(target *int) func(string) error {
	return into(target, strconv.Atoi, "is not a whole number")
}

func natural(target *uint64) func(string) error {
	return into(target, func(given string) (uint64, error) { return strconv.ParseUint(given, 10, 64) },
		"is not a whole number from 0 on")
}

func fraction(target *float64) func(string) error {
	return into(target, func(given string) (float64, error) { return strconv.ParseFloat(given, 64) },
		"is not a number")
}

func duration(target *time.Duration) func(string) error {
	return into(target, time.ParseDuration, "is not a duration like 50ms or 1.5s")
}

// into makes a setter that changes its target only to what could be read.
func into[T any](target *T, read func(string) (T, error), complaint string) func(string) error {
	return func(given string) error {
		made, err := read(given)
		if err != nil {
			return errors.New(complaint)
		}
		*target = made
		return nil
	}
}
