package main

import (
	"math"

	"github.com/LMCache/LMBench/tools/results/goodput"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

var metrics4 = []curves{
	{title: "TTFT", label: "Time to first token by rate", latency: true, of: func(m *measured) metrics.Distribution { return m.Results.TTFT }},
	{title: "ITL", label: "Inter-token latency by rate", latency: true, of: func(m *measured) metrics.Distribution { return m.Results.ITL }},
	{title: "TPOT", label: "Time per output token by rate", latency: true, of: func(m *measured) metrics.Distribution { return m.Results.TPOT }},
	{title: "E2EL", label: "End-to-end latency by rate", latency: true, of: func(m *measured) metrics.Distribution { return m.Results.E2EL }},
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
			cells = append(cells, figure(q.P(50), 1), figure(q.P(90), 1), figure(q.P(99), 1))
		}
		v.Table.Rows = append(v.Table.Rows, row{run.line.Series, cells})
	}
	return plot{ID: id + "-latency", Title: "Latency by request rate", Views: []view{v},
		Caption: "Line: median. Thin line: p90; dashed: p99; shading between. " + marks(w)}
}

func rates(w *workload, id string) plot {
	achieved := curves{title: "Requests per second sent", label: "Achieved rate by rate asked for", diagonal: true,
		of: func(m *measured) metrics.Distribution { return one(m.Results.Achieved) }}
	tokens := curves{title: "Tokens per second generated", label: "Output throughput by rate",
		of: func(m *measured) metrics.Distribution { return one(m.Results.OutputRate) }}
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
func one(v float64) metrics.Distribution {
	var d metrics.Distribution
	d.Set(50, v)
	return d
}

func goodputs(w *workload, id string, g goodput.Goals) plot {
	good := func(m *measured) float64 {
		if m.sample == nil {
			return math.NaN()
		}
		return m.sample.goodput
	}
	c := curves{title: "Good requests per second", label: "Goodput by rate", diagonal: true,
		of: func(m *measured) metrics.Distribution { return one(good(m)) }}
	v := view{file: id + "-goodput", Panels: []*panel{c.panel(w)},
		Table: table{Columns: []string{"baseline", "req/s", "verdict", "ok", "failed", "goodput req/s", "of those answered %"}}}
	for _, run := range w.runs {
		v.Table.Rows = append(v.Table.Rows, row{run.line.Series, append(head(run), figure(good(run), 3), figure(100*good(run)/run.Results.Answered, 1))})
	}
	return plot{ID: id + "-goodput", Title: "Goodput", Views: []view{v},
		Caption: "Successful requests per second with " + g.String() + ". Dotted: all that were asked for. " + marks(w)}
}

func cached(w *workload, id string) (plot, bool) {
	c := curves{title: "Cached share of prompt tokens", label: "Cached token share by rate", share: true,
		of: func(m *measured) metrics.Distribution { return one(m.Results.CachedShare) }}
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
	c := curves{title: "Send lag", label: "Send lag by rate", latency: true, of: func(m *measured) metrics.Distribution { return m.Results.Lag }}
	v := view{file: id + "-lag", Panels: []*panel{c.panel(w)}, Table: table{Columns: []string{"baseline", "req/s", "verdict", "ok", "failed", "p50 ms", "p90 ms", "p99 ms", "max ms"}}}
	some := false
	for _, run := range w.runs {
		q := run.Results.Lag
		some = some || q.Known()
		v.Table.Rows = append(v.Table.Rows, row{run.line.Series, append(head(run), figure(q.P(50), 3), figure(q.P(90), 3), figure(q.P(99), 3), figure(q.Max, 3))})
	}
	return plot{ID: id + "-lag", Title: "How late the client sent", Views: []view{v},
		Caption: "From when a request was due until it left. This is the client's own doing, not the engine's. " + marks(w)}, some
}
