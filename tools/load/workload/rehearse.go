package workload

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/fingerprint"
	"github.com/LMCache/LMBench/tools/load/params"
)

const (
	// nominal is what every question is answered in a rehearsal.
	nominal = "This is an answer."

	// horizon is how far the plan of a stage without end is rehearsed.
	horizon = 10 * time.Minute

	// patience is what a rehearsal may take before the person is told.
	patience = time.Second
)

// rehearse follows the stage's plan as if an engine answered all of it at once,
// and yields what would be sent, and when.
func (s *Stage) rehearse() iter.Seq[fingerprint.Request] {
	until := s.For
	if s.endless() {
		until = horizon
	}
	return func(yield func(fingerprint.Request) bool) {
		ended := false
		plan := s.rehearsal(Control{Final: func(*Request) {}, End: func() { ended = true }})
		for !ended {
			due, ok := plan.Next()
			if !ok || until > 0 && due >= until {
				return
			}
			turn := plan.Start()
			method, path, body := turn.Payload.Wire()
			if !yield(fingerprint.Request{Due: due, Method: method, Path: path, Body: body}) {
				return
			}
			turn.Ended = due
			turn.Reply = openai.Reply{Text: nominal}
			plan.Done(turn)
		}
	}
}

// endless tells whether only a signal ends the stage, as far as is known.
func (s *Stage) endless() bool { return s.For == 0 && s.Planned == 0 }

func (s *Stage) rehearsal(control Control) Plan {
	if s.Rehearsal != nil {
		return s.Rehearsal(control)
	}
	return s.Plan(control)
}

// prepare makes what the stage sends and, if that is known already, its
// fingerprint. Nothing is sent before.
func (r *run) prepare(c *Common) error {
	if r.stage.Make != nil {
		notes, err := r.stage.Make(r.until.waiting)
		if err != nil {
			return err
		}
		r.tell(notes)
	}
	if r.stage.Asks {
		return nil
	}
	return r.identify(c)
}

// identify finds the fingerprint of what the stage sends. If another is wanted,
// that is an error.
func (r *run) identify(c *Common) error {
	began := time.Now()
	load, err := fingerprint.Of(r.until.sending, r.stage.rehearse())
	if r.until.interrupted() {
		return errInterrupted
	}
	if err != nil {
		return err
	}
	if took := time.Since(began); took > patience {
		r.tell([]string{fmt.Sprintf("finding the fingerprint of %d requests of %.0f MB in all took %.1f s", load.Requests, float64(load.Bytes)/1e6, took.Seconds())})
	}
	if r.stage.endless() {
		r.tell([]string{fmt.Sprintf("the load has no end: its fingerprint is that of the first %.0f minutes", horizon.Minutes())})
	}
	if len(c.Verify) > 0 && !slices.Contains(c.Verify, load.Sum) {
		return fmt.Errorf("--verify: the fingerprint of this load is %s, wanted is %s: it is not sent", load.Sum, strings.Join(strings.Split(params.Fingerprints(&c.Verify).String(), ","), " or "))
	}
	r.load = load
	if r.stage.For > 0 { // what is due later is no part of the plan
		r.stage.Planned = min(r.stage.Planned, load.Requests)
	}
	return nil
}

// printFingerprints prints that of each point, and sends nothing.
func printFingerprints(w *Workload, world World, until *interrupt, args *params.Arguments) error {
	texts := args.Points
	if args.Sweep && w.Sweep != nil {
		texts = w.Sweep(texts)
	}
	for _, text := range texts {
		if slices.Contains(args.Points, text) {
			if err := w.Point.Value.Set(text); err != nil {
				return err
			}
		}
		stages := w.Stages(!args.Sweep)
		r := &run{world: world, until: until, stage: stages[len(stages)-1]}
		if err := r.prepare(w.Common); err != nil {
			return err
		}
		switch {
		case r.stage.Asks:
			return errors.New("--fingerprint: what is sent depends on what the engine answers before")
		case args.Sweep:
			fmt.Fprintf(world.Stdout, "%s  %s %s\n", r.load.Sum, w.Point.Name, text)
		default:
			fmt.Fprintln(world.Stdout, r.load.Sum)
		}
	}
	return nil
}
