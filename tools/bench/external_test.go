package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/load/refengine"
)

// The rows of another client may be in any order.
func TestExternalClient(t *testing.T) {
	rows := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(rows, []byte(`prompt_tokens,generation_tokens,ttft,generation_time,user_id,question_id,launch_time,finish_time
9,2,0.5,0.75,7,2,1003,1004.25
9,2,0.25,0.75,7,1,1001,1002
9,2,0.5,0.5,8,1,1001,1002
9,2,0.5,0.5,9,1,1001,1002
`), 0o600); err != nil {
		t.Fatal(err)
	}
	log := engineReport{Wall: 1000, Log: []refengine.LogEntry{
		{User: "8", Read: time.Second, Written: []time.Duration{1500 * ms, 2000 * ms}},
		{User: "7", Read: 3 * time.Second, Written: []time.Duration{3250 * ms, 4250 * ms}},
		{User: "7", Read: time.Second, Written: []time.Duration{1250 * ms, 2000 * ms}},
		{User: "", Read: 5 * time.Second, Written: []time.Duration{5500 * ms}},
	}}
	f := figuresFromLog(scenario{Engine: refengine.Config{Chunks: 2}}, log)
	if f.requests != 4 || f.failed != 1 || f.achieved != 0.75 || f.chunks != 7 {
		t.Errorf("figures from the log: %+v; want 4 requests, 1 failed, 0.75/s, 7 chunks", f)
	}
	f.failed = 0
	if err := (&external{rows: rows}).compareRows(&f, log); err != nil {
		t.Fatal(err)
	}
	if f.failed != 1 || f.ttft.Count != 3 || f.ttft.Min != 0 || f.ttft.Max != 250 || f.e2el.Max != 0 {
		t.Errorf("%d failed, TTFT %+v, E2EL %+v", f.failed, f.ttft, f.e2el)
	}
}
