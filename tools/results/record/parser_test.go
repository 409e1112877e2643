package record

import (
	"math"
	"strings"
	"testing"
)

// Cells of other programs are read as pandas reads them.
func TestCellsOfOtherPrograms(t *testing.T) {
	const header = "\ufeffprompt_tokens,generation_tokens,ttft,generation_time,launch_time,finish_time,error\n"
	for _, test := range []struct {
		why, line string
		ok        func(Row) bool
	}{
		{"words for a missing number", "NA,2,None,-nan,5,6,\n", func(r Row) bool {
			return r.PromptTokens == nil && r.TTFT == nil && r.GenerationTime == nil && *r.GenerationTokens == 2 && r.Stamped()
		}},
		{"beside a quoted text", "1,2,null,4,5,6,\"a, b\"\n", func(r Row) bool { return r.TTFT == nil && r.Error == "a, b" }},
		{"a missing instant is not the instant 0", "1,2,3,4,,6,\n", func(r Row) bool { return math.IsNaN(r.LaunchTime) && r.FinishTime == 6 && !r.Stamped() }},
		{"0 is an instant", "1,2,3,4,0,6,\n", func(r Row) bool { return r.LaunchTime == 0 && r.Stamped() }},
		{"whole numbers as floats", "1e3,2.0,3,4,5,6,\n", func(r Row) bool { return *r.PromptTokens == 1000 && *r.GenerationTokens == 2 }},
		{"in a text column the word is text", "1,2,3,4,5,6,NA\n", func(r Row) bool { return r.Error == "NA" }},
	} {
		rows := 0
		for row, err := range Read(strings.NewReader(header + test.line)) {
			if rows++; err != nil || !test.ok(row) {
				t.Errorf("%s: %+v, %v", test.why, row, err)
			}
		}
		if rows != 1 {
			t.Errorf("%s: %d rows", test.why, rows)
		}
	}
}

// A column of whole numbers is a column of floats once pandas has saved it with an
// empty cell.
func TestWholeNumbersOfPandas(t *testing.T) {
	const header = "prompt_tokens,generation_tokens,ttft,generation_time,launch_time,finish_time,trace_line\n1,2,3,4,5,6,1\n"
	for _, test := range []struct {
		cell  string
		want  int
		fails string
	}{
		{"374", 374, ""}, {"374.0", 374, ""}, {"1e3", 1000, ""}, {"1.2E+1", 12, ""}, {"", 0, ""}, {"NaN", 0, ""}, {"nan", 0, ""}, {"None", 0, ""},
		{"374.5", 0, `line 3: column "trace_line": want a whole number, got "374.5"`}, {"x", 0, `line 3: column "trace_line"`},
	} {
		var last Row
		var failed error
		for row, err := range Read(strings.NewReader(header + "1,2,3,4,5,6," + test.cell + "\n")) {
			last, failed = row, err
		}
		if test.fails != "" {
			if failed == nil || !strings.Contains(failed.Error(), test.fails) {
				t.Errorf("%q: error %v, want %s", test.cell, failed, test.fails)
			}
		} else if failed != nil || last.TraceLine != test.want {
			t.Errorf("%q: %d, %v, want %d", test.cell, last.TraceLine, failed, test.want)
		}
	}
}
