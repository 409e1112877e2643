package trace

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Numbers as pandas writes them are whole numbers, if they are.
func TestNumbersOfPandas(t *testing.T) {
	tests := []struct {
		why, file string
		want      []Request
		invalid   []string
	}{
		{"a CSV whose columns had empty cells", "\ufeffTIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,374.0,44\n2023-11-16 18:15:47,1e3,1.09E+2\n2023-11-16 18:15:48,374.5,4\n2023-11-16 18:15:49,7,NaN\n",
			[]Request{{Line: 2, Input: 374, Output: 44}, {Line: 3, At: time.Second, Input: 1000, Output: 109}},
			[]string{`t:4: ContextTokens "374.5": want a whole number of tokens`, `t:5: GeneratedTokens "NaN": want a whole number of tokens`}},
		{"BurstGPT", "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5.0,GPT-4,472.0,18.0,490.0,API log\n6.0,GPT-4,,1.0,,API log\n",
			[]Request{{Line: 2, Input: 472, Output: 18}}, []string{`t:3: Request tokens "": want a whole number of tokens`}},
		{"JSONL", `{"timestamp":0.0,"input_length":600.0,"output_length":1e1,"hash_ids":[1.0,2],"chat_id":3.0,"parent_chat_id":-1.0}` + "\n" + `{"timestamp":1,"input_length":6,"output_length":10.25}`,
			[]Request{{Line: 1, Input: 600, Output: 10, Blocks: []int64{1, 2}, Chat: 4}},
			[]string{"t:2: output_length is a JSON number 10.25: want a whole number"}},
	}
	for _, test := range tests {
		got, err := Read("t", strings.NewReader(test.file), Auto)
		if err != nil {
			t.Errorf("%s: %v", test.why, err)
			continue
		}
		if diff := cmp.Diff(test.want, got.Requests); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.why, diff)
		}
		var invalid []string
		for _, line := range got.Invalid {
			invalid = append(invalid, line.Error())
		}
		if diff := cmp.Diff(test.invalid, invalid); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.why, diff)
		}
	}
}

func TestMixedUnits(t *testing.T) {
	tests := []struct {
		why, timestamps string
		unit            Unit
		keep            Unit
		invalid         []int // lines
	}{
		{"a few seconds between milliseconds since 1970", "1753694362340 1753694363 1753694364340", Auto, Millisecond, []int{2}},
		{"strings, most of them seconds", "1753694362 1753694363.5 1753694364340", Auto, Second, []int{3}},
		{"the given unit is kept", "1753694362 1753694363 1753694364340", Millisecond, Millisecond, []int{1, 2}},
		{"nanoseconds and microseconds", "1753694362340138614 1753694362340139 1753694362340138616", Auto, Nanosecond, []int{2}},
		{"offsets that are in order only if the large ones are milliseconds", "0 1 2000 3 4000 5", Auto, Second, []int{3, 5}},
		{"seconds with a fraction, then whole milliseconds", "0.25 0.5 1.5 1700 2300", Auto, Second, []int{4, 5}},
		{"one unit since 1970", "1753694362 1753694363.5 1753694364", Auto, Second, nil},
		{"offsets after a pause", "0 1 2 4000 4001", Auto, Second, nil},
		{"offsets in nanoseconds", "0 5000000000 5000000000000", Auto, Nanosecond, nil},
		{"unsorted offsets", "900 1 800 2 700 3", Auto, Second, nil},
		{"a single request", "1753694362340", Auto, Millisecond, nil},
	}
	for _, test := range tests {
		var file strings.Builder
		for at := range strings.FieldsSeq(test.timestamps) {
			fmt.Fprintf(&file, "{\"timestamp\": %s, \"input_length\": 1, \"output_length\": 1}\n", at)
		}
		got, err := Read("t", strings.NewReader(file.String()), test.unit)
		if err != nil {
			t.Errorf("%s: %v", test.why, err)
			continue
		}
		var invalid []int
		for _, line := range got.Invalid {
			invalid = append(invalid, line.Line)
			if !strings.Contains(line.Error(), "mixes units") {
				t.Errorf("%s: %v, want it to name the units", test.why, line)
			}
		}
		if diff := cmp.Diff(test.invalid, invalid); diff != "" || got.Unit != test.keep && test.invalid != nil {
			t.Errorf("%s: unit %v, want %v; invalid lines (-want +got)\n%s", test.why, got.Unit, test.keep, diff)
		}
	}
}

// Statistics of a trace of one request are numbers.
func TestStatsOfOneRequest(t *testing.T) {
	s := NewStats(&Trace{Requests: []Request{{Line: 1, Input: 100, Output: 3, Blocks: []int64{1, 2, 3, 4}}}}, 0)
	if text := fmt.Sprintf("%+v %v %v", s, s.Ideal.BlockRatio(), s.Ideal.TokenRatio()); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Error(text)
	}
}
