package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gocarina/gocsv"
	"github.com/google/renameio/v2"

	"github.com/LMCache/LMBench/tools/data/pyjson"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// report prints vLLM's table and writes its result as JSON and CSV.
func (s *serving) report(requests string, out io.Writer) (summarized string, err error) {
	f := s.outcomes.summarize(&s.figures, s.countText)
	s.printTable(out, &f)
	list := append(s.resultMembers(&f), lmbenchMembers(s.outcomes.lmbench.Figures())...)
	sweep := s.common.Key != ""
	if sweep || s.figures.save || s.figures.add {
		path := s.jsonPath(requests, sweep)
		if err := s.writeJSON(path, list); err != nil {
			return "", fmt.Errorf("writing %s: %w", path, err)
		}
		fmt.Fprintf(out, "figures: %s\n", path)
	}
	fmt.Fprint(out, "\nThe same requests by LMBench's definitions (TTFT: until the first text; ITL: between chunks with text):\n\n")
	if !sweep {
		return "", nil
	}
	summarized = withSuffix(requests, ".csv")
	return summarized, writeCSV(summarized, list)
}

// countText counts the tokens of an answer with the client's tokenizer.
func (s *serving) countText(text string) int {
	n, err := s.model.counter.Count(context.Background(), text)
	if err != nil { // the engine counted before the load, but not now
		fmt.Fprintf(s.log, "cannot count the tokens of an answer: %v\n", err)
		return 1
	}
	return max(1, n)
}

// resultMembers returns the members of vLLM's result in its order, then more of LMBench.
func (s *serving) resultMembers(f *summary) []member {
	o := &s.figures
	list := []member{
		{"date", quoted(time.Now().Format("20060102-150405"))},
		{"backend", quoted(s.backend)},
		{"model_id", quoted(s.common.Model)},
		{"tokenizer_id", quoted(s.tokenizerID())},
		{"num_prompts", strconv.Itoa(s.prompts)},
	}
	for _, pair := range o.metadata {
		list = append(list, member{pair[0], quoted(pair[1])})
	}
	goodput, concurrency := "null", "null"
	if len(o.goodput) > 0 {
		goodput = float(f.goodput)
	}
	if s.load.concurrency > 0 {
		concurrency = strconv.Itoa(s.load.concurrency)
	}
	list = append(list,
		member{"request_rate", rateJSON(s.rate)},
		member{"burstiness", float(s.load.burstiness)},
		member{"max_concurrency", concurrency},
		member{"duration", float(f.duration)},
		member{"completed", strconv.Itoa(f.completed)},
		member{"total_input_tokens", strconv.Itoa(f.input)},
		member{"total_output_tokens", strconv.Itoa(f.output)},
		member{"request_throughput", float(f.requestRate)},
		member{"request_goodput:", goodput}, // vLLM's key has the colon
		member{"output_throughput", float(f.outputRate)},
		member{"total_token_throughput", float(f.tokenRate)},
	)
	if o.detailed {
		list = append(list, s.detailed()...)
	}
	for _, name := range o.metrics {
		list = append(list, f.metric(name).json(name, o.percentiles)...)
	}
	list = append(list,
		member{"failed", strconv.Itoa(f.failed)},
		member{"total_requested_input_tokens", strconv.Itoa(f.requested)},
		member{"max_output_tokens_per_s", float(f.peakTokens)},
		member{"max_concurrent_requests", strconv.Itoa(f.peakRequests)},
		member{"max_requests_at_once", strconv.Itoa(f.maxInFlight)},
	)
	if s.load.rampUp != "" {
		list = append(list, member{"ramp_up_strategy", quoted(s.load.rampUp)},
			member{"ramp_up_start_rps", float(s.load.rampStart)}, member{"ramp_up_end_rps", float(s.load.rampEnd)})
	}
	if s.load.concurrency > 0 {
		list = append(list, member{"mean_slot_wait_ms", float(f.wait.mean)}, member{"median_slot_wait_ms", float(f.wait.median)},
			member{"p99_slot_wait_ms", float(f.wait.percentiles[1])}, member{"max_slot_wait_ms", float(f.wait.max)})
	}
	return list
}

// json returns the members of a metric.
func (s stats) json(name string, of percentiles) []member {
	list := []member{{"mean_" + name + "_ms", float(s.mean)}, {"median_" + name + "_ms", float(s.median)}, {"std_" + name + "_ms", float(s.std)}}
	for i, p := range of {
		list = append(list, member{"p" + percentileName(p) + "_" + name + "_ms", float(s.percentiles[i])})
	}
	return list
}

