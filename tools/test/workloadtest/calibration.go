package workloadtest

import (
	"strings"
	"testing"
)

// calibration tests that each point reports what the client adds, which is nothing
// in virtual time, and that calibration sends nothing to the engine.
func (c Case) calibration(t *testing.T) {
	off := Harness{Workload: c.New(), Args: append([]string{"--no-calibration"}, c.Sweep...), Engine: engine(), Calibrate: true}.Run(t)
	on := Harness{Workload: c.New(), Args: c.Sweep, Engine: engine(), Calibrate: true}.Run(t)
	const adds = "this client adds (mean, p99 in ms): TTFT 0, 0; ITL 0, 0; E2EL 0, 0\n"
	if n := strings.Count(on.Stderr, adds); on.Err != nil || n != c.points() {
		t.Errorf("%v; reported for %d points, want %d\n%s", on.Err, n, c.points(), on.Stderr)
	}
	for _, name := range on.Files(t, "4-latest-results/*/*.json") {
		if !strings.Contains(on.Read(t, name), `"measurement_error": {`) {
			t.Errorf("%s has no measurement_error", name)
		}
	}
	if strings.Contains(off.Stderr, "this client adds") {
		t.Errorf("--no-calibration\n%s", off.Stderr)
	}
	if on.Requests != off.Requests {
		t.Errorf("the engine received %d requests, %d without calibration", on.Requests, off.Requests)
	}
}
