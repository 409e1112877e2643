package params

import (
	"strings"
	"testing"
	"time"
)

func TestValues(t *testing.T) {
	var n, seed int
	var f, share float64
	var d, limit time.Duration
	var text, choice, word string
	var yes bool
	tests := []struct {
		why   string
		value Value
		text  string
		want  string // as recorded; empty: refused
	}{
		{"a whole number", Int(&n, 1), "12", "12"},
		{"below the least", Int(&n, 1), "0", ""},
		{"a float where a whole number is needed", Int(&n, 0), "3.0", ""},
		{"run-bench.py's word for an absent key", Int(&n, 0), "None", ""},
		{"nothing", Int(&n, 0), "", ""},
		{"a rate is recorded as a float", Positive(&f), "2", "2.0"},
		{"a small rate", Positive(&f), "1e-05", "1e-05"},
		{"no rate", Positive(&f), "0", ""},
		{"a rate without end", Positive(&f), "inf", ""},
		{"not a number", Positive(&f), "nan", ""},
		{"all of a share", Fraction(&share), "1", "1.0"},
		{"more than all", Fraction(&share), "1.01", ""},
		{"seconds may be none", Seconds(&d), "0", "0.0"},
		{"but not negative", Seconds(&d), "-1", ""},
		{"nor longer than time", Seconds(&d), "1e300", ""},
		{"a limit", TimeLimit(&limit), "0.5", "0.5"},
		{"no limit", TimeLimit(&limit), "none", "None"},
		{"a limit of nothing would be no limit", TimeLimit(&limit), "0", ""},
		{"a seed", Seed(&seed), "7", "7"},
		{"a text", Text(&text), "a b", "a b"},
		{"no text", Text(&text), "", ""},
		{"no text where there may be none", OptionalText(&text), "", "None"},
		{"one of the words", Choice(&choice, "completions", "chat"), "chat", "chat"},
		{"another word", Choice(&choice, "completions", "chat"), "Chat", ""},
		{"Python's True", Bool(&yes), "True", "True"},
		{"a shell's false", Bool(&yes), "false", "False"},
		{"neither", Bool(&yes), "1", ""},
		{"part of a file name", FileNamePart(&word), "helm_routing_4-kvaware", "helm_routing_4-kvaware"},
		{"a way out of the folder", FileNamePart(&word), "../x", ""},
		{"the folder above", FileNamePart(&word), "..", ""},
		{"the folder itself", FileNamePart(&word), ".", ""},
		{"a folder in it", FileNamePart(&word), "a/b", ""},
		{"an absolute path", FileNamePart(&word), "/tmp", ""},
		{"another system's path", FileNamePart(&word), `..\x`, ""},
		{"a NUL, which would end the name", FileNamePart(&word), "a\x00", ""},
		{"what a terminal would obey", FileNamePart(&word), "a\x1b[2J", ""},
		{"no UTF-8", FileNamePart(&word), "a\xff", ""},
		{"dots within", FileNamePart(&word), "v1..2", "v1..2"},
		{"longer than names may be", FileNamePart(&word), strings.Repeat("a", 151), ""},
	}
	for _, test := range tests {
		err := test.value.Set(test.text)
		if (err != nil) != (test.want == "") {
			t.Errorf("%s: %q gives error %v", test.why, test.text, err)
		}
		if err == nil && test.value.String() != test.want {
			t.Errorf("%s: %q is recorded as %q, want %q", test.why, test.text, test.value, test.want)
		}
	}
}
