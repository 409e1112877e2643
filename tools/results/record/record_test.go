package record

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func seconds(s float64) *float64 { return &s }
func tokens(n Tokens) *Tokens    { return &n }

// rows returns a success and a failure with every kind of cell.
func rows() []Row {
	return []Row{
		{
			PromptTokens: tokens(100), GenerationTokens: tokens(3), TTFT: seconds(0.25), GenerationTime: seconds(0.1),
			UserID: 7, QuestionID: 2, LaunchTime: 1700000000.125, FinishTime: 1700000000.475,
			Timestamp: 1700000000.125, RequestID: "7-2", Latency: seconds(0.35), CompletionTokens: tokens(3), TotalTokens: tokens(103),
			ScheduledTime: 1700000000.124, ConnectTime: seconds(0), Attempts: 1, CachedTokens: tokens(64),
			TokensFrom: FromUsage, FinishReason: "length", QuestionNumber: 5, SimulatedHistory: true,
			Lateness: Lateness{Timer: 0.0004, Queue: 0.0006, CarriedOver: 1.5}, UncachedShare: 0.75,
			Gaps: Gaps{50 * time.Millisecond, 49999600},
		},
		{
			UserID: 8, QuestionID: 1, LaunchTime: 1700000001, FinishTime: 1700000001.5, Timestamp: 1700000001,
			RequestID: "8-1", Error: `POST /v1/completions: HTTP 500: "no, really"`, ScheduledTime: 1700000001, QuestionNumber: 1,
		},
	}
}

func TestWriterWritesTheLayout(t *testing.T) {
	var out strings.Builder
	w, err := NewWriter(&out, Conversation())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(rows()...); err != nil {
		t.Fatal(err)
	}
	const want = `prompt_tokens,generation_tokens,ttft,generation_time,user_id,question_id,launch_time,finish_time,timestamp,request_id,latency,completion_tokens,total_tokens,error,question_number,simulated_history,scheduled_time,connect_time,attempts,cached_tokens,tokens_from,finish_reason,lag_timer,lag_queue,lag_backlog,lag_inherited,cold,itl_us
100,3,0.25,0.1,7,2,1700000000.125,1700000000.475,1700000000.125,7-2,0.35,3,103,,5,true,1700000000.124,0,1,64,usage,length,0.0004,0.0006,0,1.5,0.75,50000 50000
,,,,8,1,1700000001,1700000001.5,1700000001,8-1,,,,"POST /v1/completions: HTTP 500: ""no, really""",1,false,1700000001,,0,,,,0,0,0,0,0,
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReadMirrorsWriter(t *testing.T) {
	var file strings.Builder
	w, err := NewWriter(&file, Conversation())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(rows()...); err != nil {
		t.Fatal(err)
	}
	want := rows()
	want[0].Gaps[1] = 50 * time.Millisecond // whole microseconds are kept
	i := 0
	for row, err := range Read(strings.NewReader(file.String())) {
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[i], row); diff != "" {
			t.Errorf("row %d (-want +got)\n%s", i, diff)
		}
		i++
	}
	if i != len(want) {
		t.Errorf("%d rows, want %d", i, len(want))
	}
}

func TestRead(t *testing.T) {
	const header = "prompt_tokens,generation_tokens,ttft,generation_time,launch_time,finish_time"
	tests := []struct {
		why  string
		file string
		rows int
		err  string
	}{
		{"the original's file, with token columns as pandas writes them beside empty cells", header + "\n54.0,3.0,0.1,0.2,1,2\n54,3,0.1,0.2,1,2\n", 2, ""},
		{"columns in another order, one unknown", "x,finish_time,launch_time,generation_time,ttft,generation_tokens,prompt_tokens\na,1,2,3,4,5,6\n", 1, ""},
		{"a header alone is a run without answers", header + "\n", 0, ""},
		{"an empty file is no result", "", 0, "the file is empty"},
		{"a file of one newline is what pandas writes for no rows", "\n", 0, "the file is empty"},
		{"a missing column is named", "prompt_tokens,generation_tokens,ttft,generation_time,launch_time\n1,1,1,1,1\n", 0, `no column "finish_time"`},
		{"a bad number is found by its line", header + "\n1,1,1,1,1,1\n1,1,fast,1,1,1\n", 1, "line 3"},
		{"a cut line is found by its line", header + "\n1,1,1,1,1,1\n1,1,1\n", 1, "line 3"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			n := 0
			var failed error
			for _, err := range Read(strings.NewReader(test.file)) {
				if err != nil {
					failed = err
					break
				}
				n++
			}
			if n != test.rows {
				t.Errorf("%d rows, want %d", n, test.rows)
			}
			if test.err == "" && failed != nil || test.err != "" && (failed == nil || !strings.Contains(failed.Error(), test.err)) {
				t.Errorf("error %v, want %q", failed, test.err)
			}
		})
	}
}

func TestNewWriterRefusesUnknownColumns(t *testing.T) {
	if _, err := NewWriter(&strings.Builder{}, Layout{"ttft", "ttfb"}); err == nil || !strings.Contains(err.Error(), `"ttfb"`) {
		t.Errorf("error %v, want one that names the column", err)
	}
}

func TestMicroseconds(t *testing.T) {
	for _, d := range []time.Duration{0, 1, 499, 500, 501, 999, 1000, 1499, 1500, -1, -499, -500, -501, -1500, 20*time.Millisecond + 499, time.Hour + 500} {
		if got, want := Microseconds(d), d.Round(time.Microsecond).Microseconds(); got != want {
			t.Errorf("%d ns are %d µs, want %d", d, got, want)
		}
	}
}
