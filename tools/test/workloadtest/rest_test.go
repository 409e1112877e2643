package workloadtest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// A signal during the cool-down after a point ends the run. The point was measured
// completely: its result is not marked interrupted, and --resume skips it.
func TestSignalDuringCooldown(t *testing.T) {
	first := steadyHarness(&steady{seed: 1}, "40", "50")
	first.Args = append([]string{"--time", "10", "--cooldown", "60"}, first.Args...)
	first.Signals = []time.Duration{30 * time.Second}
	out := first.Run(t)
	results := out.Files(t, "4-latest-results/*/*.json")
	if out.Code != 130 || len(results) != 1 {
		t.Fatalf("exit code %d, results %v\n%s", out.Code, results, out.Stderr)
	}
	var result struct {
		Results, Workload map[string]any
	}
	if err := json.Unmarshal([]byte(out.Read(t, results[0])), &result); err != nil {
		t.Fatal(err)
	}
	if said := result.Workload["INTERRUPTED"]; said != nil || result.Results["requests_planned"] == nil {
		t.Errorf("INTERRUPTED is %v, requests_planned %v", said, result.Results["requests_planned"])
	}

	again := steadyHarness(&steady{seed: 1}, "40", "50")
	again.Root = out.Root
	again.Args = append([]string{"--resume", "--time", "10", "--cooldown", "60"}, again.Args...)
	rest := again.Run(t)
	if n := strings.Count(rest.Stderr, "is measured already"); rest.Err != nil || n != 1 || rest.Requests >= 2*out.Requests {
		t.Errorf("%d points skipped, want 1; %d requests after %d: %v\n%s", n, rest.Requests, out.Requests, rest.Err, rest.Stderr)
	}
}
