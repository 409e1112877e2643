package workloadtest

import (
	"strings"
	"testing"
)

// Refused tests that a command line fails before anything is sent, with the given
// exit code and an error that contains each of want.
func (b Harness) Refused(t *testing.T, code int, want []string) {
	t.Helper()
	out := b.Run(t)
	if out.Code != code || out.Requests > 0 {
		t.Errorf("exit code %d after %d requests, want %d before any", out.Code, out.Requests, code)
	}
	for _, want := range want {
		if out.Err == nil || !strings.Contains(out.Err.Error(), want) {
			t.Errorf("error\n%v\nwant %q", out.Err, want)
		}
	}
}
