package workload

import "strings"

// fewest is how many positional arguments there must be.
func (w *Workload) fewest() int {
	if w.Trailing {
		return len(w.Positional) + 1
	}
	return len(w.Positional)
}

// arrange puts flags before positional arguments, where the command line's
// reader wants them, and the words of a flag with several into one.
func (w *Workload) arrange(args []string) []string {
	flags, rest := w.leading(args)
	if !w.Trailing || len(rest) < w.fewest() {
		return append(flags, rest...)
	}
	positional := rest[:w.fewest()]
	trailing, left := w.leading(rest[w.fewest():])
	flags = append(flags, trailing...)
	return append(append(flags, positional...), left...)
}

// leading splits arguments where the flags at their start end.
func (w *Workload) leading(args []string) (flags, rest []string) {
	for len(args) > 0 && strings.HasPrefix(args[0], "--") && args[0] != "--" {
		flags = append(flags, args[0])
		name, _, whole := strings.Cut(args[0][2:], "=")
		args = args[1:]
		p := w.flag(name)
		if p == nil || whole || len(args) == 0 {
			continue
		}
		if _, isBool := p.Value.(*boolValue); isBool {
			continue
		}
		value := args[0]
		args = args[1:]
		for p.More != nil && len(args) > 0 && !strings.HasPrefix(args[0], "--") && p.More(args[0]) {
			value += " " + args[0]
			args = args[1:]
		}
		flags = append(flags, value)
	}
	return flags, args
}

// flag is the parameter of a flag; nil if there is none.
func (w *Workload) flag(name string) *Param {
	for _, p := range append(w.params(), w.Point) {
		if p.Flag == name && name != "" {
			return &p
		}
	}
	return nil
}
