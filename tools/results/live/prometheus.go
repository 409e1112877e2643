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

// mostCauses are told apart in metrics; all further ones are one.
const mostCauses = 20

// The bounds of histograms are powers of two of a nanosecond, each the end of an
// octave, so that counts are exact: from 1 ms to 1100 s.
const firstBound, lastBound = 20, 40

// WriteMetrics writes the board in Prometheus' text format. What counts counts
// over all points of the run, by the name of the stage.
func (b *Board) WriteMetrics(w io.Writer) {
	state := b.State()
	e := exposition{w}
	e.family("info", "gauge", "What is under way.")
	e.sample("info", labels("workload", state.Workload, "point", state.Point.Name, "stage", state.Stage.Name), 1)
	e.gauge("point_number", "Which point of the sweep it is.", float64(state.Point.Number))
	e.gauge("points", "Points of the sweep.", float64(state.Point.Of))
	e.gauge("stage_seconds", "Time since the stage began.", state.Elapsed.Seconds())
	if state.RunLeft >= 0 {
		e.gauge("left_seconds", "Time the run is expected to go on.", state.RunLeft.Seconds())
	}
	e.gauge("offered_requests_per_second", "Requests a second that the plan offers; 0: not known.", state.Stage.Offered)
	e.gauge("requests_in_flight", "Requests sent and not over.", float64(state.InFlight))
	for _, quantity := range []enginemetrics.Quantity{enginemetrics.Running, enginemetrics.Waiting, enginemetrics.KVUsage} {
		if value, told := state.Engine[quantity]; told {
			e.gauge("engine_"+string(quantity), "What the engine itself says.", value)
		}
	}

	b.mu.Lock()
	all := slices.Clone(b.totals)
	b.mu.Unlock()
	all = slices.DeleteFunc(all, func(t *totals) bool { return t.sent.Load() == 0 })
	counter := func(name, help string, of func(*totals) int64) {
		e.family(name, "counter", help)
		for _, t := range all {
			e.sample(name, labels("stage", t.name), float64(of(t)))
		}
	}
	counter("requests_ok_total", "Requests answered.", func(t *totals) int64 { return t.ok.Load() })
	e.family("requests_failed_total", "counter", "Requests that failed, by cause.")
	for _, t := range all {
		for _, cause := range t.ranked() {
			e.sample("requests_failed_total", labels("stage", t.name, "cause", cause.Text), float64(cause.Count))
		}
	}
	counter("requests_sent_total", "Requests sent.", func(t *totals) int64 { return t.sent.Load() })
	counter("prompt_tokens_total", "Tokens of prompts, as the engine counts them.", func(t *totals) int64 { return t.prompted.Load() })
	counter("generation_tokens_total", "Tokens of answers.", func(t *totals) int64 { return t.generated.Load() })
	histogram := func(name, help string, of func(*totals) *Histogram) {
		e.family(name, "histogram", help)
		for _, t := range all {
			e.histogram(name, t.name, of(t).now())
		}
	}
	histogram("ttft_seconds", "Time to the first token.", func(t *totals) *Histogram { return &t.ttft })
	histogram("itl_seconds", "Time between two chunks.", func(t *totals) *Histogram { return &t.itl })
	histogram("e2el_seconds", "Time to the end of an answer.", func(t *totals) *Histogram { return &t.e2el })
	histogram("send_lag_seconds", "Launch after due time.", func(t *totals) *Histogram { return &t.lag })
}

// ranked are the most frequent causes, and the rest as one.
func (t *totals) ranked() []metrics.Failure {
	t.mu.Lock()
	defer t.mu.Unlock()
	causes := t.causes.Ranked()
	if len(causes) > mostCauses {
		others := metrics.Failure{Text: metrics.OtherErrors}
		for _, cause := range causes[mostCauses:] {
			others.Count += cause.Count
		}
		causes = append(causes[:mostCauses:mostCauses], others)
	}
	return causes
}

// exposition writes families of metrics, all named lmbench_….
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
		for end := 1 + (bound-lowest)*steps; next < end; next++ {
			below += c.of[next]
		}
		le := strconv.FormatFloat(time.Duration(1<<bound).Seconds(), 'g', -1, 64)
		e.sample(name+"_bucket", labels("stage", stage, "le", le), float64(below))
	}
	e.sample(name+"_bucket", labels("stage", stage, "le", "+Inf"), float64(c.all))
	e.sample(name+"_sum", labels("stage", stage), c.sum.Seconds())
	e.sample(name+"_count", labels("stage", stage), float64(c.all))
}

var escaper = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)

// labels are name, value, name, value ….
func labels(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&b, `,%s="%s"`, pairs[i], escaper.Replace(strings.ToValidUTF8(pairs[i+1], "\uFFFD")))
	}
	return "{" + b.String()[1:] + "}"
}
