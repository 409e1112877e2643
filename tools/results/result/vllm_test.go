package result

import (
	"math"
	"strings"
	"testing"
)

// Any CSV gives figures without a crash, and no count is below 0.
func FuzzReadMetrics(f *testing.F) {
	for _, seed := range []string{
		"metric,value\ncompleted,10\nfailed,2\nmean_ttft_ms,1.5\n",
		"value,metric\n10,completed\nNaN,duration\n-Inf,failed\n",
		"metric,value\ncompleted,1e300\ncompleted,-5\n",
		"metric,value\ncompleted\n",
		"prompt_tokens,ttft\n1,2\n",
		"metric,value\n\"unended",
		"",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		values, ofMetrics, err := readMetrics(strings.NewReader(text))
		if !ofMetrics && (values != nil || err != nil) {
			t.Fatalf("not a CSV of metrics, but it has %v and %v", values, err)
		}
		figures := values.figures()
		if figures.OK < 0 || figures.Failed < 0 || figures.Sent != 0 && figures.Sent != figures.OK+figures.Failed {
			t.Errorf("%d sent, %d ok, %d failed", figures.Sent, figures.OK, figures.Failed)
		}
		if _, there := values["duration"]; !there && !math.IsNaN(figures.Duration) {
			t.Errorf("a duration of %v that is not in the CSV", figures.Duration)
		}
	})
}
