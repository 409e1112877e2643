package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/drawing"
	"github.com/LMCache/LMBench/tools/suite"
)

// plot is one figure of a page.
type plot struct {
	ID      string
	Title   string
	Caption string
	Choose  string // what is chosen between views; empty if there is one
	Views   []view
}

// view is what a figure shows of one run or one rate.
type view struct {
	Name   string
	Panels []*panel
	Wide   bool // panels stand one above the other
	Table  table
	file   string // of the PNG, without its ending; empty: none
}

// table is the numbers of a view.
type table struct {
	Columns []string
	Rows    []row
}

// row belongs to a series, or to none (-1).
type row struct {
	Series int
	Cells  []string
}

// figures of a workload.
func figures(w *workload, g goals) (all []plot) {
	id := slug(w.name)
	add := func(p plot, some bool) {
		if some {
			all = append(all, p)
		}
	}
	add(latencies(w, id), true)
	add(rates(w, id), true)
	add(goodput(w, id, g), len(g) > 0)
	add(distributions(w, id))
	add(cached(w, id))
	add(lag(w, id))
	add(courses(w, id))
	add(heats(w, id))
	return all
}

var metrics4 = []curves{
	{title: "TTFT", label: "Time to first token by rate", latency: true, of: func(m *measured) suite.Quantiles { return m.Results.TTFT }},
	{title: "ITL", label: "Inter-token latency by rate", latency: true, of: func(m *measured) suite.Quantiles { return m.Results.ITL }},
	{title: "TPOT", label: "Time per output token by rate", latency: true, of: func(m *measured) suite.Quantiles { return m.Results.TPOT }},
	{title: "E2EL", label: "End-to-end latency by rate", latency: true, of: func(m *measured) suite.Quantiles { return m.Results.E2EL }},
}

func latencies(w *workload, id string) plot {
	v := view{file: id + "-latency", Table: table{Columns: []string{"baseline", "req/s", "verdict", "ok", "failed"}}}
	for i := range metrics4 {
		c := &metrics4[i]
		v.Panels = append(v.Panels, c.panel(w))
		v.Table.Columns = append(v.Table.Columns, c.title+" p50", "p90", "p99 ms")
	}
	for _, run := range w.runs {
		cells := head(run)
		for i := range metrics4 {
			q := metrics4[i].of(run)
			cells = append(cells, figure(q.P50, 1), figure(q.P90, 1), figure(q.P99, 1))
		}
		v.Table.Rows = append(v.Table.Rows, row{run.line.Series, cells})
	}
	return plot{ID: id + "-latency", Title: "Latency by request rate", Views: []view{v},
		Caption: "Line: median. Thin line: p90; dashed: p99; shading between. " + marks(w)}
}

// head is what the rows of a table by runs begin with.
func head(run *measured) []string {
	label := run.line.Label
	if !run.latest {
		label += ", earlier run"
	}
	ok, failed := fmt.Sprint(run.Results.OK), fmt.Sprint(run.Results.Failed)
	if run.Failed != nil {
		ok, failed = "0", fmt.Sprint(run.Failed.Sent)
	}
	return []string{label, short(run.rate()), run.standing(), ok, failed}
}

// marks explains those that are there.
func marks(w *workload) string {
	var texts []string
	has := func(is func(*measured) bool) bool { return slices.ContainsFunc(w.runs, is) }
	if has(func(m *measured) bool { return m.Verdict.Word == suite.Suspect }) {
		texts = append(texts, "Hollow: SUSPECT.")
	}
	if has(func(m *measured) bool { return m.Verdict.Word == suite.Invalid }) {
		texts = append(texts, "Hollow and crossed: INVALID, not to be believed.")
	}
	if has(func(m *measured) bool { return m.Failed != nil }) {
		texts = append(texts, "Crosses above the plot: failed, no figures; the curve stops there.")
	}
	if has(func(m *measured) bool { return !m.latest }) {
		texts = append(texts, "Of a point measured more than once the newest run is drawn, the earlier ones faint.")
	}
	return strings.Join(texts, " ")
}

func rates(w *workload, id string) plot {
	achieved := curves{title: "Requests per second sent", label: "Achieved rate by rate asked for", diagonal: true,
		of: func(m *measured) suite.Quantiles { return one(m.Results.Achieved) }}
	tokens := curves{title: "Tokens per second generated", label: "Output throughput by rate",
		of: func(m *measured) suite.Quantiles { return one(m.Results.OutputRate) }}
	v := view{file: id + "-rate", Panels: []*panel{achieved.panel(w), tokens.panel(w)},
		Table: table{Columns: []string{"baseline", "req/s", "verdict", "ok", "failed", "offered req/s", "achieved req/s", "answered req/s", "output tok/s"}}}
	for _, run := range w.runs {
		r := &run.Results
		v.Table.Rows = append(v.Table.Rows, row{run.line.Series, append(head(run),
			figure(r.Offered, 3), figure(r.Achieved, 3), figure(r.Answered, 3), figure(r.OutputRate, 1))})
	}
	return plot{ID: id + "-rate", Title: "Offered and achieved rate", Views: []view{v},
		Caption: "Dotted: sent as asked. Below it the client, or users who wait for their answers, sent less. " + marks(w)}
}

