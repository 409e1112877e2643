package monitor

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// answer returns a request for limit tokens that got some.
func answer(limit, tokens int, finishReason string) *workload.Request {
	r := &workload.Request{Payload: openai.Request{MaxTokens: limit}}
	r.Reply.Usage.Prompt, r.Reply.Usage.Completion = 100, tokens
	r.Reply.FinishReason = finishReason
	r.Dispatch.Reached = time.Now()
	return r
}

func TestAccounting(t *testing.T) {
	unsent := func(n int) verdict.NeverSent { return verdict.NeverSent{NotTaken: n} }
	failed := answer(10, 0, "")
	failed.Err = errors.New("lost")
	tests := []struct {
		why      string
		planned  int
		requests []*workload.Request
		unlisted []*workload.Request
		want     verdict.Facts
	}{
		{"answers within their limit", 2, []*workload.Request{answer(10, 10, "length"), answer(10, 4, "stop")}, nil, verdict.Facts{
			Ledger:      verdict.Accounting{Planned: new(2), Sent: new(2)},
			TokensAsked: new(20), Answers: verdict.Answers{OverLimit: new(0)},
			Total: verdict.Total{Finished: new(2), Lost: new(0), PromptTokens: new(200), GenerationTokens: new(14)},
		}},
		{"an answer over its limit, and one cut below it", 2, []*workload.Request{answer(10, 11, "length"), answer(10, 8, "length")}, nil, verdict.Facts{
			Ledger:      verdict.Accounting{Planned: new(2), Sent: new(2)},
			TokensAsked: new(20), Answers: verdict.Answers{OverLimit: new(1), Cut: 1},
			Total: verdict.Total{Finished: new(2), Lost: new(0), PromptTokens: new(200), GenerationTokens: new(19)},
		}},
		{"one token less than the limit is not a cut: engines count the end differently", 1, []*workload.Request{answer(10, 9, "length")}, nil, verdict.Facts{
			Ledger:      verdict.Accounting{Planned: new(1), Sent: new(1)},
			TokensAsked: new(10), Answers: verdict.Answers{OverLimit: new(0)},
			Total: verdict.Total{Finished: new(1), Lost: new(0), PromptTokens: new(100), GenerationTokens: new(9)},
		}},
		{"a failure and a request that was never sent", 3, []*workload.Request{answer(10, 10, "length"), failed}, nil, verdict.Facts{
			Ledger:      verdict.Accounting{Planned: new(3), Sent: new(2), NeverSent: verdict.NeverSent{NotTaken: 1}},
			TokensAsked: new(10), Answers: verdict.Answers{OverLimit: new(0)},
			Total: verdict.Total{Finished: new(1), Lost: new(1), PromptTokens: new(100), GenerationTokens: new(10)},
		}},
		{"more than planned", 1, []*workload.Request{answer(10, 10, "length"), answer(10, 10, "length")}, nil, verdict.Facts{
			Ledger:      verdict.Accounting{Planned: new(1), Sent: new(2), BeyondPlan: 1},
			TokensAsked: new(20), Answers: verdict.Answers{OverLimit: new(0)},
			Total: verdict.Total{Finished: new(2), Lost: new(0), PromptTokens: new(200), GenerationTokens: new(20)},
		}},
		{"a request without a row counts in the totals only", 0, []*workload.Request{answer(10, 10, "length")}, []*workload.Request{answer(10, 20, "length")}, verdict.Facts{
			Ledger:      verdict.Accounting{Planned: new(1), Sent: new(1)},
			TokensAsked: new(10), Answers: verdict.Answers{OverLimit: new(0)},
			Total: verdict.Total{Finished: new(2), Lost: new(0), PromptTokens: new(200), GenerationTokens: new(30)},
		}},
		{"without usage and limit nothing is known of tokens", 1, []*workload.Request{answer(0, 0, "stop")}, nil, verdict.Facts{
			Ledger: verdict.Accounting{Planned: new(1), Sent: new(1)},
			Total:  verdict.Total{Finished: new(1), Lost: new(0)},
		}},
	}
	for _, test := range tests {
		var a Accounting
		for _, r := range test.requests {
			a.Count(r, &record.Row{}, true)
		}
		for _, r := range test.unlisted {
			a.Count(r, &record.Row{}, false)
		}
		var got verdict.Facts
		a.AddTo(&got, test.planned, unsent)
		if diff := cmp.Diff(test.want, got, cmpopts.IgnoreFields(verdict.Facts{}, "InFlightSeconds")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.why, diff)
		}
	}
}

func TestInFlight(t *testing.T) {
	var f InFlight
	f.Begin()
	f.Begin()
	f.End()
	f.Begin()
	f.End()
	if f.Peak() != 2 {
		t.Errorf("peak %d, want 2", f.Peak())
	}
}
