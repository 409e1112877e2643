package live

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

const (
	maxColumns = 120 // longer lines are hard to read
	maxBars    = 60  // of a sparkline, one for each second
	minBars    = 8
	labelWidth = 8
)

// piece is a part of a line. If the line is too long, pieces with the highest rank are
// dropped first. Pieces of rank 0 are never dropped.
type piece struct {
	text string
	rank int
}

// join joins the pieces that fit.
func join(columns int, pieces ...piece) string {
	for maxRank := 9; ; maxRank-- {
		var texts []string
		for _, p := range pieces {
			if p.rank <= maxRank && p.text != "" {
				texts = append(texts, p.text)
			}
		}
		if text := strings.Join(texts, "  "); width(text) <= columns || maxRank == 0 {
			return truncate(text, columns)
		}
	}
}

// Frame renders a state for a terminal of so many columns, without escape sequences.
func Frame(s *State, columns int) []string {
	columns = min(columns, maxColumns)
	lines := []string{headLine(s, columns)}
	if !s.Stage.Idle {
		lines = append(lines, requestLine(s, columns),
			latencyLine(s, columns, "TTFT", s.TTFT, func(second *Second) Quantiles { return second.TTFT }),
			latencyLine(s, columns, "ITL", s.ITL, func(second *Second) Quantiles { return second.ITL }))
	}
	if len(s.Engine) > 0 {
		lines = append(lines, engineLine(s, columns))
	}
	if s.Failed > 0 {
		var causes []string
		for _, cause := range s.Causes {
			causes = append(causes, fmt.Sprintf("%d × %s", cause.Count, printable(cause.Text)))
		}
		lines = append(lines, truncate(label("failed")+strings.Join(causes, "; "), columns))
	}
	return lines
}

func label(name string) string { return fmt.Sprintf("%-*s", labelWidth, name) }

// headLine says which point and stage are under way, and how long they take.
func headLine(s *State, columns int) string {
	workload := printable(s.Workload)
	if s.Point.Of > 1 {
		workload += fmt.Sprintf(" %d/%d", s.Point.Number, s.Point.Of)
	}
	stage := s.Stage.Name + " " + format.Clock(s.Elapsed)
	switch {
	case s.Ending:
		stage += ", draining"
	case s.Stage.Duration > 0 && s.Elapsed > s.Stage.Duration:
		stage = s.Stage.Name + " " + format.Clock(s.Stage.Duration) + ", draining for " + format.Clock(s.Elapsed-s.Stage.Duration)
	case s.Stage.Duration > 0:
		stage += " of " + format.Clock(s.Stage.Duration)
	}
	left := ""
	if s.Stage.Duration == 0 && s.Left >= 0 {
		left = "about " + format.Clock(s.Left) + " left"
	}
	runLeft := ""
	if s.RunLeft >= 0 && s.RunLeft != s.Left {
		runLeft = format.Clock(s.RunLeft) + " left in total"
	}
	return join(columns, piece{workload, 1}, piece{printable(s.Point.Name), 0}, piece{stage, 0}, piece{left, 3}, piece{runLeft, 2})
}

func requestLine(s *State, columns int) string {
	rate := format.Number(s.Rate) + "/s"
	if s.Stage.Offered > 0 {
		rate += " of " + format.Number(s.Stage.Offered)
	}
	failed := ""
	if s.Failed > 0 {
		failed = fmt.Sprintf("%d failed", s.Failed)
	}
	lag := ""
	if s.Lag.Count > 0 {
		lag = "send lag p99 " + milliseconds(s.Lag.P(99)) + " ms"
	}
	return join(columns, piece{label("sent") + strconv.FormatInt(s.Sent, 10), 0}, piece{rate, 1},
		piece{fmt.Sprintf("%d in flight", s.InFlight), 2}, piece{fmt.Sprintf("%d ok", s.OK), 3}, piece{failed, 0}, piece{lag, 4})
}

