package verdict

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFacts(t *testing.T) {
	var facts Facts
	facts.Add("gc_pause_max_ms", 0.125)
	facts.Add("clock_step_ms", math.NaN())
	facts.AddText("fingerprint", "0af3")
	if got := facts.Number("gc_pause_max_ms"); got != 0.125 {
		t.Errorf("read back %v, want 0.125", got)
	}
	for _, name := range []string{"clock_step_ms", "fingerprint", "never"} {
		if got := facts.Number(name); !math.IsNaN(got) {
			t.Errorf("%s is the number %v, want none", name, got)
		}
	}
	if diff := cmp.Diff([]string{"PROOF_GC_PAUSE_MAX_MS=0.125", "PROOF_FINGERPRINT=0af3"}, facts.Pairs()); diff != "" {
		t.Errorf("pairs (-want +got)\n%s", diff)
	}
}
