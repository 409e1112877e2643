package workload

import (
	"slices"
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
			return &usageError{[]string{err.Error() + "; --help lists the flags"}, w.doorCode(world.Args)}
		},
		Action: func(c *cli.Context) error {
			args, faults = w.read(c, world)
			return nil
		},
	}
	for _, p := range append(w.params(), w.Point) {
		if _, isBool := p.Value.(*boolValue); isBool && p.Flag != "" {
			app.Flags = append(app.Flags, &cli.BoolFlag{Name: p.Flag})
		} else if p.Many {
			app.Flags = append(app.Flags, &cli.StringSliceFlag{Name: p.Flag})
		} else if p.Flag != "" {
			app.Flags = append(app.Flags, &cli.StringFlag{Name: p.Flag})
		}
	}
	if err := app.Run(append([]string{w.Name}, w.arrange(world.Args)...)); err != nil {
		return nil, err
	}
	if faults != nil {
		return nil, faults
	}
	return args, nil
}

// doorCode is the exit code of wrong arguments, by the door that they are meant for.
func (w *Workload) doorCode(args []string) int {
	if _, rest := w.leading(args); len(rest) >= w.fewest() {
		return 1
	}
	return 2
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
	if len(faults.faults) == 0 && w.Check != nil {
		if err := w.Check(); err != nil {
			faults.faults = strings.Split(err.Error(), "\n")
		}
	}
	if len(faults.faults) > 0 {
		return nil, faults
	}
	return args, nil
}

// readPositional takes the arguments by name; too few are a usage fault.
func (w *Workload) readPositional(args *arguments, texts []string, faults *usageError) {
	if len(texts) < w.fewest() {
		faults.add("%d arguments, at least %d are needed", len(texts), w.fewest())
		faults.add("%s", w.usage())
		return
	}
	for i, text := range texts {
		text, _, _ := strings.Cut(text, "=") // what follows may be a key
		switch {
		case w.Trailing && i >= w.fewest():
			faults.add("argument %d: only flags follow %s, got %q", i+1, w.Point.Name, text)
		case i >= len(w.Positional) && strings.HasPrefix(text, "--"):
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
