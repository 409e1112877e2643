package schedule

import (
	"testing"
	"time"
)

func TestLead(t *testing.T) {
	const us = time.Microsecond
	tests := []struct {
		why      string
		late     []time.Duration // in turns
		min, max time.Duration   // of the lead in the end
	}{
		{"an idle machine", []time.Duration{40 * us, 45 * us, 50 * us}, 50 * us, 63 * us},
		{"a busy one", []time.Duration{2 * us, 3 * us}, leastLead, leastLead},
		{"never early", []time.Duration{-us, 0}, leastLead, leastLead},
		{"now and then far too late", []time.Duration{5 * us, 5 * us, 5 * us, 5 * us, 5 * us, 5 * us, 5 * us, 5 * us, 5 * us, time.Second}, leastLead, mostLead},
		{"always far too late", []time.Duration{time.Second}, mostLead, mostLead},
	}
	for _, test := range tests {
		l := lead{mostLead / 2}
		for i := range 1000 {
			l.learn(test.late[i%len(test.late)])
		}
		if got := l.time(); got < test.min || got > test.max {
			t.Errorf("%s: %v, want %v to %v", test.why, got, test.min, test.max)
		}
	}
}
