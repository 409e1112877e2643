package result

import (
	"fmt"
	"testing"

	"github.com/LMCache/LMBench/tools/results/metrics"
)

func TestFailuresAreFew(t *testing.T) {
	failures := []metrics.Failure{{Text: metrics.OtherErrors, Count: 100}} // of a tally that met its own bound
	for i := range 30 {
		failures = append(failures, metrics.Failure{Text: fmt.Sprint(i), Count: 2})
	}
	got := most(failures)
	if last := got[len(got)-1]; len(got) != 20 || last != (metrics.Failure{Text: metrics.OtherErrors, Count: 122}) {
		t.Errorf("%d entries, the last %v", len(got), last)
	}
	for _, failure := range got[:19] {
		if failure.Text == metrics.OtherErrors {
			t.Error("the same key twice")
		}
	}
	if got := most(failures[:20]); len(got) != 20 || got[0].Count != 100 {
		t.Errorf("20 need no bound: %v", got)
	}
}
