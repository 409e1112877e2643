package record

import (
	"strings"
	"testing"
)

// LMBench's columns come first, in its order; then those of the convention.
func TestTraceColumns(t *testing.T) {
	var out strings.Builder
	w, err := NewWriter(&out, Trace())
	if err != nil {
		t.Fatal(err)
	}
	row := rows()[0]
	row.Traced = Traced{TraceLine: 9, TraceOffset: 1.5, RequestedPromptTokens: 100, RequestedGenerationTokens: 3, IdealCachedTokens: 64}
	if err := w.Write(row); err != nil {
		t.Fatal(err)
	}
	const want = `launch_time,finish_time,ttft,generation_time,prompt_tokens,generation_tokens,total_tokens,error,timestamp,request_id,latency,completion_tokens,user_id,trace_line,trace_offset,requested_prompt_tokens,requested_generation_tokens,ideal_cached_tokens,scheduled_time,connect_time,attempts,cached_tokens,tokens_from,finish_reason,lag_timer,lag_queue,lag_backlog,lag_inherited,cold,itl_us
1700000000.125,1700000000.475,0.25,0.1,100,3,103,,1700000000.125,7-2,0.35,3,7,9,1.5,100,3,64,1700000000.124,0,1,64,usage,length,0.0004,0.0006,0,1.5,0.75,50000 50000
`
	if out.String() != want {
		t.Errorf("\n%s, want\n%s", out.String(), want)
	}
	for got, err := range Read(strings.NewReader(out.String())) {
		if err != nil || got.Traced != row.Traced {
			t.Errorf("%+v, %v; want %+v", got.Traced, err, row.Traced)
		}
	}
}
