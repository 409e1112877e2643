package params

import "strings"

// A Param is one parameter of a workload. It is given by position, by flag or,
// where it only changes what LMBench's scripts fix, by an environment variable.
type Param struct {
	Name    string // as in the script's usage and the result: NUM_USERS; empty: flag only
	Flag    string // without dashes: num-users; empty: position only
	Value   Value  // where the parsed value goes
	Default string // used when the parameter is absent; empty: required, unless Value is optional
	Help    string // one line: what it is and its unit

	SweepDefault string // the default in a sweep, where it differs
	IfNone       string // what None, run-bench.py's word for an absent key, means; empty: an error
	ReplacedBy   string // a flag that makes this one unnecessary; both together are an error

	Secret      bool // never shown or recorded
	NotRecorded bool // does not change what is measured, so it is not in the result
	SingleOnly  bool // has an effect in a single run only
	Repeatable  bool // the flag may be given several times; Value gets the texts separated by spaces

	// AcceptsMore reports whether a word after the flag's value belongs to the
	// value too. Value gets the words separated by spaces. Nil: no word does.
	AcceptsMore func(word string) bool

	// EnvWins reports whether the environment variable overrides the positional
	// argument, given all positional arguments by name. Nil: it never does.
	EnvWins func(positional map[string]string) bool
}

// Variable returns the environment variable that the parameter is read from when
// its flag is absent: run-bench.py can set variables but passes no flags.
func (p *Param) Variable() string { return "LMBENCH_" + upper(p.Flag) }

// Key returns the parameter's key in the result.
func (p *Param) Key() string {
	if p.Name != "" {
		return p.Name
	}
	return upper(p.Flag)
}

// boolean reports whether the flag needs no value.
func (p *Param) boolean() bool {
	_, is := p.Value.(*boolValue)
	return is
}

func upper(flag string) string { return strings.ToUpper(strings.ReplaceAll(flag, "-", "_")) }
