package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/LMCache/LMBench/tools/results/drawing"
	"github.com/LMCache/LMBench/tools/results/suite"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

// page is all that the page shows.
type page struct {
	Suite     string
	Made      string
	Counts    string
	Lines     []*line
	Workloads []*section
	Bad       []problem // FAILED and INVALID
	Suspect   []problem
	Left      []suite.Unreadable
}

// section is one workload's part.
type section struct {
	ID, Name, Setting string
	Figures           []plot
	Runs              table
	lines             []*line
}

// problem is what a reader should know before looking at curves.
type problem struct {
	Series      int
	Word, Point string
	Reasons     []verdict.Reason
}

// Class of the word, for its colour.
func (p problem) Class() string { return strings.ToLower(p.Word) }

// compose makes the figures.
func compose(runs []*measured, unreadable []suite.Unreadable, o options) *page {
	p := &page{Suite: suiteName(o), Made: o.now.UTC().Format("2006-01-02 15:04 UTC"), Left: unreadable}
	for i := range p.Left {
		p.Left[i].Path = filepath.Base(p.Left[i].Path)
	}
	for _, w := range group(runs) {
		s := &section{ID: slug(w.name), Name: w.name, Setting: w.fixed.String(), lines: w.lines, Figures: figures(w, o.goals), Runs: runTable(w)}
		p.Workloads = append(p.Workloads, s)
		for _, l := range w.lines {
			if !slices.ContainsFunc(p.Lines, func(other *line) bool { return other.Series == l.Series }) {
				p.Lines = append(p.Lines, l)
			}
		}
		for _, run := range w.runs {
			for _, problem := range problemsOf(run) {
				if problem.Word == string(verdict.Suspect) {
					p.Suspect = append(p.Suspect, problem)
				} else {
					p.Bad = append(p.Bad, problem)
				}
			}
		}
	}
	slices.SortFunc(p.Lines, func(a, b *line) int { return a.Series - b.Series })
	p.Counts = counts(runs)
	return p
}

func suiteName(o options) string {
	absolute, err := filepath.Abs(o.Dir)
	if err != nil {
		absolute = o.Dir
	}
	name := filepath.Base(absolute)
	if o.Session != "" {
		name += ", session " + o.Session
	}
	if o.Baseline != "" {
		name += ", baseline " + o.Baseline
	}
	return name
}

// counts is the line under the title.
func counts(runs []*measured) string {
	var sessions, baselines []string
	results, failed, requests := 0, 0, 0
	for _, run := range runs {
		if run.Failed != nil {
			failed++
		} else {
			results++
		}
		requests += max(run.Results.Sent, run.Results.OK)
		if !slices.Contains(sessions, run.Session) {
			sessions = append(sessions, run.Session)
		}
		if !slices.Contains(baselines, run.Baseline) {
			baselines = append(baselines, run.Baseline)
		}
	}
	parts := []string{plural(results, "result"), plural(len(baselines), "baseline"), plural(len(sessions), "session"), plural(requests, "request")}
	if failed > 0 {
		parts = append(parts, plural(failed, "failed point"))
	}
	from, to := runs[0].Measured.UTC(), runs[len(runs)-1].Measured.UTC()
	when := from.Format("2006-01-02 15:04")
	if to.Sub(from) > time.Minute {
		when += " to " + to.Format("2006-01-02 15:04")
	}
	return strings.Join(parts, " · ") + " · measured " + when + " UTC"
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return thousands(fmt.Sprint(n)) + " " + noun
}

func problemsOf(run *measured) []problem {
	p := problem{Series: run.line.Series, Word: run.standing(), Point: fmt.Sprintf("%s, %s at %s requests/s", run.Workload, run.line.Label, short(run.rate()))}
	switch {
	case run.Failed != nil:
		p.Reasons = append(p.Reasons, verdict.Reason{Text: run.Failed.Cause})
		for _, f := range run.Failed.Failures[:min(3, len(run.Failed.Failures))] {
			p.Reasons = append(p.Reasons, verdict.Reason{Text: fmt.Sprintf("%d × %s", f.Count, f.Text)})
		}
	case run.Verdict.Level == verdict.Suspect || run.Verdict.Level == verdict.Invalid:
		p.Reasons = run.Verdict.Reasons
	default:
		return nil
	}
	return []problem{p}
}

// runTable is a workload's runs at a glance.
func runTable(w *workload) table {
	t := table{Columns: []string{"baseline", "req/s", "verdict", "ok", "failed", "achieved req/s", "TTFT p50 ms", "TTFT p99 ms", "ITL p50 ms", "E2EL p50 ms", "E2EL p99 ms", "output tok/s", "measured (UTC)", "session"}}
	for _, run := range w.runs {
		r := &run.Results
		t.Rows = append(t.Rows, row{run.line.Series, append(head(run), figure(r.Achieved, 3), figure(r.TTFT.P(50), 1), figure(r.TTFT.P(99), 1),
			figure(r.ITL.P(50), 2), figure(r.E2EL.P(50), 1), figure(r.E2EL.P(99), 1), figure(r.OutputRate, 1), run.Measured.UTC().Format("2006-01-02 15:04"), run.Session)})
	}
	return t
}

// write writes the page and the pictures into an own folder; a page is there whole
// or not at all.
func (p *page) write(ctx context.Context, o options) error {
	if err := os.MkdirAll(o.output, 0o777); err != nil {
		return err
	}
	if !o.noPNG {
		if err := p.pictures(ctx, o.output); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	if err := p.html(&out); err != nil {
		return err
	}
	path := filepath.Join(o.output, "index.html")
	if err := os.WriteFile(path+".new", out.Bytes(), 0o666); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func (p *page) html(out *bytes.Buffer) error {
	page, err := template.New("page").Funcs(template.FuncMap{
		"css": func() template.CSS { return template.CSS(pageCSS) },
		"js":  func() template.JS { return template.JS(pageJS) },
		"svg": func(p *panel) template.HTML { return template.HTML(p.AppendSVG(nil)) },
		"hue": func(series int) int { return series % hues },
		"group": func(series int) string {
			if series < 0 {
				return ""
			}
			return groupOf(series)
		},
	}).Parse(pageHTML)
	if err != nil {
		return err
	}
	return page.Execute(out, p)
}

// mostRuns of a workload have PNGs of their own; of more, only those that the page
// shows at first.
const mostRuns = 12

// pictures writes the PNGs, two at a time or more.
func (p *page) pictures(ctx context.Context, dir string) error {
	old, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	type job struct {
		path    string
		picture *drawing.Drawing
	}
	jobs := make(chan job)
	failed := make(chan error, 1)
	var painters sync.WaitGroup
	for range min(4, runtime.GOMAXPROCS(0)) {
		painters.Go(func() {
			for j := range jobs {
				if err := paint(j.path, j.picture); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		})
	}
	for _, s := range p.Workloads {
		for _, f := range s.Figures {
			for i, v := range f.Views {
				if len(f.Views) > mostRuns && i > 0 || ctx.Err() != nil {
					break
				}
				title := s.Name + ": " + f.Title
				if v.Name != "" {
					title = f.Title + ", " + v.Name
				}
				jobs <- job{filepath.Join(dir, v.file+".png"), v.asOne(title, s.lines)}
			}
		}
	}
	close(jobs)
	painters.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return ctx.Err()
	}
}

func paint(path string, picture *drawing.Drawing) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := picture.WritePNG(file, palette, "ground", 2); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
