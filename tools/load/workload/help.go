package workload

import (
	"cmp"
	"fmt"
	"strings"
)

// usage is what too few positional arguments are answered with.
func (w *Workload) usage() string {
	return fmt.Sprintf(`usage: %[1]s %[2]s %[3]s
example: %[1]s %[4]s
%[1]s --help tells more`, w.Script, strings.Join(w.Positional, " "), w.pointUsage(), w.Example)
}

// pointUsage is what follows the positional arguments.
func (w *Workload) pointUsage() string {
	if w.Trailing {
		return w.Point.Name + " [FLAGS]"
	}
	return "[" + w.Point.Name + "...]"
}

// help is the whole manual: the workload's own words, then every parameter.
func (w *Workload) help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", strings.TrimSpace(w.About))
	fmt.Fprintf(&b, `Usage:
  %[1]s [FLAGS] %[2]s %[7]s
      the whole sweep, as run-bench.py calls it: per %[3]s warm up, measure, cool
      down, write the CSV and the result JSON.%[4]s
  %[5]s FLAGS
      one measurement: writes the CSV of --output and prints its figures.

Example:
  %[1]s %[6]s

Positional arguments:
`, w.Script, strings.Join(w.Positional, " "), w.Point.Name, w.withoutPoints(), w.command(), w.Example, w.pointUsage())
	params := w.params()
	for _, name := range w.Positional {
		for _, p := range params {
			if p.Name == name {
				row(&b, p.Name, p.Help, "")
			}
		}
	}
	row(&b, w.Point.Name, w.Point.Help, "")
	b.WriteString("\nFlags in place of positional arguments, for one measurement:\n")
	for _, p := range append(params, w.Point) {
		if p.Flag != "" && (w.positional(&p) || p.Flag == w.Point.Flag) {
			row(&b, "--"+p.Flag, p.Help, p.Default)
		}
	}
	place := "before"
	if w.Trailing {
		place = "before or after"
	}
	b.WriteString("\nFlags at both doors (" + place + " positional arguments; each also read from\nthe variable LMBENCH_<NAME>, e.g. LMBENCH_TIME):\n")
	for _, p := range params {
		if p.Flag != "" && !w.positional(&p) {
			row(&b, "--"+p.Flag, p.Help, p.defaults())
		}
	}
	row(&b, "--help", "print this", "")
	return b.String()
}

// withoutPoints tells what is run when no point is given.
func (w *Workload) withoutPoints() string {
	if w.Trailing {
		return "" // one must be
	}
	return " Without " + w.Point.Name + ": " + cmp.Or(strings.Join(w.Points, " "), "nothing") + "."
}

// command is the name of the binary: its folder's.
func (w *Workload) command() string {
	return cmp.Or(w.Command, strings.ReplaceAll(w.Name, "_", "-"))
}

// defaults is the default for people to read.
func (p *Param) defaults() string {
	if p.Secret {
		return ""
	}
	if p.Sweep != "" && p.Default == "" {
		return "none; " + p.Sweep + " in a sweep"
	}
	if p.Sweep != "" {
		return p.Default + "; " + p.Sweep + " in a sweep"
	}
	return p.Default
}

func row(b *strings.Builder, name, help, value string) {
	if value != "" {
		help += " (default: " + value + ")"
	}
	fmt.Fprintf(b, "  %-24s %s\n", name, help)
}
