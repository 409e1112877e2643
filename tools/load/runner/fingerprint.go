package runner

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// prepare prepares what the stage sends and computes its fingerprint, unless that
// needs the engine. Nothing is sent before.
func (r *stageRun) prepare() error {
	if r.stage.Prepare != nil {
		notes, err := r.stage.Prepare(r.interrupt.waiting)
		if err != nil {
			return err
		}
		r.note(notes)
	}
	if r.stage.NeedsEngine {
		return nil
	}
	return r.identify()
}

// identify computes the fingerprint of what the stage sends. It fails if --verify
// names others only.
func (r *stageRun) identify() error {
	const slow = time.Second // worth a note
	began := time.Now()
	load, err := r.stage.Identify(r.interrupt.sending)
	if r.interrupt.interrupted() {
		return errInterrupted
	}
	if err != nil {
		return err
	}
	if took := time.Since(began); took > slow {
		r.console.Note("the fingerprint of %d requests of %.0f MB took %.1f s to compute", load.Requests, float64(load.Bytes)/1e6, took.Seconds())
	}
	if r.stage.Endless() {
		r.console.Note("the load has no end: its fingerprint covers the first %.0f minutes", workload.DryRunWindow.Minutes())
	}
	if verify := r.common.Verify; len(verify) > 0 && !slices.Contains(verify, load.Sum) {
		want := strings.ReplaceAll(params.Fingerprints(&verify).String(), ",", " or ")
		return fmt.Errorf("--verify: fingerprint mismatch: got %s, want %s; nothing was sent", load.Sum, want)
	}
	r.load = load
	if r.stage.For > 0 { // requests due later are not part of the plan
		r.stage.Planned = min(r.stage.Planned, load.Requests)
	}
	return nil
}

// printFingerprints prints the fingerprint of each point and sends nothing.
func (s *session) printFingerprints() error {
	for _, text := range s.points() {
		if err := s.setPoint(text); err != nil {
			return err
		}
		stages := s.workload.Stages(!s.args.Sweep)
		r := &stageRun{session: s, stage: stages[len(stages)-1]}
		if err := r.prepare(); err != nil {
			return err
		}
		switch {
		case r.stage.NeedsEngine:
			return errors.New("--fingerprint: the load depends on answers of the engine")
		case s.args.Sweep:
			fmt.Fprintf(s.env.Stdout, "%s  %s %s\n", r.load.Sum, s.workload.Point.Name, text)
		default:
			fmt.Fprintln(s.env.Stdout, r.load.Sum)
		}
	}
	return nil
}

// points returns the texts of the points to run.
func (s *session) points() []string {
	if s.args.Sweep && s.workload.SweepPoints != nil {
		return s.workload.SweepPoints(s.args.Points)
	}
	return s.args.Points
}

// setPoint sets the swept parameter, unless the workload made the point itself.
func (s *session) setPoint(text string) error {
	if !slices.Contains(s.args.Points, text) {
		return nil
	}
	return s.workload.Point.Value.Set(text)
}
