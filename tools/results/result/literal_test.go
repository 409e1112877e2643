package result

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/data/pyjson"
)

var big20, _ = new(big.Int).SetString("12345678901234567890", 10)

func TestLiteral(t *testing.T) {
	tests := []struct {
		text string
		want any
		why  string
	}{
		{"1.0", 1.0, "a float stays one"},
		{"0.10", 0.1, "and loses its last zero"},
		{"1e1", 10.0, "an exponent makes a float"},
		{"1.", 1.0, "Python needs no digit after the point"},
		{".5", 0.5, "nor before"},
		{"1_0.5_0", 10.5, "underscores between digits"},
		{"01.5", 1.5, "a float may start with 0"},
		{"7", int64(7), ""},
		{"-1", int64(-1), ""},
		{"+1", int64(1), ""},
		{"0x10", int64(16), ""},
		{"-0x1_F", int64(-31), ""},
		{"0o17", int64(15), ""},
		{"0b11", int64(3), ""},
		{"1_000", int64(1000), ""},
		{"00", int64(0), "zeros are zero"},
		{" 7 ", int64(7), "Python passes over the space"},
		{"12345678901234567890", big20, "integers have no end in Python"},
		{"05", "05", "no octal in Python 3"},
		{"1__0", "1__0", "one underscore at a time"},
		{"1_", "1_", ""},
		{"0x", "0x", ""},
		{"1e999", "1e999", "infinite, which JSON cannot say"},
		{strings.Repeat("9", 5000), strings.Repeat("9", 5000), "longer than Python reads"},
		{"2024-10-06", "2024-10-06", "a date"},
		{"1-2", "1-2", "the original computes -1; nothing is evaluated here"},
		{"2024-1-1", "2024-1-1", "the original computes 2022"},
		{"8A100-x", "8A100-x", ""},
		{"true", "true", "not Python's"},
		{"false", "false", ""},
		{"True", true, ""},
		{"False", false, ""},
		{"None", nil, ""},
		{"inf", "inf", "names, not numbers"},
		{"nan", "nan", ""},
		{"", "", ""},
		{`""`, "", "quotes are taken off"},
		{`'a b'`, "a b", ""},
		{`"a'b"`, "a'b", ""},
		{`"a"b"`, `"a"b"`, "not one string"},
		{`'a\n'`, `'a\n'`, "escapes are left alone"},
		{`"`, `"`, ""},
		{"max", "max", "the original finds a function"},
		{"__import__('os')", "__import__('os')", "the original runs it"},
		{"[1,2]", []any{int64(1), int64(2)}, ""},
		{"[ 1.5 , 'a, b]', None, ]", []any{1.5, "a, b]", nil}, "a comma at the end, and one in quotes"},
		{"[]", []any{}, ""},
		{"[1", "[1", ""},
		{"[,]", "[,]", ""},
		{"[1]x", "[1]x", ""},
		{"[1,,2]", "[1,,2]", ""},
		{"[a]", "[a]", "a name in a list is no value"},
		{"[[1]]", "[[1]]", "lists of lists stay text"},
		{"meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Llama-3.1-8B-Instruct", ""},
	}
	equal := cmp.Comparer(func(a, b *big.Int) bool { return a.Cmp(b) == 0 })
	for _, test := range tests {
		if diff := cmp.Diff(test.want, literal(test.text), equal); diff != "" {
			t.Errorf("%.40q %s (-want +got)\n%s", test.text, test.why, diff)
		}
	}
}

// FuzzPairs holds that any argument becomes JSON, and that text which is no
// literal stays as it is.
func FuzzPairs(f *testing.F) {
	for _, seed := range []string{"A=1", "B=[1,'x',None]", "=", "C=0x_1", "D=\xff", `E="\"`, "F=1e-5", "G=[1,[2]]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, argument string) {
		p, _ := parsePairs([]string{argument})
		workload, _ := p.stored()
		for _, entry := range workload {
			if value, ok := entry.Value.(string); ok && !strings.Contains(argument, value) && !strings.Contains(argument, "://") {
				t.Errorf("%q became %q", argument, value)
			}
		}
		if text := pyjson.ASCII.Append(nil, workload, ""); !json.Valid(text) {
			t.Errorf("%q: not JSON: %s", argument, text)
		}
	})
}
