package workloadtest

import (
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/engine/simengine"
)

// TestStrictVerdict runs whole command lines in both modes: with --strict-verdict the
// exit code is 3 instead of 0 unless every point is VALID.
func TestStrictVerdict(t *testing.T) {
	const flag = "--strict-verdict "
	var (
		failing = simengine.Faults{FailEvery: 10}
		down    = simengine.Faults{FailEvery: 1}
	)
	tests := []struct {
		why    string
		flags  string
		points string // of a sweep; empty: a single run
		faults simengine.Faults
		signal time.Duration
		code   int
		said   string // part of the error
	}{
		{"no reason found", flag, "40", simengine.Faults{}, 0, 0, ""},
		{"the same, in a single run", flag, "", simengine.Faults{}, 0, 0, ""},
		{"40 samples", flag + "--time 1 ", "40", simengine.Faults{}, 0, 3, "not every point is VALID: 40 SUSPECT"},
		{"40 samples, in a single run", flag + "--time 1 ", "", simengine.Faults{}, 0, 3, "not every point is VALID: 40.0 SUSPECT"},
		{"a tenth fails", flag, "40", failing, 0, 3, "not every point is VALID: 40 INVALID"},
		{"a tenth fails, in a single run", flag, "", failing, 0, 3, "not every point is VALID: 40.0 INVALID"},
		{"one of two points has few samples", flag, "4 40", simengine.Faults{}, 0, 3, "not every point is VALID: 4 SUSPECT"},
		{"no request succeeds: as without the flag", flag, "40", down, 0, 1, "no result"},
		{"no request succeeds, in a single run", flag, "", down, 0, 1, "none of "},
		{"a signal: as without the flag", flag, "40", simengine.Faults{}, 5 * time.Second, 130, "interrupted"},
		{"a signal, in a single run", flag, "", simengine.Faults{}, 5 * time.Second, 130, "interrupted"},
		{"flag not given", "", "40", failing, 0, 0, ""},
		{"flag not given in a single run", "", "", failing, 0, 0, ""},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			b := steadyHarness(&steady{seed: 1}, strings.Fields(test.points)...)
			if test.points == "" {
				b.Args = []string{"--model", "sim", "--base-url", "http://engine:30080", "--qps", "40", "--time", "10", "--output", filepath.Join(t.TempDir(), "one.csv")}
			}
			if flags := strings.Fields(test.flags); test.points == "" {
				b.Args = append(b.Args, flags...)
			} else {
				b.Args = append(flags, b.Args...)
			}
			b.Engine.Faults = test.faults
			if test.signal > 0 {
				b.Signals = []time.Duration{test.signal}
			}
			out := b.Run(t)
			if out.Code != test.code {
				t.Errorf("exit code %d, want %d: %v\n%s%s", out.Code, test.code, out.Err, out.Stderr, out.Stdout)
			}
			if said := ""; test.said != "" {
				if out.Err != nil {
					said = out.Err.Error()
				}
				if !strings.Contains(said, test.said) {
					t.Errorf("the error is %q, want it to contain %q", said, test.said)
				}
			}
		})
	}
}

// Under run-bench.py the flag comes as an environment variable. A point without a
// result counts as not VALID.
func TestStrictVerdictOfAPointWithoutAResult(t *testing.T) {
	var once sync.Once
	b := steadyHarness(&steady{seed: 1}, "40", "41")
	b.Env = map[string]string{"LMBENCH_STRICT_VERDICT": "true"}
	b.Args = append([]string{"--cooldown", "5"}, b.Args...)
	answers := healthy(b.Engine)
	var second time.Time // from then on requests fail: the second point
	b.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		once.Do(func() { second = time.Now().Add(13 * time.Second) })
		if r.Method == http.MethodPost && time.Now().After(second) {
			http.Error(w, "no", http.StatusServiceUnavailable)
			return
		}
		answers.ServeHTTP(w, r)
	})
	out := b.Run(t)
	if out.Code != 3 || !strings.Contains(out.Err.Error(), "not every point is VALID: 41 INVALID") {
		t.Errorf("exit code %d: %v\n%s", out.Code, out.Err, out.Stderr)
	}
}