// latencyLine shows percentiles, and a bar for the median of each second if there is
// room. The median and p99 have precedence over the other percentiles.
func latencyLine(s *State, columns int, name string, q Quantiles, of func(*Second) Quantiles) string {
	if q.Count == 0 {
		return label(name) + format.Missing
	}
	pieces := make([]piece, len(q.Values))
	rank := 2
	for i, percent := range metrics.Percents() {
		pieces[i] = piece{text: fmt.Sprintf("%s %4s", metrics.PercentName(percent), milliseconds(q.Values[i]))}
		switch percent {
		case 50:
		case 99:
			pieces[i].rank = 1
		default:
			pieces[i].rank = rank
			rank++
		}
	}
	columns -= labelWidth
	room := columns
	if columns > 2*maxBars/3 {
		room = columns - maxBars/3 - 2 // some history says more than every percentile
	}
	text := join(room-len(" ms"), pieces...) + " ms"
	bars := min(maxBars, columns-width(text)-2)
	if bars < minBars {
		return label(name) + truncate(text, columns)
	}
	medians := make([]float64, len(s.Seconds))
	for i := range s.Seconds {
		medians[i] = math.NaN()
		if second := of(&s.Seconds[i]); second.Count > 0 {
			medians[i] = second.P(50).Seconds()
		}
	}
	return label(name) + text + "  " + sparkline(medians, bars)
}

func engineLine(s *State, columns int) string {
	gauge := func(quantity enginemetrics.Metric, name string) string {
		if value, exported := s.Engine[quantity]; exported {
			return name + " " + strconv.FormatFloat(value, 'f', -1, 64)
		}
		return ""
	}
	usage := ""
	if value, exported := s.Engine[enginemetrics.KVUsage]; exported {
		usage = "KV cache " + format.Percent(value)
	}
	hits := ""
	if rate, known := hitRate(s); known {
		hits = "cache hits " + format.Percent(rate)
	}
	preemptions := ""
	if n := s.EngineDelta[enginemetrics.Preemptions]; n > 0 {
		preemptions = fmt.Sprintf("%.0f preempted", n)
	}
	return join(columns, piece{label("engine") + gauge(enginemetrics.Running, "running"), 0}, piece{gauge(enginemetrics.Waiting, "waiting"), 1},
		piece{usage, 2}, piece{hits, 3}, piece{preemptions, 2})
}

// hitRate returns the fraction of prompt tokens that the engine found in its prefix
// cache during this stage.
func hitRate(s *State) (rate float64, known bool) {
	queries := s.EngineDelta[enginemetrics.CacheQueries]
	return s.EngineDelta[enginemetrics.CacheHits] / queries, queries > 0
}

// LogLine renders a state as one line of a log.
func LogLine(s *State) string {
	duration := ""
	if s.Stage.Duration > 0 {
		duration = fmt.Sprintf("/%.0f", s.Stage.Duration.Seconds())
	}
	text := fmt.Sprintf("%s %.0f%s s: sent %d (%s/s), in flight %d, ok %d, failed %d", s.Stage.Name, s.Elapsed.Seconds(), duration,
		s.Sent, format.Number(s.Rate), s.InFlight, s.OK, s.Failed)
	for _, d := range []struct {
		name string
		Quantiles
	}{{"TTFT", s.TTFT}, {"ITL", s.ITL}} {
		if d.Count > 0 {
			text += fmt.Sprintf(", %s p50 %s p99 %s ms", d.name, milliseconds(d.P(50)), milliseconds(d.P(99)))
		}
	}
	if _, exported := s.Engine[enginemetrics.Running]; exported {
		text += fmt.Sprintf(", engine running %.0f waiting %.0f", s.Engine[enginemetrics.Running], s.Engine[enginemetrics.Waiting])
	}
	return text
}

func milliseconds(d time.Duration) string { return format.Number(d.Seconds() * 1000) }
