package params

import (
	"cmp"
	"fmt"
	"strings"
)

// usage returns what a sweep with too few positional arguments is told.
func (c *Command) usage() string {
	return fmt.Sprintf(`usage: %[1]s %[2]s %[3]s
example: %[1]s %[4]s
run %[1]s --help for all flags`, c.Script, strings.Join(c.Positional, " "), c.pointUsage(), c.Example)
}

// pointUsage returns what follows the positional arguments.
func (c *Command) pointUsage() string {
	if c.Trailing {
		return c.Point.Name + " [FLAGS]"
	}
	return "[" + c.Point.Name + "...]"
}

// help returns the whole manual: the workload's own words, then every parameter.
func (c *Command) help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nUsage:\n", strings.TrimSpace(c.About))
	wrap(&b, "  "+c.Script, "      ", append(append([]string{"[FLAGS]"}, c.Positional...), c.pointUsage()))
	wrap(&b, "     ", "      ", strings.Fields("a sweep, as run-bench.py calls it: for each "+c.Point.Name+", warm up, measure, cool down, write the CSV and the result JSON."+c.withoutPoints()))
	fmt.Fprintf(&b, "  %s FLAGS\n      a single run: writes the CSV of --output and prints its figures.\n\nExample:\n", c.Binary)
	wrapCommand(&b, "  "+c.Script, "      ", strings.Fields(c.Example))

	b.WriteString("\nPositional arguments of a sweep:\n")
	for _, name := range c.Positional {
		for _, p := range c.Params {
			if p.Name == name {
				row(&b, p.Name, p.Help, "")
			}
		}
	}
	row(&b, c.Point.Name, c.Point.Help, "")

	place := "before"
	if c.Trailing {
		place = "before or after"
	}
	for _, group := range []struct {
		title    string
		has      func(*Param) bool
		defaults func(*Param) string
	}{
		{"Flags for a single run only, where a sweep has positional arguments:", c.replacesPosition, func(p *Param) string { return p.Default }},
		{"", func(p *Param) bool { return p.SingleOnly }, func(p *Param) string { return p.Default }},
		{"Flags for both modes (" + place + " the positional arguments of a sweep; each is also read\nfrom the variable LMBENCH_<NAME>, e.g. LMBENCH_TIME):", c.forBothModes, (*Param).defaults},
	} {
		if group.title != "" {
			b.WriteString("\n" + group.title + "\n")
		}
		for _, p := range c.all() {
			if p.Flag != "" && group.has(&p) {
				row(&b, "--"+p.Flag, p.Help, group.defaults(&p))
			}
		}
	}
	row(&b, "--help", "print this", "")
	if c.Version != "" {
		row(&b, "--version", "print the version", "")
	}
	return b.String()
}

// replacesPosition reports whether a sweep takes the flag's parameter by position.
func (c *Command) replacesPosition(p *Param) bool {
	return c.takesPosition(p) || p.Flag == c.Point.Flag
}

func (c *Command) forBothModes(p *Param) bool { return !c.replacesPosition(p) && !p.SingleOnly }

// withoutPoints returns which points a sweep without any runs.
func (c *Command) withoutPoints() string {
	if c.Trailing {
		return "" // one is required
	}
	return " Without " + c.Point.Name + ": " + cmp.Or(strings.Join(c.Points, " "), "nothing") + "."
}

// defaults returns the default for people to read.
func (p *Param) defaults() string {
	switch {
	case p.Secret:
		return ""
	case p.SweepDefault == "":
		return p.Default
	}
	return cmp.Or(p.Default, "none") + "; " + p.SweepDefault + " in a sweep"
}

// column is where the texts of rows begin.
const column = 27

// row prints a parameter's name and help, with the default if there is one. A
// flag that is off by default needs no mention.
func row(b *strings.Builder, name, help, value string) {
	words := strings.Fields(help)
	if value != "" && value != "false" {
		words = append(words, "(default: "+value+")")
	}
	head, indent := fmt.Sprintf("  %-*s", column-3, name), strings.Repeat(" ", column)
	if len(head) >= column {
		b.WriteString(head + "\n")
		head = indent[1:]
	}
	wrap(b, head, indent, words)
}

const width = 100 // columns of the help

// wrap prints words behind head, in lines of at most 100 columns that begin with
// indent from the second on.
func wrap(b *strings.Builder, head, indent string, words []string) {
	wrapTo(b, width, head, indent, words)
}

// wrapCommand is wrap for a shell command, whose lines continue with a backslash.
func wrapCommand(b *strings.Builder, head, indent string, words []string) {
	var lines strings.Builder
	wrapTo(&lines, width-len(` \\`), head, indent, words)
	b.WriteString(strings.ReplaceAll(strings.TrimSuffix(lines.String(), "\n"), "\n", " \\\n") + "\n")
}

func wrapTo(b *strings.Builder, width int, head, indent string, words []string) {
	b.WriteString(head)
	used := len(head)
	for _, word := range words {
		if used+1+len(word) > width {
			b.WriteString("\n" + indent + word)
			used = len(indent) + len(word)
			continue
		}
		b.WriteString(" " + word)
		used += 1 + len(word)
	}
	b.WriteByte('\n')
}
