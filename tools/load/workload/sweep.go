package workload

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/results/eventlog"
	"github.com/LMCache/LMBench/tools/results/live"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// results is where results land, below LMBench's root.
const results = "4-latest-results"

// sweep is the positional door: every point of a script's call.
type sweep struct {
	w         Workload
	world     World
	args      *params.Arguments
	interrupt *interrupt
	ahead     int // points after the one under way
}

// point is what one point came to.
type point struct {
	text string // the swept parameter, as given
	outcome
	achieved float64         // requests a second, if the workload knows better than its CSV
	verdict  verdict.Verdict // no word: there is a fault that says nothing of the figures
	result   string          // path of the result JSON
	err      error
}

// run runs every point, whatever becomes of the others. It fails if all did.
func (s *sweep) run() error {
	texts := s.args.Points
	if s.w.Sweep != nil {
		texts = s.w.Sweep(texts)
	}
	if len(texts) == 0 {
		fmt.Fprintf(s.world.Stdout, "%s: no %s given, nothing to run\n", s.w.Name, s.w.Point.Name)
		return nil
	}
	if _, err := os.Stat(s.summarizer()); err != nil {
		return fmt.Errorf("%s is missing, which makes the results: run ./build.sh", s.summarizer())
	}
	var points []point
	succeeded := false
	for i, text := range texts {
		if s.interrupt.interrupted() {
			break
		}
		s.world.view.say("%s %d/%d: %s %s", s.w.Name, i+1, len(texts), s.w.Point.Name, text)
		s.world.view.collector.SetPoint(live.Point{Name: s.w.Point.Name + " " + text, Number: i + 1, Of: len(texts)})
		s.ahead = len(texts) - i - 1
		p := s.resumed(text)
		if p.err != nil {
			fmt.Fprintf(s.world.Stderr, "%s %s failed: %v\n", s.w.Point.Name, text, p.err)
		}
		succeeded = succeeded || p.err == nil
		points = append(points, p)
		if p.err != nil && s.w.FailFast {
			succeeded = false
			break
		}
	}
	printTable(s.world.Stdout, s.w.Point.Name, points)
	s.draw()
	printVerdicts(s.world.Stdout, s.w.Point.Name, points)
	switch {
	case s.interrupt.interrupted():
		return errInterrupted
	case !succeeded:
		return fmt.Errorf("%s: no result for %s %s", s.w.Name, s.w.Point.Name, strings.Join(failures(points), ", "))
	case s.w.Common.StrictVerdict:
		return strict(points...)
	}
	return nil
}

// failures are the texts of the points that have no result.
func failures(points []point) []string {
	var texts []string
	for _, p := range points {
		if p.err != nil {
			texts = append(texts, p.text)
		}
	}
	return texts
}

// csv is the file of a point's rows, relative to the root.
func (s *sweep) csv(text string) string {
	file := s.w.Name + "_output_" + text
	if s.w.File != nil {
		file = s.w.File(text)
	}
	return filepath.Join(results, s.w.Common.Key+"_"+file+".csv")
}

