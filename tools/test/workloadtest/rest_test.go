package workloadtest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// A signal in the rest after a point ends the run. The point was measured to its
// end: its result says nothing else, and it is not measured again.
func TestASignalWhileTheClientRests(t *testing.T) {
	first := steadyBench(&steady{seed: 1}, "40", "50")
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

	again := steadyBench(&steady{seed: 1}, "40", "50")
	again.Root = out.Root
	again.Args = append([]string{"--resume", "--time", "10", "--cooldown", "60"}, again.Args...)
	rest := again.Run(t)
	if n := strings.Count(rest.Stderr, "is measured already"); rest.Err != nil || n != 1 || rest.Requests >= 2*out.Requests {
		t.Errorf("%d points passed over, want 1; %d requests after %d: %v\n%s", n, rest.Requests, out.Requests, rest.Err, rest.Stderr)
	}
}