// lmbenchMembers returns figures by LMBench's definitions. Its TTFT ends with the first
// text, its TPOT with the end of the stream.
func lmbenchMembers(f metrics.Figures) (list []member) {
	for _, one := range []struct {
		name string
		of   metrics.Distribution
	}{{"ttft", f.TTFT}, {"tpot", f.TPOT}, {"itl", f.NormalizedLatency}, {"inter_token_latency", f.ITL}, {"e2el", f.E2EL}, {"send_lag", f.Lag}} {
		for _, figure := range []struct {
			word  string
			value float64
		}{{"mean", one.of.Mean}, {"median", one.of.Median}, {"p99", one.of.P(99)}} {
			if !math.IsNaN(figure.value) {
				list = append(list, member{"lmbench_" + figure.word + "_" + one.name + "_ms", float(figure.value)})
			}
		}
	}
	return list
}

// tokenizerID returns the tokenizer as given by --tokenizer, or else the model.
func (s *serving) tokenizerID() string {
	if s.reading.tokenizer != "" {
		return s.reading.tokenizer
	}
	return s.common.Model
}

// jsonPath returns the path of the JSON. Its name in a single run is vLLM's.
func (s *serving) jsonPath(requests string, sweep bool) string {
	if sweep {
		return withSuffix(requests, ".json")
	}
	name := s.figures.file
	if name == "" {
		limit := ""
		if s.load.concurrency > 0 {
			limit = "-concurrency" + strconv.Itoa(s.load.concurrency)
		}
		name = fmt.Sprintf("%s-%sqps%s-%s-%s.json", s.backend, pyjson.Float(s.rate), limit, filepath.Base(s.common.Model), time.Now().Format("20060102-150405"))
	}
	return filepath.Join(s.figures.dir, name)
}

// writeJSON writes one line in the format of Python's json.dump, or appends it.
func (s *serving) writeJSON(path string, list []member) error {
	var texts []string
	for _, m := range list {
		texts = append(texts, quoted(m.name)+": "+m.value)
	}
	line := "{" + strings.Join(texts, ", ") + "}"
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if s.figures.add {
		return appendLine(path, line)
	}
	return renameio.WriteFile(path, []byte(line), 0o644)
}

// appendLine appends a line, after a line break unless the file is empty.
func appendLine(path, line string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	if info, err := file.Stat(); err == nil && info.Size() > 0 {
		line = "\n" + line
	}
	_, err = file.WriteString(line)
	return errors.Join(err, file.Close())
}

// csvRow is a member of the JSON as a line of the CSV.
type csvRow struct {
	Metric string `csv:"metric"`
	Value  string `csv:"value"`
}

func writeCSV(path string, list []member) error {
	var rows []csvRow
	for _, m := range list {
		rows = append(rows, csvRow{m.name, plain(m.value)})
	}
	data, err := gocsv.MarshalBytes(rows)
	if err != nil {
		return err
	}
	return renameio.WriteFile(path, data, 0o644)
}

// plain returns a JSON value as a CSV cell: null is empty, strings have no quotes.
func plain(value string) string {
	if value == "null" {
		return ""
	}
	if text, err := strconv.Unquote(value); err == nil && strings.HasPrefix(value, `"`) {
		return text
	}
	return value
}

func rateJSON(rate float64) string {
	if math.IsInf(rate, 1) {
		return `"inf"`
	}
	return float(rate)
}

// float formats a number as Python does.
func float(f float64) string { return pyjson.Float(f) }

// detailed returns lists with a value for every request, in the order of sending.
func (s *serving) detailed() []member {
	lists := []struct {
		name string
		of   func(r *outcome) string
	}{
		{"input_lens", func(r *outcome) string { return strconv.Itoa(r.promptTokens) }},
		{"output_lens", func(r *outcome) string { return strconv.Itoa(r.outputTokens) }},
		{"ttfts", func(r *outcome) string { return float(r.ttft.Seconds()) }},
		{"itls", func(r *outcome) string {
			return "[" + joined(r.appendITLs(nil), float) + "]"
		}},
		{"generated_texts", func(r *outcome) string { return quoted(r.text) }},
		{"errors", func(r *outcome) string { return quoted(r.err) }},
	}
	var all []member
	for _, list := range lists {
		var values []string
		for i := range s.outcomes.requests {
			if r := &s.outcomes.requests[i]; r.sent {
				values = append(values, list.of(r))
			}
		}
		all = append(all, member{list.name, "[" + strings.Join(values, ", ") + "]"})
	}
	return all
}

func joined(values []float64, form func(float64) string) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = form(v)
	}
	return strings.Join(texts, ", ")
}
