package main

import (
	"testing"

	"github.com/LMCache/LMBench/tools/load/params"
)

func TestValues(t *testing.T) {
	var (
		limits  goals
		names   metricNames
		shares  percentiles
		kept    pairs
		modules words
		more    object
		head    headers
		count   number
		rps     float64
		whole   int
		ratio   float64
	)
	tests := []struct {
		why   string
		value params.Value
		text  string
		want  string // "": an error
	}{
		{"goals in any order", &limits, "e2el:2000 ttft:80.5", "ttft:80.5 e2el:2000.0"},
		{"unknown metric", &limits, "itl:5", ""},
		{"not a number", &limits, "ttft:soon", ""},
		{"negative", &limits, "ttft:-1", ""},
		{"metrics", &names, "ttft,e2el", "ttft,e2el"},
		{"unknown metric", &names, "ttft,lag", ""},
		{"percentiles", &shares, "50,99,99.9", "50,99,99.9"},
		{"above 100", &shares, "50,101", ""},
		{"empty", &shares, "", ""},
		{"pairs", &kept, "a=1 b=x=y", "a=1 b=x=y"},
		{"not a pair", &kept, "a", ""},
		{"modules", &modules, "a b,c", "a,b,c"},
		{"no modules", &modules, " ", ""},
		{"an object", &more, `{"b":[1, 2],"a":"x"}`, `{"a":"x","b":[1, 2]}`},
		{"not an object", &more, `[1]`, ""},
		{"headers are never shown", &head, "x-a=1 2 x-b=3", "None"},
		{"not a header", &head, "x", ""},
		{"a number", optionalFloat(&count), "1", "1.0"},
		{"not set", optionalFloat(new(number)), "None", "None"},
		{"not a number", optionalFloat(&count), "NaN", ""},
		{"negative integers", optionalWhole(&count), "-1", "-1"},
		{"not an integer", optionalWhole(&count), "1.5", ""},
		{"a rate", rateOf(&rps), "2", "2.0"},
		{"infinity, as run-bench.py writes it", rateOf(&rps), "inf", "inf"},
		{"a rate of zero", rateOf(&rps), "0", ""},
		{"unset", optionalInt(&whole, 1), "None", "None"},
		{"set", optionalInt(&whole, 1), "5", "5"},
		{"below the minimum", optionalInt(&whole, 1), "0", ""},
		{"a fraction", belowOne(&ratio), "0.5", "0.5"},
		{"one", belowOne(&ratio), "1", ""},
	}
	for _, test := range tests {
		err := test.value.Set(test.text)
		if failed := test.want == ""; failed != (err != nil) || !failed && test.value.String() != test.want {
			t.Errorf("%s: %q: %v, %q, want %q", test.why, test.text, err, test.value.String(), test.want)
		}
	}
	if head["x-a"] != "1 2" || head["x-b"] != "3" {
		t.Errorf("headers %v: a word without = must continue the value before", head)
	}
}
