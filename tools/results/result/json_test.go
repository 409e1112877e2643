package result

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"

	"github.com/LMCache/LMBench/tools/results/spec"
)

func checkJSON(t *testing.T, value any) {
	t.Helper()
	if text := appendJSON(nil, value, ""); !json.Valid(text) {
		t.Errorf("not JSON: %s", text)
	}
}

// TestJSON holds what Python's json.dump prints with indent=2.
func TestJSON(t *testing.T) {
	huge, _ := new(big.Int).SetString("123456789012345678901", 10)
	tests := []struct {
		value any
		want  string
	}{
		{3.0, "3.0"},
		{0.1, "0.1"},
		{0.0, "0.0"},
		{math.Copysign(0, -1), "-0.0"},
		{1e-4, "0.0001"},
		{1e-5, "1e-05"},
		{1.5e-7, "1.5e-07"},
		{1e15, "1000000000000000.0"},
		{1e16, "1e+16"},
		{1.7976931348623157e308, "1.7976931348623157e+308"},
		{123456789.123, "123456789.123"},
		{math.Inf(-1), `"-inf"`}, // Python writes what no parser takes
		{math.NaN(), `"nan"`},
		{huge, "123456789012345678901"},
		{int64(-7), "-7"},
		{nil, "null"},
		{"a\"\\/\b\f\n\r\t\x00\x1f\x7f", `"a\"\\/\b\f\n\r\t\u0000\u001f\u007f"`},
		{"\v", `"\u000b"`},
		{"é€😀", `"\u00e9\u20ac\ud83d\ude00"`},
		{"\xff", `"\ufffd"`},
		{[]any{}, "[]"},
		{spec.Map{}, "{}"},
		{spec.Map{{Key: "b", Value: []any{int64(1), true}}, {Key: "a", Value: spec.Map{{Key: "é", Value: nil}}}},
			"{\n  \"b\": [\n    1,\n    true\n  ],\n  \"a\": {\n    \"\\u00e9\": null\n  }\n}"},
	}
	for _, test := range tests {
		if got := string(appendJSON(nil, test.value, "")); got != test.want {
			t.Errorf("%v: %s, want %s", test.value, got, test.want)
		}
		checkJSON(t, test.value)
	}
}

// TestRounding holds what Python and numpy print; they part on ties.
func TestRounding(t *testing.T) {
	tests := []struct{ v, python, numpy float64 }{
		{3.125, 3.12, 3.12}, // a true tie: both to even
		{3.375, 3.38, 3.38}, // likewise
		{2.675, 2.67, 2.68}, // 2.67499999999999982236431605997495353221893310546875
		{1.115, 1.11, 1.12}, // 1.1149999999999999911182158029987…
		{1.005, 1.0, 1.0},   // scaled 100.49999999999999
		{0.285, 0.28, 0.28}, // scaled 28.499999999999996
		{-2.675, -2.67, -2.68},
		{0.005, 0.01, 0.0}, // 0.005000000000000000104, scaled a true tie
		{0.004, 0, 0},
		{1e17, 1e17, 1e17},
	}
	for _, test := range tests {
		if python, numpy := roundPython(test.v), roundNumpy(test.v); python != test.python || numpy != test.numpy {
			t.Errorf("%v: %v and %v, want %v and %v", test.v, python, numpy, test.python, test.numpy)
		}
	}
	if got := significant(0.000416666666); got != 0.000416667 {
		t.Errorf("six significant digits: %v", got)
	}
}
