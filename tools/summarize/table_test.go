package main

import (
	"math"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/result"
)

// Figures of vLLM's benchmark have no sample count. There are at most as many samples as
// answers.
func TestTableMarksUnsupportedPercentiles(t *testing.T) {
	tests := []struct {
		why          string
		ok, measured int
		want         string
	}{
		{"too few measured", 700, 100, "12.0?"},
		{"enough measured", 700, 700, "12.0 "},
		{"no count, too few answers", 150, 0, "12.0?"},
		{"no count, enough answers", 700, 0, "12.0 "},
	}
	for _, test := range tests {
		figures := new(metrics.Accumulator).Figures()
		figures.OK = test.ok
		figures.TTFT = metrics.Distribution{Count: test.measured, Mean: 10, Median: 10, Quantiles: []metrics.Quantile{{Percent: 99, Value: 12}}, Max: math.NaN()}
		var out strings.Builder
		if err := printTable(&out, &result.Report{Figures: figures}); err != nil || !strings.Contains(out.String(), test.want) {
			t.Errorf("%s: %v\n%s", test.why, err, &out)
		}
	}
}
