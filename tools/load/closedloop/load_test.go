package closedloop

import (
	"strings"
	"testing"
	"time"
)

func TestNotes(t *testing.T) {
	tests := []struct {
		why  string
		load Load
		runs time.Duration
		want []string
	}{
		{"a conversation longer than the run", Load{350, 20, 0.7}, 200 * s, []string{"a conversation takes 9500 s and the run 200 s"}},
		{"users in step", Load{10, 11, 50}, 200 * s, []string{"10 users ask at the same instant"}},
		{"both", Load{10, 11, 5}, 10 * s, []string{"a conversation takes 20 s", "10 users"}},
		{"neither", Load{10, 10, 50}, 200 * s, nil},
		{"no end of the run", Load{7, 20, 0.1}, 0, nil},
		{"one question each", Load{10, 1, 5}, 200 * s, nil},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			got := append(test.load.NoteLength(test.runs), test.load.NoteSteps()...)
			if len(got) != len(test.want) {
				t.Fatalf("%q, want %q", got, test.want)
			}
			for i, want := range test.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("%q, want %q", got[i], want)
				}
			}
		})
	}
}
