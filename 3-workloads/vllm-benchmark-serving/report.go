package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/spec"
)

// report prints vLLM's table and writes its JSON and the CSV made of that.
func (s *serving) report(requests string, out io.Writer) (summarized string, err error) {
	f := s.tally.compute(&s.options.figures, s.countText)
	s.printTable(out, &f)
	list := append(s.figuresJSON(&f), lmbenchJSON(s.tally.lmbench.Figures())...)
	sweep := s.common.Key != ""
	if sweep || s.options.figures.save || s.options.figures.add {
		path := s.jsonPath(requests, sweep)
		if err := s.writeJSON(path, list); err != nil {
			return "", fmt.Errorf("writing %s: %w", path, err)
		}
		fmt.Fprintf(out, "figures: %s\n", path)
	}
	fmt.Fprint(out, "\nThe same requests by LMBench's definitions (TTFT: to the first text; ITL: between chunks with text):\n\n")
	if !sweep {
		return "", nil
	}
	summarized = beside(requests, ".csv")
	return summarized, writeCSV(summarized, list)
}

// countText is how many tokens an answer has by the client's tokenizer.
func (s *serving) countText(text string) int {
	n, err := s.model.counter.Count(context.Background(), text)
	if err != nil { // an engine that does not count any more
		fmt.Fprintf(s.log, "an answer's tokens could not be counted: %v\n", err)
		return 1
	}
	return max(1, n)
}

// figuresJSON are the keys of vLLM's result in their order, then ours.
func (s *serving) figuresJSON(f *figures) []member {
	asked := &s.options.figures
	list := []member{
		{"date", quoted(time.Now().Format("20060102-150405"))},
		{"backend", quoted(s.backend)},
		{"model_id", quoted(s.common.Model)},
		{"tokenizer_id", quoted(s.tokenizerID())},
		{"num_prompts", strconv.Itoa(s.prompts)},
	}
	for _, pair := range asked.metadata {
		list = append(list, member{pair[0], quoted(pair[1])})
	}
	goodput, concurrency := "null", "null"
	if len(asked.goodput) > 0 {
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
		member{"request_goodput:", goodput}, // the colon is vLLM's
		member{"output_throughput", float(f.outputRate)},
		member{"total_token_throughput", float(f.tokenRate)},
	)
	if asked.detailed {
		list = append(list, s.detailed()...)
	}
	for _, name := range asked.metrics {
		list = append(list, f.named(name).json(name, asked.percentiles)...)
	}
	list = append(list,
		member{"failed", strconv.Itoa(f.failed)},
		member{"total_requested_input_tokens", strconv.Itoa(f.requested)},
		member{"max_output_tokens_per_s", float(f.peakTokens)},
		member{"max_concurrent_requests", strconv.Itoa(f.peakRequests)},
		member{"max_requests_at_once", strconv.Itoa(f.atOnce)},
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

// named is one of the metrics.
func (f *figures) named(metric string) spread {
	switch metric {
	case "ttft":
		return f.ttft
	case "tpot":
		return f.tpot
	case "itl":
		return f.itl
	}
	return f.e2el
}

func (s spread) json(name string, asked percentiles) []member {
	list := []member{{"mean_" + name + "_ms", float(s.mean)}, {"median_" + name + "_ms", float(s.median)}, {"std_" + name + "_ms", float(s.std)}}
	for i, p := range asked {
		list = append(list, member{"p" + percentileName(p) + "_" + name + "_ms", float(s.percentiles[i])})
	}
	return list
}

// lmbenchJSON are LMBench's definitions of the same requests. Its TTFT ends with
// the first text, its TPOT and ITL with the end of the stream.
func lmbenchJSON(f metrics.Figures) (list []member) {
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

// tokenizerID is the tokenizer's name as given, else the model's.
func (s *serving) tokenizerID() string {
	if s.reading.tokenizer != "" {
		return s.reading.tokenizer
	}
	return s.common.Model
}

func (s *serving) jsonPath(requests string, sweep bool) string {
	if sweep {
		return beside(requests, ".json")
	}
	name := s.options.figures.file
	if name == "" {
		limit := ""
		if s.load.concurrency > 0 {
			limit = "-concurrency" + strconv.Itoa(s.load.concurrency)
		}
		name = fmt.Sprintf("%s-%sqps%s-%s-%s.json", s.backend, spec.Float(s.rate), limit, filepath.Base(s.common.Model), time.Now().Format("20060102-150405"))
	}
	return filepath.Join(s.options.figures.dir, name)
}

// writeJSON writes one line, as Python's json.dump does.
func (s *serving) writeJSON(path string, list []member) error {
	var texts []string
	for _, m := range list {
		texts = append(texts, quoted(m.name)+": "+m.value)
	}
	line := "{" + strings.Join(texts, ", ") + "}"
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	mode := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if s.options.figures.add {
		mode = os.O_CREATE | os.O_WRONLY | os.O_APPEND
	}
	file, err := os.OpenFile(path, mode, 0o644)
	if err != nil {
		return err
	}
	if info, err := file.Stat(); err == nil && info.Size() > 0 {
		line = "\n" + line
	}
	_, err = file.WriteString(line)
	return errors.Join(err, file.Close())
}

// writeCSV writes a line for every member of the JSON.
func writeCSV(path string, list []member) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	out := csv.NewWriter(file)
	lines := [][]string{{"metric", "value"}}
	for _, m := range list {
		lines = append(lines, []string{m.name, plain(m.value)})
	}
	return errors.Join(out.WriteAll(lines), file.Close())
}

// plain is a JSON value as a CSV cell: null is empty, texts have no quotes.
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

// float is a number as Python writes it.
func float(f float64) string { return spec.Float(f) }