// one value as a distribution without bands.
func one(v float64) suite.Quantiles {
	return suite.Quantiles{P50: v, P90: math.NaN(), P99: math.NaN()}
}

func goodput(w *workload, id string, g goals) plot {
	good := func(m *measured) float64 {
		if m.sample == nil {
			return math.NaN()
		}
		return m.sample.goodput
	}
	c := curves{title: "Good requests per second", label: "Goodput by rate", diagonal: true,
		of: func(m *measured) suite.Quantiles { return one(good(m)) }}
	v := view{file: id + "-goodput", Panels: []*panel{c.panel(w)},
		Table: table{Columns: []string{"baseline", "req/s", "verdict", "ok", "failed", "goodput req/s", "of those answered %"}}}
	for _, run := range w.runs {
		v.Table.Rows = append(v.Table.Rows, row{run.line.Series, append(head(run), figure(good(run), 3), figure(100*good(run)/run.Results.Answered, 1))})
	}
	return plot{ID: id + "-goodput", Title: "Goodput", Views: []view{v},
		Caption: "Successful requests per second with " + g.String() + ". Dotted: all that were asked for. " + marks(w)}
}

// distributions compare baselines at one rate.
func distributions(w *workload, id string) (plot, bool) {
	p := plot{ID: id + "-ecdf", Title: "Distribution of latencies", Choose: "rate",
		Caption: "What share of the requests took at most so long; further left is faster, and the steeper the steadier. ITL: of the gaps between chunks, in classes of 0.8 %."}
	for _, rate := range ratesOf(w) {
		var runs []*measured
		for _, run := range w.runs {
			if run.latest && run.rate() == rate && run.sample != nil {
				runs = append(runs, run)
			}
		}
		if len(runs) == 0 {
			continue
		}
		v := view{Name: short(rate) + " requests/s", file: id + "-ecdf-" + short(rate),
			Table: table{Columns: []string{"baseline", "metric", "p10", "p25", "p50", "p75", "p90", "p95", "p99", "max ms"}}}
		for _, metric := range []struct {
			title string
			of    func(*sample) []rank
		}{
			{"TTFT", func(s *sample) []rank { return s.ttft }}, {"ITL", func(s *sample) []rank { return s.itl }},
			{"TPOT", func(s *sample) []rank { return s.tpot }}, {"E2EL", func(s *sample) []rank { return s.e2el }},
		} {
			if slices.ContainsFunc(runs, func(m *measured) bool { return len(metric.of(m.sample)) > 0 }) {
				v.Panels = append(v.Panels, ecdf(metric.title, runs, metric.of))
			}
			for _, run := range runs {
				cells := []string{run.line.Label, metric.title}
				for _, share := range []float64{0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1} {
					cells = append(cells, figure(at(metric.of(run.sample), share), 2))
				}
				v.Table.Rows = append(v.Table.Rows, row{run.line.Series, cells})
			}
		}
		p.Views = append(p.Views, v)
	}
	slices.Reverse(p.Views) // the highest rate tells most
	return p, len(p.Views) > 0
}

func ratesOf(w *workload) (all []float64) {
	for _, run := range w.runs {
		if rate := run.rate(); !slices.Contains(all, rate) {
			all = append(all, rate)
		}
	}
	slices.Sort(all)
	return all
}

func cached(w *workload, id string) (plot, bool) {
	c := curves{title: "Cached share of prompt tokens", label: "Cached token share by rate", share: true,
		of: func(m *measured) suite.Quantiles { return one(m.Results.CachedShare) }}
	v := view{file: id + "-cached", Panels: []*panel{c.panel(w)}, Table: table{Columns: []string{"baseline", "req/s", "verdict", "ok", "failed", "cached %"}}}
	some := false
	for _, run := range w.runs {
		some = some || !math.IsNaN(run.Results.CachedShare)
		v.Table.Rows = append(v.Table.Rows, row{run.line.Series, append(head(run), figure(100*run.Results.CachedShare, 1))})
	}
	return plot{ID: id + "-cached", Title: "Prompt tokens from the engine's cache", Views: []view{v},
		Caption: "As the engine reports them in usage, of the prompt tokens of the requests that tell. " + marks(w)}, some
}

func lag(w *workload, id string) (plot, bool) {
	c := curves{title: "Send lag", label: "Send lag by rate", latency: true, of: func(m *measured) suite.Quantiles { return m.Results.Lag }}
	v := view{file: id + "-lag", Panels: []*panel{c.panel(w)}, Table: table{Columns: []string{"baseline", "req/s", "verdict", "ok", "failed", "p50 ms", "p90 ms", "p99 ms", "max ms"}}}
	some := false
	for _, run := range w.runs {
		q := run.Results.Lag
		some = some || q.Known()
		v.Table.Rows = append(v.Table.Rows, row{run.line.Series, append(head(run), figure(q.P50, 3), figure(q.P90, 3), figure(q.P99, 3), figure(q.Most, 3))})
	}
	return plot{ID: id + "-lag", Title: "How late the client sent", Views: []view{v},
		Caption: "From when a request was due until it left. This is the client's own doing, not the engine's. " + marks(w)}, some
}

