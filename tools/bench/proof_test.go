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

// Both clients have all answers, and the one with the proof proves all of it.
func TestTheProofIsThereAndIsNot(t *testing.T) {
	p := inProcess(t)
	var out bytes.Buffer
	p.stdout = &out
	o := options{repeat: 2, names: []string{"proof"}}
	small := scenario{Name: "proof", Engine: refengine.Config{First: ms, Gap: ms, Chunks: 3}, Requests: 70, Rate: 500, Prompt: 100, Connections: 2}
	if err := o.weigh(t.Context(), &p, small); err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{"median", "calibration, when the point is over and in none of these: 0.", "with: fingerprint, ledger_planned, "} {
		if !strings.Contains(out.String(), said) {
			t.Errorf("no word of %q in\n%s", said, &out)
		}
	}
}

// What was measured is told, and the error of the round that failed.
func TestARoundThatFails(t *testing.T) {
	p := inProcess(t)
	var out bytes.Buffer
	p.stdout = &out
	spawn, provers := p.spawn, atomic.Int32{}
	p.spawn = func(ctx context.Context, stderr io.Writer, args ...string) (*child, error) {
		if args[0] == "prover" && provers.Add(1) > 2 {
			return nil, errors.New("no more processes")
		}
		return spawn(ctx, stderr, args...)
	}
	small := scenario{Name: "proof", Engine: refengine.Config{First: ms, Gap: ms, Chunks: 3}, Requests: 70, Rate: 500, Prompt: 100, Connections: 2}
	err := (&options{repeat: 3}).weigh(t.Context(), &p, small)
	if err == nil || !strings.Contains(err.Error(), "no more processes") {
		t.Errorf("error %v", err)
	}
	if got := out.String(); strings.Count(got, " %\n") != 2 || !strings.Contains(got, "median") || strings.Contains(got, "calibration") {
		t.Errorf("want one round, its median and no calibration, got\n%s", got)
	}
}

func TestWriteProof(t *testing.T) {
	round := func(without, with time.Duration) [2]proofReport {
		return [2]proofReport{{CPU: without, Chunks: 1000}, {CPU: with, Chunks: 1000, Log: 3000, Proof: []string{"a", "b"}}}
	}
	calibrated := proofReport{Calibration: 0.5, CalibrationCPU: 0.25}
	var out bytes.Buffer
	if err := writeProof(&out, [][2]proofReport{round(1000*ms, 1030*ms), round(1000*ms, 1010*ms), round(2000*ms, 2040*ms)}, calibrated); err != nil {
		t.Fatal(err)
	}
	const want = `  CPU of the client, s  without   with    more
                          1.000  1.030  3.00 %
                          1.000  1.010  1.00 %
                          2.000  2.040  2.00 %
                median    1.000  1.030  2.00 %
mean of the rounds: 2.00 % more, standard error 0.58
a chunk: 1000.00 µs of CPU without, 1030.00 with; 3.00 bytes of event log
calibration, when the point is over and in none of these: 0.25 s of CPU in 0.50 s
with: a, b
`
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	out.Reset()
	var many [][2]proofReport
	for i := range 10 {
		many = append(many, round(1000*ms, time.Duration(1001+i)*ms))
	}
	// With ten rounds the median lies between the second and the ninth, but for one time in fifty.
	if err := writeProof(&out, many, calibrated); err != nil || !strings.Contains(out.String(), "95 % interval of that median: 0.20 to 0.90 %\n") {
		t.Errorf("%v\n%s", err, &out)
	}
	if err := writeProof(failing{}, [][2]proofReport{round(1, 1)}, calibrated); err == nil {
		t.Error("no error of a full disk")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("no space left") }
