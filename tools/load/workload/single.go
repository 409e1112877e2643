package workload

import (
	"errors"
	"fmt"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// single is the flags door: one measurement, its CSV and its figures.
type single struct {
	w         Workload
	world     World
	args      *params.Arguments
	interrupt *interrupt
}

func (s *single) run() error {
	stages := s.w.Stages(true)
	// What can be said of a point is the same at both doors, but for what only
	// a script's arguments tell.
	sweep := sweep{w: s.w, world: s.world, args: s.args, interrupt: s.interrupt}
	text := s.args.Points[0]
	files, err := create(s.interrupt.sending, &s.world, s.w.Common.Output, eventlog.Header{Workload: s.w.Name, Layout: s.w.Layout, Pairs: logged(sweep.known(text))})
	if err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	done, err := measure(&s.w, s.world, s.interrupt, stages, files)
	end := func() error {
		return files.conclude(sweep.end(&point{text: text, outcome: done}, err))
	}
	if err := errors.Join(err, end()); err != nil {
		if !errors.Is(err, errInterrupted) {
			done.facts.PointError = failure(err)
			verdict.Judge(&done.figures, &done.facts).Print(s.world.Stdout)
		}
		return errors.Join(err, files.close())
	}
	done.calibrate(s.interrupt.sending, s.w.Common, s.world)
	if err := errors.Join(end(), files.close()); err != nil {
		return err
	}
	if s.w.Report != nil && done.figures.Sent > 0 {
		if _, err := s.w.Report(s.w.Common.Output, s.world.Stdout); err != nil {
			return err
		}
	}
	printFigures(s.world.Stdout, done.figures)
	fmt.Fprintf(s.world.Stdout, "requests: %s\n", s.w.Common.Output)
	judged := verdict.Judge(&done.figures, &done.facts)
	judged.Print(s.world.Stdout)
	switch {
	case s.interrupt.interrupted():
		return errInterrupted
	case done.figures.OK == 0:
		return errors.New(judged.Reasons[0].Text)
	case s.w.Common.StrictVerdict:
		return strict(point{text: text, verdict: judged})
	}
	return nil
}

// printSummary prints the figures of an existing CSV, and what its rows alone
// tell of their worth.
func printSummary(world World, path string) error {
	figures, err := figuresOf(path)
	if err != nil {
		return fmt.Errorf("--process-summary: %w", err)
	}
	printFigures(world.Stdout, figures)
	fmt.Fprint(world.Stdout, "by these rows alone, ")
	verdict.Judge(&figures, &verdict.Facts{}).Print(world.Stdout)
	return nil
}