// courses are runs over time; each run is a view.
func courses(w *workload, id string) (plot, bool) {
	p := plot{ID: id + "-course", Title: "One run over time", Choose: "run",
		Caption: "Averages over equal parts of the run. Red strokes at the top: requests that failed, when they were sent. What the engine said of itself at /metrics stands below at the same instants."}
	for _, run := range newestFirst(w) {
		if run.sample == nil || len(run.sample.course) == 0 {
			continue
		}
		v := view{Name: run.name(), Panels: append(coursePanels(run), enginePanels(run)...), Wide: true, file: slug(run.Stem()) + "-course",
			Table: table{Columns: []string{"from s", "to s", "in flight", "sent req/s", "answered req/s", "failed", "TTFT p50 ms", "TTFT p99 ms"}}}
		names, engine := engineColumns(run.sample)
		v.Table.Columns = append(v.Table.Columns, names...)
		for _, s := range run.sample.course {
			cells := []string{figure(s.from, 1), figure(s.to, 1), figure(s.inFlight, 1),
				figure(s.launched, 1), figure(s.ended, 1), fmt.Sprint(s.failed), figure(s.ttft50, 1), figure(s.ttft99, 1)}
			for _, of := range engine {
				cells = append(cells, figure(of(s), 1))
			}
			v.Table.Rows = append(v.Table.Rows, row{-1, cells})
		}
		p.Views = append(p.Views, v)
	}
	return p, len(p.Views) > 0
}

func heats(w *workload, id string) (plot, bool) {
	p := plot{ID: id + "-sessions", Title: "TTFT of sessions, turn by turn", Choose: "run",
		Caption: "A row is a session, or the median of several that began one after the other; a column is a turn. Rows that stay light after the first turn are prompts the engine had kept."}
	for _, run := range newestFirst(w) {
		if run.sample == nil || len(run.sample.sessions.rows) == 0 {
			continue
		}
		h := &run.sample.sessions
		v := view{Name: run.name(), Panels: []*panel{heatMap(run)}, Wide: true, file: slug(run.Stem()) + "-sessions", Table: table{Columns: []string{"session"}}}
		for turn := range h.turns {
			v.Table.Columns = append(v.Table.Columns, fmt.Sprintf("turn %d ms", turn+1))
		}
		for _, line := range h.rows {
			cells := []string{line.label}
			for _, v := range line.cells {
				cells = append(cells, figure(v, 1))
			}
			v.Table.Rows = append(v.Table.Rows, row{-1, cells})
		}
		p.Views = append(p.Views, v)
	}
	return p, len(p.Views) > 0
}

// newestFirst has the runs at the highest rate of each line first.
func newestFirst(w *workload) (runs []*measured) {
	for _, run := range w.runs {
		if run.Failed == nil {
			runs = append(runs, run)
		}
	}
	slices.SortStableFunc(runs, func(a, b *measured) int {
		switch {
		case a.latest != b.latest:
			if a.latest {
				return -1
			}
			return 1
		case a.rate() > b.rate():
			return -1
		case a.rate() < b.rate():
			return 1
		}
		return 0
	})
	return runs
}

// asOne puts a view's panels into one picture, with a legend.
func (v *view) asOne(title string, lines []*line) *drawing.Drawing {
	columns := 2
	if v.Wide || len(v.Panels) == 1 {
		columns = 1
	}
	const gap = 16.0
	picture := &drawing.Drawing{Width: gap + float64(columns)*(v.Panels[0].Width+gap)}
	y := gap + 14
	picture.Text(drawing.Lettering{Size: 15, Colour: "ink", Bold: true}, drawing.Point{X: gap, Y: y}, title)
	y += 12
	if !v.Wide && len(lines) > 1 {
		y = legend(picture, lines, gap, y+8)
	}
	for from := 0; from < len(v.Panels); from += columns {
		tall := 0.0
		for i, p := range v.Panels[from:min(from+columns, len(v.Panels))] {
			picture.Place(&p.Drawing, drawing.Point{X: gap + float64(i)*(p.Width+gap), Y: y + 8})
			tall = max(tall, p.Height)
		}
		y += tall + 8
	}
	picture.Height = y + gap
	return picture
}

// legend names the lines by colour and returns where it ends.
func legend(d *drawing.Drawing, lines []*line, left, y float64) float64 {
	x := left
	for _, l := range lines {
		wide := 22 + drawing.Width(l.Label, words) + 18
		if x > left && x+wide > d.Width-left {
			x, y = left, y+16
		}
		d.Line(drawing.Style{Stroke: colour(l.Series), Width: 2.4, Dash: dash(l.Series)}, drawing.Point{X: x, Y: y}, drawing.Point{X: x + 16, Y: y})
		d.Text(drawing.Lettering{Size: words, Colour: "ink"}, drawing.Point{X: x + 22, Y: y + 4}, l.Label)
		x += wide
	}
	return y + 12
}
