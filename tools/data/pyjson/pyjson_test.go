package pyjson

import (
	"encoding/json"
	"iter"
	"maps"
	"math"
	"math/big"
	"slices"
	"testing"
)

// object is a map with sorted keys.
type object map[string]any

func (o object) Members() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, name := range slices.Sorted(maps.Keys(o)) {
			if !yield(name, o[name]) {
				return
			}
		}
	}
}

// The expected texts are json.dump's with indent=2.
func TestAppend(t *testing.T) {
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
		{math.Inf(-1), `"-inf"`}, // Python writes -Infinity, which is not JSON
		{math.NaN(), `"nan"`},
		{huge, "123456789012345678901"},
		{int64(-7), "-7"},
		{nil, "null"},
		{"a\"\\/\b\f\n\r\t\x00\x1f\x7f", `"a\"\\/\b\f\n\r\t\u0000\u001f\u007f"`},
		{"\v", `"\u000b"`},
		{"é€😀<>&\u2028", `"\u00e9\u20ac\ud83d\ude00<>&\u2028"`},
		{"\xff", `"\ufffd"`},
		{json.RawMessage(`"kept"`), `"kept"`},
		{[]any{}, "[]"},
		{object{}, "{}"},
		{object{"a": []any{int64(1), true}, "b": object{"é": nil}},
			"{\n  \"a\": [\n    1,\n    true\n  ],\n  \"b\": {\n    \"\\u00e9\": null\n  }\n}"},
	}
	for _, test := range tests {
		got := ASCII.Append(nil, test.value, "")
		if string(got) != test.want || !json.Valid(got) {
			t.Errorf("%v: %s, want %s", test.value, got, test.want)
		}
	}
}

func TestUTF8KeepsCharacters(t *testing.T) {
	const text = "\"\\/\b\f\n\r\t\x01\x7f é\u2028😀<>&"
	want := "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f é\u2028😀<>&\""
	if got := string(UTF8.Append(nil, text, "")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzAppend(f *testing.F) {
	f.Add("text", 1.5)
	f.Fuzz(func(t *testing.T, text string, number float64) {
		for _, style := range []Style{ASCII, UTF8} {
			if got := style.Append(nil, object{text: []any{text, number}}, ""); !json.Valid(got) {
				t.Errorf("not JSON: %s", got)
			}
		}
	})
}
