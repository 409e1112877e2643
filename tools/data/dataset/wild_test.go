package dataset

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestShareGPTLeavesOutBadEntries(t *testing.T) {
	file := "\ufeff" + `[null, 7, "x", {"conversations": 7}, {"conversations": [{"value": 1}]},
		{"conversations": [{"from": "human", "value": "a", "text": 5}, {"from": "gpt", "value": "b"}]},
		{"conversations": [{"role": "user", "content": "c"}, {"role": "assistant", "text": "d"}]}]`
	var notes []string
	note := func(text string) { notes = append(notes, text) }
	got, err := readShareGPT(strings.NewReader(file), note)
	want := []exchange{{"a", "b"}, {"c", "d"}}
	if err != nil || !cmp.Equal(got, want, cmp.AllowUnexported(exchange{})) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	if len(notes) != 1 || !strings.HasPrefix(notes[0], "left out 4 entries that are no conversations, the first: entry 2: ") {
		t.Errorf("notes %q, want one about 4 entries", notes)
	}
	_, err = readShareGPT(strings.NewReader(`[null, 7, {"conversations": 7}]`), note)
	if err == nil || !strings.Contains(err.Error(), "2 entries left out, the first: entry 2: ") {
		t.Errorf("error %v, want one that names what was left out", err)
	}
}

func TestCountsOfPandas(t *testing.T) {
	tests := []struct {
		why, tokens string
		want        int
		fails       string
	}{
		{"a whole number", "12", 12, ""},
		{"a float", "12.0", 12, ""},
		{"an exponent", "1e3", 1000, ""},
		{"a fraction of a token", "12.5", 0, "12.5"},
	}
	for _, test := range tests {
		rows, err := readBurstGPT(strings.NewReader("\ufeffModel,Request tokens,Response tokens\nGPT-4," + test.tokens + ",3.0\n"))
		if test.fails == "" && (err != nil || rows[0] != lengths{test.want, 3}) {
			t.Errorf("BurstGPT, %s: %v, %v", test.why, rows, err)
		}
		lines, custom := readCustom(strings.NewReader("\ufeff{\"prompt\": \"x\", \"output_tokens\": "+test.tokens+"}\n"), "c.jsonl", true)
		if test.fails == "" && (custom != nil || int(*lines[0].OutputTokens) != test.want) {
			t.Errorf("custom, %s: %v, %v", test.why, lines, custom)
		}
		if test.fails != "" {
			if err == nil || !strings.Contains(err.Error(), "line 2: Request tokens") || !strings.Contains(err.Error(), test.fails) {
				t.Errorf("BurstGPT, %s: error %v, want line, column and %s", test.why, err, test.fails)
			}
			if custom == nil || !strings.Contains(custom.Error(), "c.jsonl:1: ") || !strings.Contains(custom.Error(), "output_tokens") || !strings.Contains(custom.Error(), test.fails) {
				t.Errorf("custom, %s: error %v, want line, column and %s", test.why, custom, test.fails)
			}
		}
	}
}
