package command

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// Run runs an app with the arguments, which do not include the program's name. It
// adds --help, which prints the help text as Help fills it in, and --version, to the
// app and its subcommands, and returns mistakes in flags as usage errors.
func Run(ctx context.Context, app *cli.App, help string, args []string, s Streams) error {
	whole := strings.ReplaceAll(Help(app, help), "{{", `{{"{{"}}`) // for cli it is a template
	wrong := func(_ *cli.Context, err error, _ bool) error { return Usage(FlagError(err)) }
	versioned := func(action cli.ActionFunc) cli.ActionFunc {
		return func(c *cli.Context) error {
			if c.Bool("version") {
				_, err := fmt.Fprintln(s.Out, Version())
				return err
			}
			return action(c)
		}
	}
	for _, sub := range app.Commands {
		sub.Flags = append(slices.Clip(sub.Flags), helpFlag(), versionFlag())
		sub.HideHelp, sub.CustomHelpTemplate = true, whole
		sub.OnUsageError, sub.Action = wrong, versioned(sub.Action)
	}
	app.Flags = append(slices.Clip(app.Flags), helpFlag(), versionFlag())
	app.Writer, app.ErrWriter = s.Out, s.Err
	app.HideHelp, app.CustomAppHelpTemplate, app.DisableSliceFlagSeparator = true, whole, true
	app.OnUsageError, app.Action = wrong, versioned(app.Action)
	app.ExitErrHandler = func(*cli.Context, error) {} // Report decides
	return app.RunContext(ctx, append([]string{app.Name}, args...))
}

func helpFlag() cli.Flag {
	return &cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: "print this text"}
}

func versionFlag() cli.Flag {
	return &cli.BoolFlag{Name: "version", Usage: "print the version"}
}

// flagErrors are the messages of package flag and what they are replaced by: flags are
// written with two dashes here.
var flagErrors = []struct {
	message *regexp.Regexp
	text    string
}{
	{regexp.MustCompile(`^flag provided but not defined: -+(.*)$`), "unknown flag --$1"},
	{regexp.MustCompile(`^flag needs an argument: -+(.*)$`), "--$1: a value is missing"},
	{regexp.MustCompile(`^invalid (?:boolean )?value ("(?:[^"\\]|\\.)*") for (?:flag )?-+([^ :]+): (?:parse error|strconv\..*)$`), "--$2: invalid value $1"},
	{regexp.MustCompile(`^invalid (?:boolean )?value ("(?:[^"\\]|\\.)*") for (?:flag )?-+([^ :]+): (.*)$`), "--$2: $3, got $1"},
}

// FlagError returns a mistake that package flag found in this project's words.
func FlagError(err error) error {
	for _, f := range flagErrors {
		if f.message.MatchString(err.Error()) {
			return errors.New(f.message.ReplaceAllString(err.Error(), f.text))
		}
	}
	return err
}
