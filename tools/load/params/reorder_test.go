package params

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReorder(t *testing.T) {
	var name string
	var loud bool
	c := Command{
		Positional: []string{"MODEL", "PATH"}, Point: Param{Name: "RATE", Flag: "rate", Value: Text(&name)},
		Params: []Param{
			{Flag: "loud", Value: Bool(&loud)},
			{Flag: "name", Value: Text(&name)},
			{Flag: "goal", Value: Text(&name), AcceptsMore: func(word string) bool { return strings.Contains(word, ":") }},
		},
	}
	tests := []struct {
		why      string
		trailing bool
		args     string // _ stands for an empty argument
		want     string // | between arguments
	}{
		{"flags are first", false, "--loud --name x m p 1 2", "--loud|--name|x|m|p|1|2"},
		{"flags follow", true, "m p 1 --loud --name x", "--loud|--name|x|m|p|1"},
		{"flags on both sides", true, "--name=x m p 1 --loud", "--name=x|--loud|m|p|1"},
		{"an empty argument is one", true, "m _ 1 --name x", "--name|x|m|_|1"},
		{"a negative value is no flag", true, "m p 1 --name -1", "--name|-1|m|p|1"},
		{"words that belong together", true, "m p 1 --goal a:1 b:2 --loud", "--goal|a:1 b:2|--loud|m|p|1"},
		{"words end where they no longer belong", false, "--goal a:1 b:2 m p", "--goal|a:1 b:2|m|p"},
		{"what is left is left", true, "m p 1 --name x 2", "--name|x|m|p|1|2"},
		{"too few to tell", true, "m p --name", "m|p|--name"},
		{"not this workload's way", false, "m p 1 --loud", "m|p|1|--loud"},
		{"an unknown flag takes nothing with it", false, "--what x", "--what|x"},
		{"none", true, "", ""},
	}
	for _, test := range tests {
		c.Trailing = test.trailing
		args := strings.Fields(test.args)
		for i, arg := range args {
			args[i] = strings.Trim(arg, "_")
		}
		got := c.reorder(args)
		for i, arg := range got {
			if arg == "" {
				got[i] = "_"
			}
		}
		if diff := cmp.Diff(test.want, strings.Join(got, "|")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.why, diff)
		}
	}
}
