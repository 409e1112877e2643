package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/LMCache/LMBench/tools/load/params"
	"github.com/LMCache/LMBench/tools/results/spec"
)

// figureOptions are what is said of the requests.
type figureOptions struct {
	goodput     goals
	metrics     metricNames
	percentiles percentiles
	metadata    pairs
	detailed    bool
	save        bool
	add         bool
	dir, file   string
}

func (o *figureOptions) params() []params.Param {
	return []params.Param{
		{Flag: "goodput", Value: &o.goodput, AcceptsMore: isGoal, Help: "ttft:MS tpot:MS e2el:MS: count requests that keep all of these"},
		{Flag: "percentile-metrics", Value: &o.metrics, Default: "ttft,tpot,itl", Help: "of ttft, tpot, itl, e2el: which to report"},
		{Flag: "metric-percentiles", Value: &o.percentiles, Default: "99", Help: "which percentiles to report of them, commas between"},
		{Flag: "metadata", Value: &o.metadata, AcceptsMore: isPair, Help: "KEY=VALUE: to be kept in the JSON"},
		{Flag: "save-detailed", Value: params.Bool(&o.detailed), Default: "false", Help: "the JSON has every request's lengths, times, text and error"},
		{Flag: "save-result", Value: params.Bool(&o.save), Default: "false", Help: "write the JSON (a sweep always does)"},
		{Flag: "append-result", Value: params.Bool(&o.add), Default: "false", Help: "append the JSON as a line to its file"},
		{Flag: "result-dir", Value: params.OptionalText(&o.dir), SingleOnly: true, Help: "folder of the JSON"},
		{Flag: "result-filename", Value: params.OptionalText(&o.file), SingleOnly: true, Help: "name of the JSON"},
	}
}

// goals are limits in milliseconds, by metric.
type goals map[string]float64

// goalNames are the metrics that can have a limit, in the order they are shown.
var goalNames = [...]string{"ttft", "tpot", "e2el"}

func isGoal(word string) bool { return strings.Contains(word, ":") && !strings.Contains(word, "/") }

func (g *goals) Set(text string) error {
	*g = goals{}
	for word := range strings.FieldsSeq(text) {
		name, limit, found := strings.Cut(word, ":")
		ms, err := strconv.ParseFloat(limit, 64)
		if !found || err != nil || !(ms >= 0) || !slices.Contains(goalNames[:], name) {
			return fmt.Errorf("want ttft:MS, tpot:MS or e2el:MS, in milliseconds, got %q", word)
		}
		(*g)[name] = ms
	}
	return nil
}

func (g *goals) String() string {
	var texts []string
	for _, name := range goalNames {
		if ms, set := (*g)[name]; set {
			texts = append(texts, name+":"+spec.Float(ms))
		}
	}
	if texts == nil {
		return "None"
	}
	return strings.Join(texts, " ")
}
func (g *goals) Optional() bool { return true }

// metricNames are metrics to report.
type metricNames []string

func (m *metricNames) Set(text string) error {
	*m = strings.Split(text, ",")
	for _, name := range *m {
		if !slices.Contains([]string{"ttft", "tpot", "itl", "e2el"}, name) {
			return fmt.Errorf("want some of ttft,tpot,itl,e2el, got %q", text)
		}
	}
	return nil
}

func (m *metricNames) String() string { return strings.Join(*m, ",") }
func (m *metricNames) Optional() bool { return false }

// percentiles are from 0 to 100.
type percentiles []float64

func (p *percentiles) Set(text string) error {
	*p = nil
	for word := range strings.SplitSeq(text, ",") {
		f, err := strconv.ParseFloat(word, 64)
		if err != nil || !(f >= 0 && f <= 100) {
			return fmt.Errorf("want percentiles from 0 to 100, commas between, got %q", text)
		}
		*p = append(*p, f)
	}
	return nil
}

func (p *percentiles) String() string {
	var texts []string
	for _, f := range *p {
		texts = append(texts, percentileName(f))
	}
	return strings.Join(texts, ",")
}
func (p *percentiles) Optional() bool { return false }

// percentileName is 99 or 99.9.
func percentileName(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
