package verdict

import (
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/results/metrics"
)

func TestWithoutASuccess(t *testing.T) {
	refused := metrics.Figures{Sent: 3, Failed: 3, Failures: []metrics.Failure{{Text: "refused", Count: 3}}}
	tests := []struct {
		why     string
		figures metrics.Figures
		facts   Facts
		line    string
		text    string
	}{
		{"all failed", refused, Facts{}, "INVALID (nothing_succeeded)", "none of 3 requests succeeded; most often: refused"},
		{"nothing listens", metrics.Figures{}, Facts{PointError: "connection refused"}, "INVALID (nothing_measured)", "no request was measured: connection refused"},
		{"others were answered", metrics.Figures{}, Facts{Total: Total{Finished: new(7), Lost: new(1)}}, "INVALID (nothing_measured)", "8 requests were sent, but none of those to be measured"},
		{"a signal came first", metrics.Figures{}, Facts{Interrupted: BySignal}, "INVALID (nothing_measured, interrupted)", "no request was sent"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			v := Judge(&test.figures, &test.facts)
			if v.Line() != test.line || !strings.Contains(v.Reasons[0].Text, test.text) {
				t.Errorf("%s: %q, want %s: %q", v.Line(), v.Reasons[0].Text, test.line, test.text)
			}
		})
	}
}

func TestOneFaultIsOneReason(t *testing.T) {
	tests := []struct {
		why     string
		figures metrics.Figures
		facts   Facts
		line    string
		text    string
	}{
		{"usage says half, its counters all, of answers with two tokens a chunk", metrics.Figures{GenerationTokens: 500},
			Facts{TokensAsked: new(1000), Total: Total{Finished: new(100), GenerationTokens: new(500)}, Counters: Counters{FinishedRequests: new(100.0), GenerationTokens: new(1000.0)}},
			"SUSPECT (usage_wrong)", "counters rose by 1000 tokens, its answers say 500"},
		{"no usage, two tokens a chunk", metrics.Figures{GenerationTokens: 500, FromChunks: 100}, Facts{TokensAsked: new(1000)},
			"SUSPECT (usage_missing)", "100 of 100 answers came without the engine's count"},
		{"answers as long as the engine lets them be", metrics.Figures{GenerationTokens: 500}, Facts{TokensAsked: new(1000), Answers: Answers{Cut: 100}},
			"SUSPECT (answers_short)", "of 100 the engine says that they reached the longest length"},
		{"users who waited for a pause to end", metrics.Figures{Diagnostics: metrics.Diagnostics{Window: 10, Stall: metrics.Stall{Seconds: 2, Streams: 3}}},
			Facts{Ledger: Accounting{Planned: new(120), NeverSent: NeverSent{NotTaken: 20}}},
			"SUSPECT (engine_pause)", "for want of answers 20 of 120 planned requests were not sent"},
		{"users who waited for more than a pause", metrics.Figures{Diagnostics: metrics.Diagnostics{Window: 10, Stall: metrics.Stall{Seconds: 1, Streams: 3}}},
			Facts{Ledger: Accounting{Planned: new(150), NeverSent: NeverSent{NotTaken: 50}}},
			"SUSPECT (engine_pause, load_not_taken)", "the engine sent nothing for 1.0 s"},
		{"a page on which engines take turns", metrics.Figures{}, Facts{Counters: Counters{Falls: 3}}, "VALID", ""},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			test.figures.Sent, test.figures.OK, test.figures.ITL = 100, 100, metrics.Distribute([]float64{10})
			v := Judge(&test.figures, &test.facts)
			if v.Line() != test.line || len(v.Reasons) > 0 && !strings.Contains(v.Reasons[0].Text, test.text) {
				t.Errorf("%s: %+v, want %s: %q", v.Line(), v.Reasons, test.line, test.text)
			}
		})
	}
}

func TestLineOfAValidPoint(t *testing.T) {
	if line := Judge(&metrics.Figures{Sent: 100, OK: 100}, &Facts{}).Line(); line != "VALID" {
		t.Error(line)
	}
}
