package monitor

import (
	"math"
	"testing"
)

func TestGCPausesSince(t *testing.T) {
	bounds := []float64{0, 0.001, 0.01, math.Inf(1)}
	tests := []struct {
		why            string
		before, now    []uint64
		count          uint64
		longest, total float64
	}{
		{"no pause", []uint64{1, 2, 3}, []uint64{1, 2, 3}, 0, 0, 0},
		{"pauses count with the upper bound of their bucket", []uint64{1, 2, 0}, []uint64{3, 3, 0}, 3, 0.01, 0.012},
		{"the last bucket has a lower bound only", []uint64{0, 0, 0}, []uint64{0, 0, 2}, 2, 0.01, 0.02},
		{"no earlier reading", nil, []uint64{1, 0, 0}, 1, 0.001, 0.001},
	}
	for _, test := range tests {
		count, longest, total := GCPauses{test.now, bounds}.Since(GCPauses{test.before, bounds})
		if count != test.count || longest != test.longest || math.Abs(total-test.total) > 1e-12 {
			t.Errorf("%s: %d pauses, longest %v, total %v, want %d, %v, %v", test.why, count, longest, total, test.count, test.longest, test.total)
		}
	}
	if ReadGCPauses().counts == nil {
		t.Error("the runtime reports no pauses")
	}
}
