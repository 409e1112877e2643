package workload

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
)

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
	case isSeed && (w.Common.Fingerprint || len(w.Common.Verify) > 0):
		faults.add("--%s is missing: taken from the time, no load is like another", p.Flag)
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
		if p.Many {
			return strings.Join(from.cli.StringSlice(p.Flag), " "), origin
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
