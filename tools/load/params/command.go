// Package params reads a workload's parameters from positional arguments, flags
// and environment variables, checks them, and renders the help.
package params

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/LMCache/LMBench/tools/command"
)

// A Command is the command line of a workload. It has two modes: a sweep, which
// takes positional arguments as LMBench's scripts pass them, and a single run,
// which takes flags only.
type Command struct {
	Binary  string // file name of the program
	Script  string // its run script, for usage lines
	Version string // printed by --version
	About   string // head of the help
	Example string // positional arguments of an example

	Positional []string // names of the positional parameters, in order
	Point      Param    // what a sweep varies; its values follow the positional arguments
	Points     []string // the points of a sweep that is given none
	Trailing   bool     // a sweep takes exactly one point, and flags may follow it
	Params     []Param  // all parameters but Point

	// Instead names a flag that needs no other parameter, e.g. to print an
	// existing result. If it is given, only its value is set.
	Instead string
	// FixedSeed reports whether a seed must be given, once the parameters declared
	// before it are set. Nil: seeds may always be taken from the clock.
	FixedSeed func() bool
	// Check finds faults that concern several parameters. It may be nil.
	Check func() error
}

// Arguments are a parsed command line. The values themselves are where the
// parameters' Values point to.
type Arguments struct {
	Sweep      bool              // positional arguments were given; false: a single run
	Positional map[string]string // their texts by name
	Points     []string          // texts of the points to run
}

// A UsageError reports all faults of a command line at once.
type UsageError struct {
	Faults []error
	Code   int // exit status: 1 for a sweep, 2 for a single run
}

func (e *UsageError) Error() string { return errors.Join(e.Faults...).Error() }

// Parse reads a command line without the program's name. It returns nil
// Arguments if the command line asked for help or the version, which it prints.
func (c *Command) Parse(args []string, getenv func(string) string, stdout io.Writer) (*Arguments, error) {
	var parsed *Arguments
	var faults *UsageError
	app := &cli.App{
		Name:                  c.Binary,
		HideVersion:           true, // cli's would print the name as well
		HideHelpCommand:       true,
		CustomAppHelpTemplate: strings.ReplaceAll(c.help(), "{{", "{{`{{`}}"),
		Writer:                stdout,
		ErrWriter:             io.Discard, // the caller prints the error
		ExitErrHandler:        func(*cli.Context, error) {},
		OnUsageError: func(_ *cli.Context, err error, _ bool) error {
			return &UsageError{[]error{fmt.Errorf("%w; --help lists the flags", command.FlagError(err))}, c.exitCode(args)}
		},
	}
	// The flags only collect texts. cli's own EnvVars and typed values would read the
	// environment of this process, not getenv, and would stop at the first fault.
	given := map[string]*flagText{}
	for _, p := range c.all() {
		if p.Flag != "" {
			given[p.Flag] = &flagText{boolean: p.boolean()}
			app.Flags = append(app.Flags, &cli.GenericFlag{Name: p.Flag, Usage: p.Help, Value: given[p.Flag]})
		}
	}
	if c.Version != "" {
		app.Flags = append(app.Flags, &cli.BoolFlag{Name: "version"})
	}
	app.Action = func(context *cli.Context) error {
		if context.Bool("version") {
			_, err := fmt.Fprintln(stdout, c.Version)
			return err
		}
		r := resolver{command: c, flags: given, getenv: getenv, faults: &UsageError{Code: 2},
			args: &Arguments{Sweep: context.NArg() > 0 || context.NumFlags() == 0, Positional: map[string]string{}}}
		r.resolve(context.Args().Slice())
		parsed, faults = r.args, r.faults
		return nil
	}
	if err := app.Run(append([]string{c.Binary}, c.reorder(args)...)); err != nil {
		return nil, err
	}
	if faults != nil && len(faults.Faults) > 0 {
		return nil, faults
	}
	return parsed, nil
}

// all returns the parameters, the point last.
func (c *Command) all() []Param { return append(slices.Clip(c.Params), c.Point) }

// takesPosition reports whether a sweep takes a parameter by position.
func (c *Command) takesPosition(p *Param) bool { return slices.Contains(c.Positional, p.Name) }

// exitCode returns the exit status of a command line that cannot be parsed,
// which depends on the mode it was meant for.
func (c *Command) exitCode(args []string) int {
	if _, rest := c.splitFlags(args); len(rest) >= c.minArgs() {
		return 1
	}
	return 2
}
