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
