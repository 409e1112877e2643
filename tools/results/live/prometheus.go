package live

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// maxCauses is how many causes of failure have a series of their own; the others are
// summed up as one, which bounds the number of series.
const maxCauses = 20

// Histogram buckets end at powers of two of a nanosecond, where octaves of Histogram
// end too, so that their counts are exact: from 1 ms to 1100 s.
const firstBound, lastBound = 20, 40

// WriteMetrics writes the collected figures in Prometheus' text format. Counters and
// histograms run over all points of the run, by the name of the stage.
//
// The format is written here because promhttp adds 3.5 MB to every workload's binary. The
// simulated engine, a program for tests, uses promhttp.
func (c *Collector) WriteMetrics(w io.Writer) {
	state := c.State()
	e := exposition{w}
	e.family("info", "gauge", "Labels describe what is running; the value is always 1.")
	e.sample("info", labels("workload", state.Workload, "point", state.Point.Name, "stage", state.Stage.Name), 1)
	e.gauge("point_number", "Number of the current point of the sweep, from 1.", float64(state.Point.Number))
	e.gauge("points", "Number of points in the sweep.", float64(state.Point.Of))
	e.gauge("stage_seconds", "Seconds since the current stage started.", state.Elapsed.Seconds())
	if state.RunLeft >= 0 {
		e.gauge("left_seconds", "Estimated seconds until the run ends.", state.RunLeft.Seconds())
	}
	e.gauge("offered_requests_per_second", "Planned request rate of the current stage; 0 if unknown.", state.Stage.Offered)
	e.gauge("requests_in_flight", "Requests that were sent and have not ended.", float64(state.InFlight))
	for _, quantity := range []enginemetrics.Metric{enginemetrics.Running, enginemetrics.Waiting, enginemetrics.KVUsage} {
		if value, exported := state.Engine[quantity]; exported {
			e.gauge("engine_"+string(quantity), engineHelp[quantity], value)
		}
	}

	c.mu.Lock()
	all := slices.Clone(c.totals)
	c.mu.Unlock()
	all = slices.DeleteFunc(all, func(t *totals) bool { return t.sent.Load() == 0 })
	counter := func(name, help string, of func(*totals) int64) {
		e.family(name, "counter", help)
		for _, t := range all {
			e.sample(name, labels("stage", t.name), float64(of(t)))
		}
	}
	counter("requests_ok_total", "Requests that succeeded.", func(t *totals) int64 { return t.ok.Load() })
	e.family("requests_failed_total", "counter", "Requests that failed, by stage and cause.")
	for _, t := range all {
		for _, cause := range t.rankedCauses() {
			e.sample("requests_failed_total", labels("stage", t.name, "cause", cause.Text), float64(cause.Count))
		}
	}
	counter("requests_sent_total", "Requests that were sent.", func(t *totals) int64 { return t.sent.Load() })
	counter("prompt_tokens_total", "Prompt tokens, as reported by the engine.", func(t *totals) int64 { return t.promptTokens.Load() })
	counter("generation_tokens_total", "Generated tokens.", func(t *totals) int64 { return t.generationTokens.Load() })
	histogram := func(name, help string, of func(*totals) *Histogram) {
		e.family(name, "histogram", help)
		for _, t := range all {
			e.histogram(name, t.name, of(t).snapshot())
		}
	}
	histogram("ttft_seconds", "Time to first token (TTFT) in seconds.", func(t *totals) *Histogram { return &t.ttft })
	histogram("itl_seconds", "Inter-token latency (ITL) in seconds: time between two chunks of an answer.", func(t *totals) *Histogram { return &t.itl })
	histogram("e2el_seconds", "End-to-end latency (E2EL) of requests in seconds.", func(t *totals) *Histogram { return &t.e2el })
	histogram("send_lag_seconds", "Scheduling delay of the client in seconds: from the time a request was due to its launch.", func(t *totals) *Histogram { return &t.lag })
}

// engineHelp describes the engine's own gauges.
var engineHelp = map[enginemetrics.Metric]string{
	enginemetrics.Running: "Requests being computed, as reported by the engine.",
	enginemetrics.Waiting: "Requests in the queue, as reported by the engine.",
	enginemetrics.KVUsage: "Fraction of the KV cache in use, as reported by the engine.",
}

// rankedCauses returns the most frequent causes, and the others as one.
func (t *totals) rankedCauses() []metrics.Failure {
	t.mu.Lock()
	defer t.mu.Unlock()
	causes := t.causes.Ranked()
	if len(causes) > maxCauses {
		others := metrics.Failure{Text: metrics.OtherErrors}
		for _, cause := range causes[maxCauses:] {
			others.Count += cause.Count
		}
		causes = append(causes[:maxCauses:maxCauses], others)
	}
	return causes
}

// exposition writes metrics whose names start with lmbench_.
type exposition struct{ io.Writer }

func (e exposition) family(name, kind, help string) {
	fmt.Fprintf(e, "# HELP lmbench_%s %s\n# TYPE lmbench_%s %s\n", name, help, name, kind)
}

func (e exposition) sample(name, labels string, value float64) {
	fmt.Fprintf(e, "lmbench_%s%s %s\n", name, labels, strconv.FormatFloat(value, 'g', -1, 64))
}

func (e exposition) gauge(name, help string, value float64) {
	e.family(name, "gauge", help)
	e.sample(name, "", value)
}

func (e exposition) histogram(name, stage string, c *counts) {
	below, next := uint64(0), 0
	for bound := firstBound; bound <= lastBound; bound++ {
		for end := 1 + (bound-lowOctave)*steps; next < end; next++ {
			below += c.buckets[next]
		}
		le := strconv.FormatFloat(time.Duration(1<<bound).Seconds(), 'g', -1, 64)
		e.sample(name+"_bucket", labels("stage", stage, "le", le), float64(below))
	}
	e.sample(name+"_bucket", labels("stage", stage, "le", "+Inf"), float64(c.total))
	e.sample(name+"_sum", labels("stage", stage), c.sum.Seconds())
	e.sample(name+"_count", labels("stage", stage), float64(c.total))
}

var escaper = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)

// labels renders alternating names and values as {name="value",…}.
func labels(namesAndValues ...string) string {
	var b strings.Builder
	for i := 0; i < len(namesAndValues); i += 2 {
		fmt.Fprintf(&b, `,%s="%s"`, namesAndValues[i], escaper.Replace(strings.ToValidUTF8(namesAndValues[i+1], "\uFFFD")))
	}
	return "{" + b.String()[1:] + "}"
}
