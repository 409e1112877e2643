package runner

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/load/output"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/live"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// resultsDir is where results go, relative to the root.
const resultsDir = "4-latest-results"

// A sweep is the mode with positional arguments: all points of a script's call.
type sweep struct {
	*session
	root string // of the checkout, which paths below are relative to
}

// A point is one point of a sweep and its result.
type point struct {
	text string // the swept parameter, as given
	measurement
	achieved float64         // requests per second, if the workload knows better than its CSV
	verdict  verdict.Verdict // empty after a fault that says nothing about the figures
	result   string          // path of the result JSON
	err      error
}

// run runs every point, even after one has failed. It fails if all of them did.
func (s *sweep) run() error {
	name, points := s.workload.Point.Name, s.points()
	if len(points) == 0 {
		fmt.Fprintf(s.env.Stdout, "%s: no %s given, nothing to run\n", s.workload.Name, name)
		return nil
	}
	if _, err := os.Stat(s.summarizer()); err != nil {
		return fmt.Errorf("%s, which writes the results, is missing: run ./build.sh", s.summarizer())
	}
	var done []point
	succeeded := false
	for i, text := range points {
		if s.interrupt.interrupted() {
			break
		}
		s.console.Progress("%s %d/%d: %s %s", s.workload.Name, i+1, len(points), name, text)
		s.console.Collector.SetPoint(live.Point{Name: name + " " + text, Number: i + 1, Of: len(points)})
		p := s.runOrResume(text, len(points)-i-1)
		if p.err != nil {
			fmt.Fprintf(s.env.Stderr, "%s %s failed: %v\n", name, text, p.err)
		}
		succeeded = succeeded || p.err == nil
		done = append(done, p)
		if p.err != nil && s.workload.FailFast {
			succeeded = false
			break
		}
	}
	printTable(s.env.Stdout, name, done)
	s.renderReport()
	printVerdicts(s.env.Stdout, name, done)
	switch {
	case s.interrupt.interrupted():
		return errInterrupted
	case !succeeded:
		return fmt.Errorf("%s: no result for %s %s", s.workload.Name, name, strings.Join(failed(done), ", "))
	case s.common.StrictVerdict:
		return requireValid(done...)
	}
	return nil
}

// failed returns the texts of the points that have no result.
func failed(points []point) []string {
	var texts []string
	for _, p := range points {
		if p.err != nil {
			texts = append(texts, p.text)
		}
	}
	return texts
}

// runOrResume returns a point that an earlier run has measured, with --resume, or
// else measures it. Others is how many points follow.
func (s *sweep) runOrResume(text string, others int) point {
	if err := s.setPoint(text); err != nil {
		return point{text: text, err: err}
	}
	stages := s.workload.Stages(false) // also of a resumed point: they use up user ids
	if s.common.Resume {
		p, found, why := s.resume(text)
		if found {
			fmt.Fprintf(s.env.Stderr, "%s %s is measured already: %s\n", s.workload.Point.Name, text, p.result)
			return p
		}
		if why != "" {
			fmt.Fprintf(s.env.Stderr, "%s %s is measured again: %s\n", s.workload.Point.Name, text, why)
		}
	}
	s.remaining = estimate(stages, s.common.Cooldown, others)
	return s.runPoint(text, stages)
}

// csv returns the path of a point's rows, relative to the root.
func (s *sweep) csv(text string) string {
	file := s.workload.Name + "_output_" + text
	if s.workload.File != nil {
		file = s.workload.File(text)
	}
	return filepath.Join(resultsDir, s.common.Key+"_"+file+".csv")
}

// path returns the absolute path of a file below the root.
func (s *sweep) path(file string) string { return filepath.Join(s.root, file) }

// runPoint measures one point and writes its result.
func (s *sweep) runPoint(text string, stages []workload.Stage) point {
	p := point{text: text}
	csv := s.csv(text)
	files, err := s.create(text, csv)
	if err != nil {
		p.err = err
		return p
	}
	defer files.Close() // everything is flushed by then

	var failure error
	p.measurement, failure = s.measure(stages, files)
	if errors.Is(failure, errInterrupted) {
		p.err = failure // before anything was measured
		return p
	}
	// The log gets what is known now, in case this process dies in the cooldown.
	unlogged := files.Conclude(s.end(&p, failure))
	if p.figures.Sent > 0 {
		s.coolDown(&p)
	}

	source := csv
	if s.workload.Report != nil && failure == nil {
		source, failure = s.report(csv)
	}
	// A point without success gets a result too, which says why.
	unlogged = errors.Join(unlogged, s.concludeAll(files, &p, source, csv, failure))
	p.result, p.err = s.summarize(source, csv, s.known(text))
	if failure != nil {
		p.err = failure
	}
	if p.figures.OK == 0 {
		if failure != nil {
			p.facts.PointError = output.OneLine(failure)
		}
		p.verdict = verdict.Judge(&p.figures, &p.facts)
		if failure == nil { // the summarizer has failed for the same reason
			p.err = errors.New(p.verdict.Reasons[0].Text)
		}
	}
	if p.err == nil {
		unlogged = errors.Join(unlogged, files.Conclude(eventlog.Result{Path: p.result}), files.Keep(s.path(p.result)))
		p.verdict = s.readVerdict(p.result)
	}
	if unlogged != nil {
		fmt.Fprintln(s.env.Stderr, unlogged)
	}
	return p
}

// create creates the files of a point.
func (s *sweep) create(text, csv string) (*output.Files, error) {
	if err := os.MkdirAll(filepath.Dir(s.path(csv)), 0o755); err != nil {
		return nil, err
	}
	header := eventlog.Header{Workload: s.workload.Name, Layout: s.workload.Layout, Pairs: withoutSecrets(s.known(text)), Identity: s.identity(text)}
	files, err := output.Create(s.interrupt.sending, s.env.opener(), s.path(csv), header)
	if err != nil && s.interrupt.interrupted() {
		return nil, errInterrupted
	}
	return files, err
}

// coolDown uses the engine's rest after a point to calibrate the client, and saves
// the logs of its pods.
func (s *sweep) coolDown(p *point) {
	began := time.Now()
	s.calibrate(&p.measurement)
	s.rest("cool-down", s.common.Cooldown-time.Since(began), s.remaining.otherPoints)
	if !s.workload.NoPodLogs {
		s.collectPodLogs(p.text)
	}
}

// report has the workload report on a point. It returns the file that the result is
// made of, relative to the root.
func (s *sweep) report(csv string) (source string, err error) {
	path, err := s.workload.Report(s.path(csv), s.env.Stdout)
	if err != nil || path == "" {
		return csv, err
	}
	return filepath.Rel(s.root, path)
}

// concludeAll writes the final end of the event log and the run file.
func (s *sweep) concludeAll(files *output.Files, p *point, source, csv string, failure error) error {
	end := s.end(p, failure)
	var unread error
	if source != csv {
		end.Of = source
		end.Metrics, unread = output.ReadMetrics(s.path(source))
	}
	return errors.Join(unread, files.Conclude(end), runfile.Write(files.Path, s.describe(p, failure)))
}
