package workloadtest

import (
	"slices"
	"testing"
	"time"
)

func (c Case) oneSignal(t *testing.T) {
	slow := engine()
	slow.BaseTTFT = 3 * time.Second
	out := Harness{Workload: c.New(), Args: c.Sweep, Engine: slow, Signals: []time.Duration{15 * time.Second}}.Run(t)
	if out.Code != 130 {
		t.Errorf("exit code %d, want 130: %v\n%s", out.Code, out.Err, out.Stderr)
	}
	if out.Elapsed > 46*time.Second {
		t.Errorf("took %v to end", out.Elapsed)
	}
	for _, name := range out.Files(t, c.rows()) {
		for _, row := range rows(t, out.Read(t, name))[1:] {
			if why := row[slices.Index(c.New().Layout, "error")]; why != "" {
				t.Errorf("a request under way was not awaited: %s", why)
			}
		}
	}
	if n := len(out.Files(t, "4-latest-results/*/*.json")); n != 1 {
		t.Errorf("%d results, want that of the interrupted point", n)
	}
}

func (c Case) twoSignals(t *testing.T) {
	hung := engine()
	hung.HangEvery = 12
	out := Harness{Workload: c.New(), Args: c.Sweep, Engine: hung, Signals: []time.Duration{9 * time.Second, 10 * time.Second}}.Run(t)
	if out.Code != 130 {
		t.Errorf("exit code %d, want 130: %v", out.Code, out.Err)
	}
	if out.Elapsed > 11*time.Second {
		t.Errorf("took %v to end, want about 10 s", out.Elapsed)
	}
}
