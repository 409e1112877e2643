package params

import "strings"

// minArgs returns how many positional arguments a sweep needs.
func (c *Command) minArgs() int {
	if c.Trailing {
		return len(c.Positional) + 1
	}
	return len(c.Positional)
}

// reorder moves flags before positional arguments, where package flag wants
// them, and joins the words of a flag that takes several.
func (c *Command) reorder(args []string) []string {
	flags, rest := c.splitFlags(args)
	if !c.Trailing || len(rest) < c.minArgs() {
		return append(flags, rest...)
	}
	positional := rest[:c.minArgs()]
	trailing, left := c.splitFlags(rest[c.minArgs():])
	flags = append(flags, trailing...)
	return append(append(flags, positional...), left...)
}

// splitFlags splits args after the flags at their start.
func (c *Command) splitFlags(args []string) (flags, rest []string) {
	for len(args) > 0 && strings.HasPrefix(args[0], "--") && args[0] != "--" {
		flags = append(flags, args[0])
		name, _, joined := strings.Cut(args[0][2:], "=")
		args = args[1:]
		p := c.byFlag(name)
		if p == nil || joined || p.boolean() || len(args) == 0 {
			continue
		}
		value := args[0]
		args = args[1:]
		for p.AcceptsMore != nil && len(args) > 0 && !strings.HasPrefix(args[0], "--") && p.AcceptsMore(args[0]) {
			value += " " + args[0]
			args = args[1:]
		}
		flags = append(flags, value)
	}
	return flags, args
}

// byFlag returns the parameter of a flag, or nil if the flag is unknown.
func (c *Command) byFlag(name string) *Param {
	for _, p := range c.all() {
		if p.Flag == name && name != "" {
			return &p
		}
	}
	return nil
}
