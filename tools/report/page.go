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

	"github.com/google/renameio/v2"

	"github.com/LMCache/LMBench/tools/command"
	"github.com/LMCache/LMBench/tools/results/drawing"
	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/suite"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

// page holds what the page shows.
type page struct {
	Suite     string
	Made      string
	Version   string // of the command
	Counts    string
	Curves    []*curve
	Workloads []*section
	Bad       []problem // FAILED and INVALID
	Suspect   []problem
	Skipped   []suite.Unreadable
}

// section is the part of the page for one workload.
type section struct {
	ID, Name, Setting string
	Figures           []figure
	Runs              table
	curves            []*curve
}

// problem is a measurement whose figures need care, shown above the figures.
type problem struct {
	Index          int
	Verdict, Point string
	Reasons        []verdict.Reason
}

// Class returns the CSS class of the verdict.
func (p problem) Class() string { return strings.ToLower(p.Verdict) }

// compose draws the figures of a page.
func compose(measurements []*measurement, unreadable []suite.Unreadable, o options) *page {
	p := &page{Suite: suiteName(o), Made: o.now.UTC().Format("2006-01-02 15:04 UTC"), Version: command.Version(), Skipped: unreadable}
	for i := range p.Skipped {
		p.Skipped[i].Path = filepath.Base(p.Skipped[i].Path)
	}
	for _, w := range group(measurements) {
		s := &section{ID: slug(w.name), Name: w.name, Setting: w.fixed.String(), curves: w.curves, Figures: figures(w, o.goals), Runs: runTable(w)}
		p.Workloads = append(p.Workloads, s)
		for _, l := range w.curves {
			if !slices.ContainsFunc(p.Curves, func(other *curve) bool { return other.Index == l.Index }) {
				p.Curves = append(p.Curves, l)
			}
		}
		for _, m := range w.measurements {
			for _, problem := range problemsOf(m) {
				if problem.Verdict == string(verdict.Suspect) {
					p.Suspect = append(p.Suspect, problem)
				} else {
					p.Bad = append(p.Bad, problem)
				}
			}
		}
	}
	slices.SortFunc(p.Curves, func(a, b *curve) int { return a.Index - b.Index })
	p.Counts = counts(measurements)
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

// counts returns the line under the title.
func counts(measurements []*measurement) string {
	var sessions, baselines []string
	results, failed, requests := 0, 0, 0
	for _, m := range measurements {
		if m.Failed != nil {
			failed++
		} else {
			results++
		}
		requests += max(m.Results.Sent, m.Results.OK)
		if !slices.Contains(sessions, m.Session) {
			sessions = append(sessions, m.Session)
		}
		if !slices.Contains(baselines, m.Baseline) {
			baselines = append(baselines, m.Baseline)
		}
	}
	parts := []string{plural(results, "result"), plural(len(baselines), "baseline"), plural(len(sessions), "session"), plural(requests, "request")}
	if failed > 0 {
		parts = append(parts, plural(failed, "failed point"))
	}
	from, to := measurements[0].Measured.UTC(), measurements[len(measurements)-1].Measured.UTC()
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
	return format.Count(n) + " " + noun
}

// problemsOf returns a problem for a point that failed or is not VALID.
func problemsOf(m *measurement) []problem {
	p := problem{Index: m.curve.Index, Verdict: m.verdictText(), Point: fmt.Sprintf("%s, %s at %s requests/s", m.Workload, m.curve.Label, format.Short(m.rate()))}
	switch {
	case m.Failed != nil:
		p.Reasons = append(p.Reasons, verdict.Reason{Text: m.Failed.Cause})
		for _, f := range m.Failed.Failures[:min(3, len(m.Failed.Failures))] {
			p.Reasons = append(p.Reasons, verdict.Reason{Text: fmt.Sprintf("%d × %s", f.Count, f.Text)})
		}
	case m.Verdict.Level == verdict.Suspect || m.Verdict.Level == verdict.Invalid:
		p.Reasons = m.Verdict.Reasons
	default:
		return nil
	}
	return []problem{p}
}

// runTable returns the summary of a workload's measurements.
func runTable(w *workload) table {
	t := table{Columns: []string{"baseline", "req/s", "verdict", "ok", "failed", "achieved req/s", "TTFT p50 ms", "TTFT p99 ms", "ITL p50 ms", "E2EL p50 ms", "E2EL p99 ms", "output tok/s", "measured (UTC)", "session"}}
	for _, m := range w.measurements {
		r := &m.Results
		t.Rows = append(t.Rows, row{m.curve.Index, append(measurementCells(m), format.Fixed(r.Achieved, 3), format.Fixed(r.TTFT.P(50), 1), format.Fixed(r.TTFT.P(99), 1),
			format.Fixed(r.ITL.P(50), 2), format.Fixed(r.E2EL.P(50), 1), format.Fixed(r.E2EL.P(99), 1), format.Fixed(r.OutputRate, 1), m.Measured.UTC().Format("2006-01-02 15:04"), m.Session)})
	}
	return t
}

// write writes the page and the pictures. The page is replaced atomically, after the
// pictures.
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
	return renameio.WriteFile(filepath.Join(o.output, "index.html"), out.Bytes(), 0o666)
}

func (p *page) html(out *bytes.Buffer) error {
	page, err := template.New("page").Funcs(template.FuncMap{
		"css": func() template.CSS { return template.CSS(pageCSS) },
		"js":  func() template.JS { return template.JS(pageJS) },
		"svg": func(p *subplot) template.HTML { return template.HTML(p.AppendSVG(nil)) },
		"hue": func(index int) int { return index % hues },
		"group": func(index int) string {
			if index < 0 {
				return ""
			}
			return groupOf(index)
		},
	}).Parse(pageHTML)
	if err != nil {
		return err
	}
	return page.Execute(out, p)
}

// maxRuns limits the PNGs: if a figure has more views, only the one that the page shows
// first gets a PNG.
const maxRuns = 12

// pictures replaces the PNGs of an earlier report.
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
				if len(f.Views) > maxRuns && i > 0 || ctx.Err() != nil {
					break
				}
				title := s.Name + ": " + f.Title
				if v.Name != "" {
					title = f.Title + ", " + v.Name
				}
				jobs <- job{filepath.Join(dir, v.file+".png"), v.picture(title, s.curves)}
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
