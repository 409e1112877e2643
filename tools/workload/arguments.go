package workload

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
)

// arguments are the command line, checked; the values are where the
// parameters wanted them.
type arguments struct {
	sweep  bool              // the positional door
	given  map[string]string // positional texts by name
	points []string          // texts of what the sweep varies
}

// params are all parameters of the workload but the swept one.
func (w *Workload) params() []Param {
	return append(w.common(), w.Params...)
}

// positional tells whether the script takes a parameter by position.
func (w *Workload) positional(p *Param) bool { return slices.Contains(w.Positional, p.Name) }

// parse reads the command line. It returns nil arguments when all that was
// asked for was help.
func (w *Workload) parse(world World) (*arguments, error) {
	var args *arguments
	var faults *usageError
	app := &cli.App{
		Name:                      w.Name,
		CustomAppHelpTemplate:     strings.ReplaceAll(w.help(), "{{", "{{`{{`}}"),
		HideHelpCommand:           true,
		HideVersion:               true,
		DisableSliceFlagSeparator: true,
		Writer:                    world.Stdout,
		ErrWriter:                 world.Stderr,
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError: func(_ *cli.Context, err error, _ bool) error {
			return &usageError{[]string{err.Error() + "; --help lists the flags"}, 2}
		},
		Action: func(c *cli.Context) error {
			args, faults = w.read(c, world)
			return nil
		},
	}
	for _, p := range append(w.params(), w.Point) {
		if _, isBool := p.Value.(*boolValue); isBool && p.Flag != "" {
			app.Flags = append(app.Flags, &cli.BoolFlag{Name: p.Flag})
		} else if p.Flag != "" {
			app.Flags = append(app.Flags, &cli.StringFlag{Name: p.Flag})
		}
	}
	if err := app.Run(append([]string{w.Name}, world.Args...)); err != nil {
		return nil, err
	}
	if faults != nil {
		return nil, faults
	}
	return args, nil
}

// read sets every parameter from position, flag, environment or default, and
// collects all faults.
func (w *Workload) read(c *cli.Context, world World) (*arguments, *usageError) {
	if file := c.String("process-summary"); file != "" {
		w.Common.ProcessSummary = file // whatever else there is
		return &arguments{}, nil
	}
	args := &arguments{sweep: c.NArg() > 0 || c.NumFlags() == 0, given: map[string]string{}}
	faults := &usageError{code: 2}
	if args.sweep {
		faults.code = 1
		w.readPositional(args, c.Args().Slice(), faults)
		if len(faults.faults) > 0 {
			return nil, faults
		}
	}
	from := source{args, c, world.Getenv}
	for _, p := range w.params() {
		w.set(&p, from, faults)
	}
	if args.sweep {
		w.checkPoints(args.points, faults)
		w.overrideAPIType(from, faults)
	} else {
		w.set(&w.Point, from, faults)
		args.points = []string{w.Point.Value.String()}
	}
	if len(faults.faults) == 0 {
		if err := w.check(world); err != nil {
			faults.faults = strings.Split(err.Error(), "\n")
		}
	}
	if len(faults.faults) > 0 {
		return nil, faults
	}
	return args, nil
}

// check finds what takes more than one parameter to see.
func (w *Workload) check(world World) error {
	_, err := w.Common.client(world)
	if w.Check != nil {
		err = errors.Join(err, w.Check())
	}
	return err
}

// readPositional takes the arguments by name; too few are a usage fault.
func (w *Workload) readPositional(args *arguments, texts []string, faults *usageError) {
	if len(texts) < len(w.Positional) {
		faults.faults = []string{w.usage()}
		return
	}
	for i, text := range texts {
		if i >= len(w.Positional) && strings.HasPrefix(text, "--") {
			faults.add("argument %d: the flag %s must stand before the positional arguments", i+1, text)
		}
	}
	for i, name := range w.Positional {
		args.given[name] = texts[i]
	}
	args.points = texts[len(w.Positional):]
	if len(args.points) == 0 {
		args.points = w.Points
	}
}

// checkPoints tries every point's text before the first is run.
func (w *Workload) checkPoints(points []string, faults *usageError) {
	for i, text := range points {
		if err := w.Point.Value.Set(text); err != nil {
			faults.add("%s (argument %d): %v", w.Point.Name, len(w.Positional)+i+1, err)
		}
	}
}

// overrideAPIType lets the environment choose in run-bench.py's third stage,
// which knows no serving config and always passes completions.
func (w *Workload) overrideAPIType(from source, faults *usageError) {
	text := from.env("LMBENCH_API_TYPE")
	if text == "" || from.args.given["API_TYPE"] == "" || from.args.given["SERVING_INDEX"] != "None" {
		return
	}
	from.args.given["API_TYPE"] = text
	for _, p := range w.params() {
		if p.Name == "API_TYPE" {
			if err := p.Value.Set(text); err != nil {
				faults.add("LMBENCH_API_TYPE: %v", err)
			}
		}
	}
}

// source is where parameters come from.
type source struct {
	args *arguments
	cli  *cli.Context
	env  func(string) string
}

// set gives a parameter its value.
func (w *Workload) set(p *Param, from source, faults *usageError) {
	if !from.args.sweep && p.Flag == "" {
		return // by position only, and this is the flags door
	}
	text, origin := w.positionalOrFlag(p, from, faults)
	replaced := p.Unless != "" && !from.args.sweep && w.given(p.Unless, from)
	switch seed, isSeed := p.Value.(*seedValue); {
	case text != "" && replaced:
		faults.add("--%s: does not go with --%s", p.Flag, p.Unless)
	case text != "" || from.args.sweep && w.positional(p):
		if err := p.Value.Set(text); err != nil {
			faults.add("%s: %v", origin, err)
		}
	case isSeed:
		seed.fromTime()
	case !replaced && !p.Value.Optional():
		faults.add("--%s is missing: %s", p.Flag, p.Help)
	}
}

// positionalOrFlag is a parameter's text and what an error calls it.
func (w *Workload) positionalOrFlag(p *Param, from source, faults *usageError) (text, origin string) {
	if !from.args.sweep || !w.positional(p) {
		return w.flagged(p, from)
	}
	if p.Flag != "" && from.cli.IsSet(p.Flag) {
		faults.add("--%s: already given by position as %s", p.Flag, p.Name)
	}
	text = from.args.given[p.Name]
	if text == "None" && p.Absent != "" {
		text = p.Absent
	}
	return text, fmt.Sprintf("%s (argument %d)", p.Name, slices.Index(w.Positional, p.Name)+1)
}

// given tells whether a flag or its variable is set.
func (w *Workload) given(flag string, from source) bool {
	for _, p := range w.params() {
		if p.Flag == flag {
			text, _ := w.flagged(&p, from)
			return text != ""
		}
	}
	return false
}

// flagged is a parameter's text by flag, environment or default, in this order.
func (w *Workload) flagged(p *Param, from source) (text, origin string) {
	origin = "--" + p.Flag
	if from.cli.IsSet(p.Flag) {
		if _, isBool := p.Value.(*boolValue); isBool {
			return strconv.FormatBool(from.cli.Bool(p.Flag)), origin
		}
		return from.cli.String(p.Flag), origin
	}
	if !w.positional(p) {
		if text := from.env(p.env()); text != "" {
			return text, p.env()
		}
	}
	if from.args.sweep && p.Sweep != "" {
		return p.Sweep, origin
	}
	return p.Default, origin
}
