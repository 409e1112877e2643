package main

import (
	"math"

	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/goodput"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// latencyCharts returns the charts of the latency figure.
func latencyCharts() []rateChart {
	return []rateChart{
		{title: "TTFT", label: "Time to first token by request rate", latency: true, value: func(m *measurement) metrics.Distribution { return m.Results.TTFT }},
		{title: "ITL", label: "Inter-token latency by request rate", latency: true, value: func(m *measurement) metrics.Distribution { return m.Results.ITL }},
		{title: "TPOT", label: "Time per output token by request rate", latency: true, value: func(m *measurement) metrics.Distribution { return m.Results.TPOT }},
		{title: "E2EL", label: "End-to-end latency by request rate", latency: true, value: func(m *measurement) metrics.Distribution { return m.Results.E2EL }},
	}
}

// measurementColumns are the columns of measurementCells, followed by others.
func measurementColumns(others ...string) []string {
	return append([]string{"baseline", "req/s", "verdict", "ok", "failed"}, others...)
}

func latencyFigure(w *workload, id string) figure {
	charts := latencyCharts()
	v := view{file: id + "-latency", Table: table{Columns: measurementColumns()}}
	for i := range charts {
		v.Subplots = append(v.Subplots, charts[i].subplot(w))
		v.Table.Columns = append(v.Table.Columns, percentColumns(charts[i].title+" ")...)
	}
	for _, m := range w.measurements {
		cells := measurementCells(m)
		for i := range charts {
			cells = append(cells, percentCells(charts[i].value(m), 1)...)
		}
		v.Table.Rows = append(v.Table.Rows, row{m.curve.Index, cells})
	}
	return figure{ID: id + "-latency", Title: "Latency by request rate", Views: []view{v},
		Caption: "Thick line: median. Thin line: p90. Dashed line: p99. " + markerCaption(w)}
}

// percentColumns names the columns of percentCells.
func percentColumns(prefix string) (names []string) {
	for _, percent := range metrics.Percents() {
		names = append(names, prefix+metrics.PercentName(percent)+" ms")
	}
	return names
}

func percentCells(d metrics.Distribution, decimals int) (cells []string) {
	for _, percent := range metrics.Percents() {
		cells = append(cells, format.Fixed(d.P(percent), decimals))
	}
	return cells
}

func rateFigure(w *workload, id string) figure {
	achieved := rateChart{title: "Requests per second sent", label: "Achieved rate by offered rate", diagonal: true,
		value: func(m *measurement) metrics.Distribution { return single(m.Results.Achieved) }}
	tokens := rateChart{title: "Tokens per second generated", label: "Output throughput by request rate",
		value: func(m *measurement) metrics.Distribution { return single(m.Results.OutputRate) }}
	v := view{file: id + "-rate", Subplots: []*subplot{achieved.subplot(w), tokens.subplot(w)},
		Table: table{Columns: measurementColumns("offered req/s", "achieved req/s", "completed req/s", "output tok/s")}}
	for _, m := range w.measurements {
		r := &m.Results
		v.Table.Rows = append(v.Table.Rows, row{m.curve.Index, append(measurementCells(m),
			format.Fixed(r.Offered, 3), format.Fixed(r.Achieved, 3), format.Fixed(r.Answered, 3), format.Fixed(r.OutputRate, 1))})
	}
	return figure{ID: id + "-rate", Title: "Offered and achieved rate", Views: []view{v},
		Caption: "Dotted line: achieved rate equals offered rate. Points below it: the client could not keep up, or its users were still waiting for answers. " + markerCaption(w)}
}

// single returns a distribution that has only a median.
func single(v float64) metrics.Distribution {
	var d metrics.Distribution
	d.Set(50, v)
	return d
}

func goodputFigure(w *workload, id string, goals goodput.Goals) figure {
	good := func(m *measurement) float64 {
		if m.sample == nil {
			return math.NaN()
		}
		return m.sample.goodput
	}
	c := rateChart{title: "Goodput, requests per second", label: "Goodput by request rate", diagonal: true,
		value: func(m *measurement) metrics.Distribution { return single(good(m)) }}
	v := view{file: id + "-goodput", Subplots: []*subplot{c.subplot(w)},
		Table: table{Columns: measurementColumns("goodput req/s", "% of completed")}}
	for _, m := range w.measurements {
		v.Table.Rows = append(v.Table.Rows, row{m.curve.Index, append(measurementCells(m), format.Fixed(good(m), 3), format.Fixed(100*good(m)/m.Results.Answered, 1))})
	}
	return figure{ID: id + "-goodput", Title: "Goodput", Views: []view{v},
		Caption: "Successful requests per second with " + goals.String() + ". Dotted line: every offered request meets the goals. " + markerCaption(w)}
}

func cachedFigure(w *workload, id string) (f figure, known bool) {
	c := rateChart{title: "Cached share of prompt tokens", label: "Cached share of prompt tokens by request rate", fraction: true,
		value: func(m *measurement) metrics.Distribution { return single(m.Results.CachedShare) }}
	v := view{file: id + "-cached", Subplots: []*subplot{c.subplot(w)}, Table: table{Columns: measurementColumns("cached %")}}
	for _, m := range w.measurements {
		known = known || !math.IsNaN(m.Results.CachedShare)
		v.Table.Rows = append(v.Table.Rows, row{m.curve.Index, append(measurementCells(m), format.Fixed(100*m.Results.CachedShare, 1))})
	}
	return figure{ID: id + "-cached", Title: "Cached prompt tokens", Views: []view{v},
		Caption: "Prompt tokens served from the engine's prefix cache, as reported in usage, over the requests for which it is reported. " + markerCaption(w)}, known
}

func lagFigure(w *workload, id string) (f figure, known bool) {
	c := rateChart{title: "Send lag", label: "Send lag by request rate", latency: true, value: func(m *measurement) metrics.Distribution { return m.Results.Lag }}
	v := view{file: id + "-lag", Subplots: []*subplot{c.subplot(w)}, Table: table{Columns: append(measurementColumns(percentColumns("")...), "max ms")}}
	for _, m := range w.measurements {
		lag := m.Results.Lag
		known = known || lag.Known()
		v.Table.Rows = append(v.Table.Rows, row{m.curve.Index, append(append(measurementCells(m), percentCells(lag, 3)...), format.Fixed(lag.Max, 3))})
	}
	return figure{ID: id + "-lag", Title: "Send lag of the client", Views: []view{v},
		Caption: "Scheduling delay: from the time a request was due to its launch. It is caused by the client, not by the engine. " + markerCaption(w)}, known
}
