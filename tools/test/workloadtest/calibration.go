package workloadtest

import (
	"strings"
	"testing"
)

// calibration tests that each point tells what the client adds, which in virtual
// time is nothing, and that the engine sees nothing of it.
func (c Case) calibration(t *testing.T) {
	off := Bench{Workload: c.New(), Args: append([]string{"--no-calibration"}, c.Sweep...), Engine: engine(), Calibrate: true}.Run(t)
	on := Bench{Workload: c.New(), Args: c.Sweep, Engine: engine(), Calibrate: true}.Run(t)
	const adds = "this client adds (mean, p99 in ms): TTFT 0.000, 0.000; ITL 0.000, 0.000; E2EL 0.000, 0.000\n"
	if n := strings.Count(on.Stderr, adds); on.Err != nil || n != c.points() {
		t.Errorf("%v; told for %d points, want %d\n%s", on.Err, n, c.points(), on.Stderr)
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
		t.Errorf("the engine got %d requests, and %d without calibration", on.Requests, off.Requests)
	}
}
