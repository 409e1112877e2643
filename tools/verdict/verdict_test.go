package verdict

import (
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/metrics"
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
		{"all failed", refused, nil, "INVALID (nothing_succeeded)", "none of 3 requests succeeded; most often: refused"},
		{"nothing listens", metrics.Figures{}, Facts{{"point_error", "connection refused"}}, "INVALID (nothing_measured)", "no request was measured: connection refused"},
		{"others were answered", metrics.Figures{}, Facts{{"total_finished", "7"}, {"total_lost", "1"}}, "INVALID (nothing_measured)", "8 requests were sent, but none of those to be measured"},
		{"a signal came first", metrics.Figures{}, Facts{{"interrupted", "True"}}, "INVALID (nothing_measured, interrupted)", "no request was sent"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			v := Judge(&test.figures, test.facts)
			if v.Line() != test.line || !strings.Contains(v.Reasons[0].Text, test.text) {
				t.Errorf("%s: %q, want %s: %q", v.Line(), v.Reasons[0].Text, test.line, test.text)
			}
		})
	}
}

func TestLineOfAValidPoint(t *testing.T) {
	if line := Judge(&metrics.Figures{Sent: 100, OK: 100}, nil).Line(); line != "VALID" {
		t.Error(line)
	}
}
