package workloadtest

import (
	"cmp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// fingerprint tests that the same arguments send the same requests: planned twice, on
// one CPU or four, and against a slow engine.
func (c Case) fingerprint(t *testing.T) {
	sweep, flags := slices.Concat(c.Fixed, c.Sweep), slices.Concat(c.Fixed, c.Flags)
	var told [2]string
	for i, processors := range []int{1, 4} {
		before := runtime.GOMAXPROCS(processors)
		for _, args := range [][]string{sweep, flags} {
			out := Harness{Workload: c.New(), Args: append([]string{"--fingerprint"}, args...), Down: true}.Run(t)
			if out.Err != nil {
				t.Fatalf("%v\n%s", out.Err, out.Stderr)
			}
			told[i] += out.Stdout
		}
		runtime.GOMAXPROCS(before)
	}
	if told[0] != told[1] {
		t.Errorf("on one processor\n%s\non four\n%s", told[0], told[1])
	}
	Golden(t, cmp.Or(c.Fingerprints, "fingerprints.txt"), told[0])

	lines := strings.Split(strings.TrimSpace(told[0]), "\n")
	var wanted []string
	for _, line := range lines[:len(lines)-1] { // the last line is the single run's
		wanted = append(wanted, strings.Fields(line)[0])
	}
	slow := engine()
	slow.BaseTTFT = time.Second
	out := Harness{Workload: c.New(), Args: slices.Concat([]string{"--verify", strings.Join(wanted, ",")}, sweep), Engine: slow}.Run(t)
	var sent []string
	for line := range strings.Lines(out.Stderr) {
		if sum, found := strings.CutPrefix(line, "fingerprint: "); found {
			sent = append(sent, strings.TrimSpace(sum))
		}
	}
	if out.Code != 0 || !slices.Equal(sent, wanted) {
		t.Errorf("exit code %d, fingerprints %v, want %v\n%s", out.Code, sent, wanted, out.Stderr)
	}
	other := strings.Repeat("0", 64)
	for _, args := range [][]string{sweep, append(flags, "--output", t.TempDir()+"/one.csv")} {
		out := Harness{Workload: c.New(), Args: append([]string{"--verify", other}, args...), Engine: slow}.Run(t)
		said := out.Stderr + out.Err.Error()
		if out.Code != 1 || out.Requests > 0 || !strings.Contains(said, "want "+other) {
			t.Errorf("another load: exit code %d after %d requests, want 1 before any\n%s", out.Code, out.Requests, said)
		}
	}
}
