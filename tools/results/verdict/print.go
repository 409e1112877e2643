package verdict

import (
	"fmt"
	"io"
	"strings"

	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// Print writes the verdict with its reasons and advice.
func (v Verdict) Print(w io.Writer) {
	fmt.Fprintf(w, "verdict: %s\n", v.Level)
	for _, reason := range v.Reasons {
		fmt.Fprintf(w, "  %s (%s): %s\n", strings.ToLower(string(reason.Level)), reason.Code, reason.Text)
		fmt.Fprintf(w, "    what to do: %s\n", reason.Advice)
	}
}

// Line returns the level and the codes of the reasons: "SUSPECT (client_busy)".
func (v Verdict) Line() string {
	codes := make([]string, len(v.Reasons))
	for i, reason := range v.Reasons {
		codes[i] = string(reason.Code)
	}
	if len(codes) == 0 {
		return string(v.Level)
	}
	return fmt.Sprintf("%s (%s)", v.Level, strings.Join(codes, ", "))
}

// Mark follows a percentile whose sample is too small for it.
const Mark = "?"

// Legend explains the mark.
func Legend() string {
	var needs []string
	for _, percent := range metrics.Percents() {
		if percent > 50 { // a median is shown of any sample
			needs = append(needs, fmt.Sprintf("%s %d", metrics.PercentName(percent), metrics.Needed(percent)))
		}
	}
	return fmt.Sprintf("%s fewer samples than the percentile needs (%s)", Mark, strings.Join(needs, ", "))
}

// milliseconds renders a time. One that is unknown counts as 0.
func milliseconds(ms float64) string {
	if !(ms > 0) {
		ms = 0
	}
	return format.Milliseconds(ms)
}
