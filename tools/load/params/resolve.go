package params

import (
	"fmt"
	"slices"
	"strings"
)

// A resolver gives every parameter its value and collects all faults.
type resolver struct {
	command *Command
	args    *Arguments
	flags   map[string]*flagText
	getenv  func(string) string
	faults  *UsageError
}

func (r *resolver) fault(format string, values ...any) {
	r.faults.Faults = append(r.faults.Faults, fmt.Errorf(format, values...))
}

// resolve sets all parameters from position, flag, environment or default.
func (r *resolver) resolve(positional []string) {
	c := r.command
	if c.Instead != "" && r.isSet(c.Instead) {
		if p := c.byFlag(c.Instead); p != nil && r.flags[c.Instead].value(p.Repeatable) != "" {
			r.setText(p, r.flags[c.Instead].value(p.Repeatable), "--"+p.Flag)
			return
		}
	}
	if r.args.Sweep {
		r.faults.Code = 1
		if r.position(positional); len(r.faults.Faults) > 0 {
			return
		}
	}
	for _, p := range c.Params {
		r.set(&p)
	}
	if r.args.Sweep {
		r.checkPoints()
		r.override()
	} else {
		r.set(&c.Point)
		r.args.Points = []string{c.Point.Value.String()}
	}
	if len(r.faults.Faults) == 0 && c.Check != nil {
		if err := c.Check(); err != nil {
			r.faults.Faults = []error{err}
		}
	}
}

// position assigns the positional arguments to their names.
func (r *resolver) position(texts []string) {
	c := r.command
	if len(texts) < c.minArgs() {
		r.fault("%d arguments, at least %d are needed", len(texts), c.minArgs())
		r.fault("%s", c.usage())
		return
	}
	for i, text := range texts {
		text, _, _ := strings.Cut(text, "=") // the rest may be a secret
		switch {
		case c.Trailing && i >= c.minArgs():
			r.fault("argument %d: only flags follow %s, got %q", i+1, c.Point.Name, text)
		case i >= len(c.Positional) && strings.HasPrefix(text, "--"):
			r.fault("argument %d: the flag %s must come before the positional arguments", i+1, text)
		}
	}
	for i, name := range c.Positional {
		r.args.Positional[name] = texts[i]
	}
	r.args.Points = texts[len(c.Positional):]
	if len(r.args.Points) == 0 {
		r.args.Points = c.Points
	}
}

// set gives one parameter its value.
func (r *resolver) set(p *Param) {
	if !r.args.Sweep && p.Flag == "" {
		return // by position only
	}
	text, origin := r.text(p)
	replaced := p.ReplacedBy != "" && !r.args.Sweep && r.given(p.ReplacedBy)
	switch seed, isSeed := p.Value.(*seedValue); {
	case text != "" && replaced:
		r.fault("--%s: cannot be combined with --%s", p.Flag, p.ReplacedBy)
	case text != "" || r.args.Sweep && r.command.takesPosition(p):
		r.setText(p, text, origin)
	case isSeed && r.command.FixedSeed != nil && r.command.FixedSeed():
		r.fault("--%s is missing: a seed from the clock makes every load different", p.Flag)
	case isSeed:
		seed.setFromClock()
	case !replaced && !p.Value.Optional():
		r.fault("--%s is missing: %s", p.Flag, p.Help)
	}
}

func (r *resolver) setText(p *Param, text, origin string) {
	if err := p.Value.Set(text); err != nil {
		r.fault("%s: %w", origin, err)
	}
}

// text returns a parameter's text and what an error calls it.
func (r *resolver) text(p *Param) (text, origin string) {
	if !r.args.Sweep || !r.command.takesPosition(p) {
		return r.flagText(p)
	}
	if r.isSet(p.Flag) {
		r.fault("--%s: already given by position as %s", p.Flag, p.Name)
	}
	text = r.args.Positional[p.Name]
	if text == "None" && p.IfNone != "" {
		text = p.IfNone
	}
	return text, fmt.Sprintf("%s (argument %d)", p.Name, slices.Index(r.command.Positional, p.Name)+1)
}

// flagText returns a parameter's text from flag, environment or default, in
// this order.
func (r *resolver) flagText(p *Param) (text, origin string) {
	origin = "--" + p.Flag
	if r.isSet(p.Flag) {
		return r.flags[p.Flag].value(p.Repeatable), origin
	}
	if !r.command.takesPosition(p) {
		if text := r.getenv(p.Variable()); text != "" {
			return text, p.Variable()
		}
	}
	if r.args.Sweep && p.SweepDefault != "" {
		return p.SweepDefault, origin
	}
	return p.Default, origin
}

// isSet reports whether a flag is on the command line.
func (r *resolver) isSet(flag string) bool {
	text, known := r.flags[flag]
	return known && len(text.texts) > 0
}

// given reports whether a flag has a text, from wherever.
func (r *resolver) given(flag string) bool {
	p := r.command.byFlag(flag)
	if p == nil {
		return false
	}
	text, _ := r.flagText(p)
	return text != ""
}

// checkPoints parses every point before the first is run.
func (r *resolver) checkPoints() {
	c := r.command
	for i, text := range r.args.Points {
		r.setText(&c.Point, text, fmt.Sprintf("%s (argument %d)", c.Point.Name, len(c.Positional)+i+1))
	}
}

// override applies the variables that win over positional arguments.
func (r *resolver) override() {
	for _, p := range r.command.Params {
		if p.EnvWins == nil || r.args.Positional[p.Name] == "" || !p.EnvWins(r.args.Positional) {
			continue
		}
		if text := r.getenv(p.Variable()); text != "" {
			r.args.Positional[p.Name] = text
			r.setText(&p, text, p.Variable())
		}
	}
}
