package workload

import "strings"

// Param is one thing a workload can be told: by position, by flag or, where it
// only changes what the scripts had fixed, by the environment.
type Param struct {
	Name    string // as in the script's usage and the result: NUM_USERS. Empty: flag only
	Flag    string // without dashes: num-users. Empty: position only
	Value   Value  // where it goes
	Default string // when absent; empty: it must be given, unless Value is optional
	Sweep   string // default at the positional door, where it differs
	Absent  string // what None, run-bench.py's word for an absent key, means; empty: an error
	Unless  string // a flag that takes this one's place
	Help    string // one line: what it is, its unit
	Secret  bool   // never shown or recorded
	Aside   bool   // changes nothing about what is measured, and is not recorded
	Many    bool   // the flag may be given several times; the texts come as one, a space between

	// More tells whether a word after the flag's value belongs to it as well;
	// nil: a flag has one value. The words come as one text, a space between.
	More func(word string) bool
}

// env is the variable a parameter reads when no flag is given: run-bench.py can
// pass what its script takes by position, but no flags.
func (p *Param) env() string { return "LMBENCH_" + upper(p.Flag) }

// recorded is the parameter's key in the result.
func (p *Param) recorded() string {
	if p.Name != "" {
		return p.Name
	}
	return upper(p.Flag)
}

func upper(flag string) string { return strings.ToUpper(strings.ReplaceAll(flag, "-", "_")) }
