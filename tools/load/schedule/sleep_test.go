package schedule

import (
	"testing"
	"time"
)

func TestMargin(t *testing.T) {
	const us = time.Microsecond
	tests := []struct {
		why      string
		late     []time.Duration // repeated
		min, max time.Duration   // of the margin in the end
	}{
		{"an idle machine", []time.Duration{40 * us, 45 * us, 50 * us}, 50 * us, 63 * us},
		{"a busy one", []time.Duration{2 * us, 3 * us}, minMargin, minMargin},
		{"never early", []time.Duration{-us, 0}, minMargin, minMargin},
		{"rarely far too late", []time.Duration{5 * us, 5 * us, 5 * us, 5 * us, 5 * us, 5 * us, 5 * us, 5 * us, 5 * us, time.Second}, minMargin, maxMargin},
		{"always far too late", []time.Duration{time.Second}, maxMargin, maxMargin},
	}
	for _, test := range tests {
		m := margin{maxMargin / 2}
		for i := range 1000 {
			m.learn(test.late[i%len(test.late)])
		}
		if got := m.time(); got < test.min || got > test.max {
			t.Errorf("%s: %v, want %v to %v", test.why, got, test.min, test.max)
		}
	}
}
