package live

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
)

const (
	longestLine = 120 // columns: further ones are hard to read
	longestBars = 60  // seconds of a sparkline
	fewestBars  = 8
)

// piece is a part of a line. Where a line is too long, pieces of the highest
// rank go first, those of rank 0 never.
type piece struct {
	text string
	rank int
}

// line puts the pieces that fit into so many columns.
func line(columns int, pieces ...piece) string {
	for drop := 9; ; drop-- {
		var texts []string
		for _, p := range pieces {
			if p.rank <= drop && p.text != "" {
				texts = append(texts, p.text)
			}
		}
		if text := strings.Join(texts, "  "); width(text) <= columns || drop == 0 {
			return cut(text, columns)
		}
	}
}

// Lines are a state for so many columns of a terminal, without any escapes.
func Lines(s *State, columns int) []string {
	columns = min(columns, longestLine)
	lines := []string{headline(s, columns)}
	if !s.Stage.Idle {
		lines = append(lines, requestLine(s, columns),
			latencyLine(s, columns, "TTFT", s.TTFT, func(t *Tick) Quantiles { return t.TTFT }),
			latencyLine(s, columns, "ITL", s.ITL, func(t *Tick) Quantiles { return t.ITL }))
	}
	if len(s.Engine) > 0 {
		lines = append(lines, engineLine(s, columns))
	}
	if s.Failed > 0 {
		var causes []string
		for _, cause := range s.Causes {
			causes = append(causes, fmt.Sprintf("%d × %s", cause.Count, clean(cause.Text)))
		}
		lines = append(lines, cut(label("failed")+strings.Join(causes, "; "), columns))
	}
	return lines
}

func label(name string) string { return fmt.Sprintf("%-8s", name) }

// headline is where the run stands.
func headline(s *State, columns int) string {
	point := clean(s.Point.Name)
	name := clean(s.Workload)
	if s.Point.Of > 1 {
		name += fmt.Sprintf(" %d/%d", s.Point.Number, s.Point.Of)
	}
	where := s.Stage.Name + " " + clock(s.Elapsed)
	switch {
	case s.Ending:
		where += ", only waiting"
	case s.Stage.For > 0 && s.Elapsed > s.Stage.For:
		where = s.Stage.Name + " " + clock(s.Stage.For) + ", waiting " + clock(s.Elapsed-s.Stage.For)
	case s.Stage.For > 0:
		where += " of " + clock(s.Stage.For)
	}
	stage := ""
	if s.Stage.For == 0 && s.Left >= 0 {
		stage = "about " + clock(s.Left) + " left"
	}
	run := ""
	if s.RunLeft >= 0 && s.RunLeft != s.Left {
		run = clock(s.RunLeft) + " left in all"
	}
	return line(columns, piece{name, 1}, piece{point, 0}, piece{where, 0}, piece{stage, 3}, piece{run, 2})
}

func requestLine(s *State, columns int) string {
	rate := strconv.FormatFloat(s.Rate, 'f', 2, 64) + "/s"
	if s.Stage.Offered > 0 {
		rate += " of " + strconv.FormatFloat(s.Stage.Offered, 'f', 2, 64)
	}
	failed := ""
	if s.Failed > 0 {
		failed = fmt.Sprintf("%d failed", s.Failed)
	}
	lag := ""
	if s.Lag.Count > 0 {
		lag = "send lag p99 " + milliseconds(s.Lag.P99) + " ms"
	}
	return line(columns, piece{label("sent") + strconv.FormatInt(s.Sent, 10), 0}, piece{rate, 1},
		piece{fmt.Sprintf("%d in flight", s.InFlight), 2}, piece{fmt.Sprintf("%d ok", s.OK), 3}, piece{failed, 0}, piece{lag, 4})
}

// latencyLine has a bar for the median of each second, as far as there is room.
func latencyLine(s *State, columns int, name string, q Quantiles, of func(*Tick) Quantiles) string {
	if q.Count == 0 {
		return label(name) + "-"
	}
	figure := func(name string, d time.Duration) string { return fmt.Sprintf("%s %4s", name, milliseconds(d)) }
	figures := line(columns-8, piece{figure("p50", q.P50), 0}, piece{figure("p90", q.P90), 2}, piece{figure("p99", q.P99) + " ms", 1})
	bars := min(longestBars, columns-width(label(name)+figures)-2)
	if bars < fewestBars {
		return label(name) + figures
	}
	medians := make([]float64, len(s.Ticks))
	for i := range s.Ticks {
		medians[i] = math.NaN()
		if t := of(&s.Ticks[i]); t.Count > 0 {
			medians[i] = t.P50.Seconds()
		}
	}
	return label(name) + figures + "  " + sparkline(medians, bars)
}

func engineLine(s *State, columns int) string {
	gauge := func(quantity enginemetrics.Quantity, name string) string {
		if value, told := s.Engine[quantity]; told {
			return name + " " + strconv.FormatFloat(value, 'f', -1, 64)
		}
		return ""
	}
	usage := ""
	if value, told := s.Engine[enginemetrics.KVUsage]; told {
		usage = fmt.Sprintf("KV cache %.0f %%", 100*value)
	}
	hits := ""
	if queries := s.EngineRisen[enginemetrics.CacheQueries]; queries > 0 {
		hits = fmt.Sprintf("%.0f %% found in cache", 100*s.EngineRisen[enginemetrics.CacheHits]/queries)
	}
	preempted := ""
	if n := s.EngineRisen[enginemetrics.Preemptions]; n > 0 {
		preempted = fmt.Sprintf("%.0f preempted", n)
	}
	return line(columns, piece{label("engine") + gauge(enginemetrics.Running, "running"), 0}, piece{gauge(enginemetrics.Waiting, "waiting"), 1},
		piece{usage, 2}, piece{hits, 3}, piece{preempted, 2})
}

// Plain is a state as one line of a log.
func Plain(s *State) string {
	of := ""
	if s.Stage.For > 0 {
		of = fmt.Sprintf("/%.0f", s.Stage.For.Seconds())
	}
	text := fmt.Sprintf("%s %.0f%s s: sent %d (%.2f/s), in flight %d, done %d, failed %d", s.Stage.Name, s.Elapsed.Seconds(), of, s.Sent, s.Rate, s.InFlight, s.OK, s.Failed)
	for _, d := range []struct {
		name string
		Quantiles
	}{{"TTFT", s.TTFT}, {"ITL", s.ITL}} {
		if d.Count > 0 {
			text += fmt.Sprintf(", %s p50 %s p99 %s ms", d.name, milliseconds(d.P50), milliseconds(d.P99))
		}
	}
	if _, told := s.Engine[enginemetrics.Running]; told {
		text += fmt.Sprintf(", engine running %.0f waiting %.0f", s.Engine[enginemetrics.Running], s.Engine[enginemetrics.Waiting])
	}
	return text
}

// milliseconds has three digits, or all before the point.
func milliseconds(d time.Duration) string {
	ms := d.Seconds() * 1000
	switch {
	case ms < 9.995:
		return strconv.FormatFloat(ms, 'f', 2, 64)
	case ms < 99.95:
		return strconv.FormatFloat(ms, 'f', 1, 64)
	}
	return strconv.FormatFloat(ms, 'f', 0, 64)
}

// clock is a time as 1:05 or 2:03:45.
func clock(d time.Duration) string {
	seconds := int(d.Round(time.Second).Seconds())
	if seconds < 3600 {
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}
