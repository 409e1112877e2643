package params

import (
	"errors"
	"strings"
	"testing"
)

// line is a command line with all kinds of parameters, and their values.
type line struct {
	Command
	model, api, pages, summary string
	users, seed                int
	qps                        float64
	quiet                      bool
}

func newLine() *line {
	l := new(line)
	l.Command = Command{
		Binary: "small", Script: "run_small.sh", Version: "small 1", About: "small: a test.", Example: "m 3 completions",
		Positional: []string{"MODEL", "NUM_USERS", "API_TYPE"},
		Point:      Param{Name: "QPS", Flag: "qps", Value: Positive(&l.qps), Help: "requests per second"},
		Points:     []string{"1", "2"},
		Instead:    "process-summary",
		Params: []Param{
			{Name: "MODEL", Flag: "model", Value: Text(&l.model), Help: "model name"},
			{Name: "NUM_USERS", Flag: "num-users", Value: Int(&l.users, 1), IfNone: "7", Help: "users"},
			{Name: "API_TYPE", Flag: "api-type", Value: Choice(&l.api, "completions", "chat"), Default: "completions", EnvWins: func(map[string]string) bool { return true }},
			{Flag: "pages", Value: OptionalText(&l.pages), Repeatable: true},
			{Flag: "quiet", Value: Bool(&l.quiet), Default: "false"},
			{Flag: "seed", Value: Seed(&l.seed)},
			{Flag: "process-summary", Value: OptionalText(&l.summary)},
		},
	}
	l.FixedSeed = func() bool { return l.quiet } // stands for --fingerprint
	return l
}

func TestParse(t *testing.T) {
	tests := []struct {
		why  string
		args string
		env  map[string]string
		want func(*line, *Arguments) bool
	}{
		{"a single run takes flags", "--model m --num-users 3 --qps 2", nil, func(l *line, a *Arguments) bool {
			return !a.Sweep && l.model == "m" && l.users == 3 && l.api == "completions" && a.Points[0] == "2.0"
		}},
		{"a sweep takes positional arguments", "m 3 chat 4 5", nil, func(l *line, a *Arguments) bool {
			return a.Sweep && l.model == "m" && l.users == 3 && l.api == "chat" && strings.Join(a.Points, " ") == "4 5"
		}},
		{"a sweep has points of its own", "m 3 chat", nil, func(l *line, a *Arguments) bool { return strings.Join(a.Points, " ") == "1 2" }},
		{"None stands for an absent key", "m None chat", nil, func(l *line, a *Arguments) bool { return l.users == 7 }},
		{"a variable replaces an absent flag", "m 3 chat", map[string]string{"LMBENCH_PAGES": "a b"}, func(l *line, a *Arguments) bool { return l.pages == "a b" }},
		{"a flag wins over its variable", "--pages c m 3 chat", map[string]string{"LMBENCH_PAGES": "a"}, func(l *line, a *Arguments) bool { return l.pages == "c" }},
		{"a variable does not replace a positional argument", "m 3 chat", map[string]string{"LMBENCH_NUM_USERS": "9"}, func(l *line, a *Arguments) bool { return l.users == 3 }},
		{"except where it is declared to win", "m 3 completions", map[string]string{"LMBENCH_API_TYPE": "chat"}, func(l *line, a *Arguments) bool { return l.api == "chat" }},
		{"a repeatable flag keeps all texts, others the last", "--pages a --pages b --model x --model m --num-users 3 --qps 2", nil, func(l *line, a *Arguments) bool {
			return l.pages == "a b" && l.model == "m"
		}},
		{"a boolean flag needs no value", "--quiet --seed 5 m 3 chat", nil, func(l *line, a *Arguments) bool { return l.quiet && l.seed == 5 }},
		{"a boolean flag may be 0", "--quiet=0 m 3 chat", nil, func(l *line, a *Arguments) bool { return !l.quiet }},
		{"a seed is taken from the clock", "m 3 chat", nil, func(l *line, a *Arguments) bool { return l.seed > 0 && l.Params[5].FromClock() }},
		{"a flag that stands alone needs no other", "--process-summary x.csv", nil, func(l *line, a *Arguments) bool { return l.summary == "x.csv" && l.model == "" }},
	}
	for _, test := range tests {
		l := newLine()
		args, err := l.Parse(strings.Fields(test.args), func(name string) string { return test.env[name] }, new(strings.Builder))
		if err != nil || args == nil || !test.want(l, args) {
			t.Errorf("%s: %s: error %v, arguments %+v, values %+v", test.why, test.args, err, args, l)
		}
	}
}

func TestParseReportsAllFaults(t *testing.T) {
	tests := []struct {
		why, args string
		code      int
		want      []string
	}{
		{"in a single run", "--num-users 0 --qps x", 2, []string{"--model is missing: model name", `--num-users: want a whole number of at least 1, got "0"`, `--qps: want a number above 0, got "x"`}},
		{"in a sweep", "m x y 1 z", 1, []string{"NUM_USERS (argument 2): ", "API_TYPE (argument 3): ", "QPS (argument 5): "}},
		{"too few arguments", "m 3", 1, []string{"2 arguments, at least 3 are needed", "usage: run_small.sh MODEL NUM_USERS API_TYPE [QPS...]"}},
		{"a flag after positional arguments", "m 3 chat --quiet=secret", 1, []string{"argument 4: the flag --quiet must come before the positional arguments"}},
		{"a parameter given twice", "--model a m 3 chat", 1, []string{"--model: already given by position as MODEL"}},
		{"an unknown flag of a single run", "--what 1", 2, []string{"unknown flag --what; --help lists the flags"}},
		{"a seed that must be given", "--quiet m 3 chat", 1, []string{"--seed is missing"}},
	}
	for _, test := range tests {
		l := newLine()
		_, err := l.Parse(strings.Fields(test.args), func(string) string { return "" }, new(strings.Builder))
		usage, is := errors.AsType[*UsageError](err)
		if !is || usage.Code != test.code {
			t.Errorf("%s: error %v, want a usage error with code %d", test.why, err, test.code)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: want %q in\n%v", test.why, want, err)
			}
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: shows a value: %v", test.why, err)
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	for args, want := range map[string]string{"--help": "small: a test.\n\nUsage:", "--version": "small 1\n", "--version m 3 chat": "small 1\n"} {
		var out strings.Builder
		parsed, err := newLine().Parse(strings.Fields(args), func(string) string { return "" }, &out)
		if parsed != nil || err != nil || !strings.HasPrefix(out.String(), want) {
			t.Errorf("%s: %v, %v, want %q, got\n%s", args, parsed, err, want, out.String())
		}
		for text := range strings.Lines(out.String()) {
			if len(text) > 101 {
				t.Errorf("%s: a line of %d columns: %s", args, len(text)-1, text)
			}
		}
	}
}