// point measures one point and has its result made.
func (s *sweep) point(p point, stages []Stage) point {
	csv := s.csv(p.text)
	files, err := s.create(p.text, csv)
	if err != nil {
		p.err = err
		return p
	}
	defer files.close() // what it has is flushed
	s.world.view.expect(stages, s.w.Common.Cooldown, s.ahead)
	var failed error
	p.outcome, failed = measure(&s.w, s.world, s.interrupt, stages, files)
	if errors.Is(failed, errInterrupted) {
		p.err = failed // before anything was measured
		return p
	}
	// The log has what is known by now, should this process not outlive the rest.
	unlogged := files.conclude(s.end(&p, failed))
	if p.figures.Sent > 0 {
		over := time.Now()
		p.calibrate(s.interrupt.sending, s.w.Common, s.world)
		s.world.view.rest(s.interrupt, "cool-down", s.w.Common.Cooldown-time.Since(over), s.world.view.ahead)
		if !s.w.NoPodLogs {
			collectPodLogs(s.interrupt.waiting, s.world, s.w.Common, s.w.Name, p.text)
		}
	}
	made := csv
	if s.w.Report != nil && failed == nil {
		made, failed = s.report(csv)
	}
	// A result is made whatever happened: without a success it says why.
	end := s.end(&p, failed)
	if made != csv {
		end.Of = made
		var unread error
		end.Metrics, unread = metricsOf(filepath.Join(s.world.Root, made))
		unlogged = errors.Join(unlogged, unread)
	}
	unlogged = errors.Join(unlogged, files.conclude(end))
	unlogged = errors.Join(unlogged, runfile.Write(files.path, s.describe(&p, failed)))
	p.result, p.err = s.summarize(made, csv, s.known(p.text))
	if failed != nil {
		p.err = failed
	}
	if p.figures.OK == 0 {
		if failed != nil {
			p.facts.PointError = failure(failed)
		}
		p.verdict = verdict.Judge(&p.figures, &p.facts)
		if failed == nil { // the summarizer has told why already
			p.err = errors.New(p.verdict.Reasons[0].Text)
		}
	}
	if p.err == nil {
		unlogged = errors.Join(unlogged, files.conclude(eventlog.Result{Path: p.result}), files.keep(filepath.Join(s.world.Root, p.result)))
		p.verdict = s.verdict(p.result)
	}
	if unlogged != nil {
		fmt.Fprintln(s.world.Stderr, unlogged)
	}
	return p
}

// report has the workload say more of a point and returns the file to make the
// result of, both relative to the root.
func (s *sweep) report(csv string) (made string, err error) {
	path, err := s.w.Report(filepath.Join(s.world.Root, csv), s.world.Stdout)
	if err != nil || path == "" {
		return csv, err
	}
	return filepath.Rel(s.world.Root, path)
}

// verdict is that of a result.
func (s *sweep) verdict(path string) verdict.Verdict {
	var made struct {
		Results struct {
			Verdict verdict.Verdict
		}
	}
	file, err := os.ReadFile(filepath.Join(s.world.Root, path))
	if err == nil && path != "" {
		err = json.Unmarshal(file, &made)
	}
	if err != nil {
		fmt.Fprintf(s.world.Stderr, "the result has no verdict: %v\n", err)
	}
	return made.Results.Verdict
}

// create makes the point's files.
func (s *sweep) create(text, csv string) (*files, error) {
	path := filepath.Join(s.world.Root, csv)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	return create(s.interrupt.sending, &s.world, path, eventlog.Header{Workload: s.w.Name, Layout: s.w.Layout, Pairs: logged(s.known(text)), Identity: s.identity(text)})
}

// summarize runs the summarizer on the CSV, with the run file of that of the rows,
// and returns the path of its result.
func (s *sweep) summarize(csv, rows string, pairs []string) (string, error) {
	var said bytes.Buffer
	command := Command{
		Dir: s.world.Root, Path: s.summarizer(), Args: append([]string{"--brief", "--run", runfile.Path(rows), csv}, public(pairs)...),
		Stdout: io.MultiWriter(s.world.Stdout, &said), Stderr: s.world.Stderr,
	}
	if err := s.world.Exec(s.interrupt.late(), command); err != nil {
		return "", fmt.Errorf("summarize: %w", err)
	}
	const saved = "saved to "
	for line := range strings.Lines(said.String()) {
		if _, path, found := strings.Cut(line, saved); found {
			return strings.TrimPrefix(strings.TrimSpace(path), s.world.Root+string(filepath.Separator)), nil
		}
	}
	return "", nil
}

func (s *sweep) summarizer() string {
	return filepath.Join(s.world.Root, "tools", "summarize", "summarize")
}
