package result

import (
	"fmt"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/results/spec"
)

// failed returns the text that replaces the result of a point without a successful request.
// It is not JSON, so that no plot shows such a point as the fastest of all.
func (p *point) failed(cause error, workload spec.Map, now time.Time) []byte {
	var out strings.Builder
	fmt.Fprintf(&out, "no result: %v\n", cause)
	fmt.Fprintf(&out, "at %s\n", now.UTC().Format(time.RFC3339))
	fmt.Fprintf(&out, "baseline_key %s\n", p.text("KEY"))
	fmt.Fprintf(&out, "session %s\n\n", text(p.given("LMBENCH_SESSION_ID")))
	fmt.Fprintf(&out, "requests sent    %d\n", p.figures.Sent)
	fmt.Fprintf(&out, "requests ok      %d\n", p.figures.OK)
	fmt.Fprintf(&out, "requests failed  %d\n", p.figures.Failed)
	out.WriteString("\n")
	p.verdict.Print(&out)
	if len(p.figures.Failures) > 0 {
		out.WriteString("\nerrors\n")
	}
	for _, failure := range p.figures.Failures {
		fmt.Fprintf(&out, "%8d  %s\n", failure.Count, failure.Text)
	}
	if len(workload) > 0 {
		out.WriteString("\nworkload\n")
	}
	for _, entry := range workload {
		fmt.Fprintf(&out, "  %s=%s\n", entry.Key, text(entry.Value))
	}
	return []byte(out.String())
}
