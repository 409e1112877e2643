package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/load/refengine"
)

// Both clients get all answers, and every part of the diagnostics runs in one of them.
func TestDiagnosticsOverhead(t *testing.T) {
	p := inProcess(t)
	var out bytes.Buffer
	p.stdout = &out
	o := options{repeat: 2, names: []string{diagnosticsName}}
	small := scenario{Name: diagnosticsName, Engine: refengine.Config{First: ms, Gap: ms, Chunks: 3}, Requests: 70, Rate: 500, Prompt: 100, Connections: 2}
	if err := o.measureDiagnostics(t.Context(), &p, small); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"median", "calibration after the point, not included: 0.", "observed: fingerprint, ledger_planned, "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, &out)
		}
	}
}

// If a round fails, the rounds before it are printed.
func TestFailedRound(t *testing.T) {
	p := inProcess(t)
	var out bytes.Buffer
	p.stdout = &out
	spawn, clients := p.spawn, atomic.Int32{}
	p.spawn = func(ctx context.Context, stderr io.Writer, args ...string) (*child, error) {
		if args[0] == diagnosticsProcess && clients.Add(1) > 2 {
			return nil, errors.New("no more processes")
		}
		return spawn(ctx, stderr, args...)
	}
	small := scenario{Name: diagnosticsName, Engine: refengine.Config{First: ms, Gap: ms, Chunks: 3}, Requests: 70, Rate: 500, Prompt: 100, Connections: 2}
	err := (&options{repeat: 3}).measureDiagnostics(t.Context(), &p, small)
	if err == nil || !strings.Contains(err.Error(), "no more processes") {
		t.Errorf("error %v, want one that says no more processes", err)
	}
	if got := out.String(); strings.Count(got, " %\n") != 2 || !strings.Contains(got, "median") || strings.Contains(got, "calibration") {
		t.Errorf("want one round, its median and no calibration, got\n%s", got)
	}
}

func TestWriteDiagnostics(t *testing.T) {
	round := func(without, with time.Duration) [2]diagnosticsReport {
		return [2]diagnosticsReport{{CPU: without, Chunks: 1000}, {CPU: with, Chunks: 1000, EventLogSize: 3000, Observed: []string{"a", "b"}}}
	}
	calibrated := diagnosticsReport{Calibration: 0.5, CalibrationCPU: 0.25}
	var out bytes.Buffer
	if err := writeDiagnostics(&out, [][2]diagnosticsReport{round(1000*ms, 1030*ms), round(1000*ms, 1010*ms), round(2000*ms, 2040*ms)}, calibrated); err != nil {
		t.Fatal(err)
	}
	const want = `  CPU of the client, s  without   with  overhead
                          1.000  1.030    3.00 %
                          1.000  1.010    1.00 %
                          2.000  2.040    2.00 %
                median    1.000  1.030    2.00 %
mean overhead: 2.00 %, standard error 0.58
per chunk: 1000.00 µs of CPU without, 1030.00 with; 3.00 bytes of event log
calibration after the point, not included: 0.25 s of CPU in 0.50 s
observed: a, b
`
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	out.Reset()
	var many [][2]diagnosticsReport
	for i := range 10 {
		many = append(many, round(1000*ms, time.Duration(1001+i)*ms))
	}
	// With ten rounds the median lies between the second and the ninth with 98 % probability.
	if err := writeDiagnostics(&out, many, calibrated); err != nil || !strings.Contains(out.String(), "95 % confidence interval of the median: 0.20 to 0.90 %\n") {
		t.Errorf("%v\n%s", err, &out)
	}
	if err := writeDiagnostics(failing{}, [][2]diagnosticsReport{round(1, 1)}, calibrated); err == nil {
		t.Error("no error although the output cannot be written")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("no space left") }
