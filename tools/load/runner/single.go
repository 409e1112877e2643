package runner

import (
	"errors"
	"fmt"

	"github.com/LMCache/LMBench/tools/load/output"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// single is the mode with flags only: one measurement, its CSV and its figures.
func (s *session) single() error {
	stages := s.workload.Stages(true)
	text := s.args.Points[0]
	header := eventlog.Header{Workload: s.workload.Name, Layout: s.workload.Layout, Pairs: withoutSecrets(s.known(text))}
	files, err := output.Create(s.interrupt.sending, s.env.opener(), s.common.Output, header)
	if s.interrupt.interrupted() && err != nil {
		err = errInterrupted
	}
	if err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	p := point{text: text}
	var failed error
	p.measurement, failed = s.measure(stages, files)
	conclude := func() error { return files.Conclude(s.end(&p, failed)) }
	if err := errors.Join(failed, conclude()); err != nil {
		if !errors.Is(err, errInterrupted) {
			p.facts.PointError = output.OneLine(err)
			verdict.Judge(&p.figures, &p.facts).Print(s.env.Stdout)
		}
		return errors.Join(err, files.Close())
	}
	s.calibrate(&p.measurement)
	if err := errors.Join(conclude(), files.Close()); err != nil {
		return err
	}
	if s.workload.Report != nil && p.figures.Sent > 0 {
		if _, err := s.workload.Report(s.common.Output, s.env.Stdout); err != nil {
			return err
		}
	}
	printFigures(s.env.Stdout, p.figures)
	fmt.Fprintf(s.env.Stdout, "requests: %s\n", s.common.Output)
	p.verdict = verdict.Judge(&p.figures, &p.facts)
	p.verdict.Print(s.env.Stdout)
	switch {
	case s.interrupt.interrupted():
		return errInterrupted
	case p.figures.OK == 0:
		return errors.New(p.verdict.Reasons[0].Text)
	case s.common.StrictVerdict:
		return requireValid(p)
	}
	return nil
}

// printSummary prints the figures of an existing CSV, and a verdict by its rows
// alone.
func (s *session) printSummary(path string) error {
	figures, err := output.ReadFigures(path)
	if err != nil {
		return fmt.Errorf("--process-summary: %w", err)
	}
	printFigures(s.env.Stdout, figures)
	fmt.Fprint(s.env.Stdout, "by these rows alone, ")
	verdict.Judge(&figures, &verdict.Facts{}).Print(s.env.Stdout)
	return nil
}
