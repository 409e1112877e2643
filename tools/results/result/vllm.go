package result

import (
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/gocarina/gocsv"

	"github.com/LMCache/LMBench/tools/data/userfile"
	"github.com/LMCache/LMBench/tools/results/metrics"
)

// metric is a line of a CSV of metrics.
type metric struct {
	Name  string `csv:"metric"`
	Value string `csv:"value"`
}

// readMetrics reads a CSV with the columns metric and value. It reports false, without an
// error, for any other CSV.
func readMetrics(file io.Reader) (values vllmMetrics, ofMetrics bool, err error) {
	lines, err := gocsv.NewUnmarshaller(csv.NewReader(userfile.WithoutMark(file)), metric{})
	if err != nil {
		return nil, false, nil // the reader of requests will report what is wrong
	}
	if !slices.Contains(lines.Headers, "metric") || !slices.Contains(lines.Headers, "value") {
		return nil, false, nil
	}
	values = vllmMetrics{}
	for {
		line, err := lines.Read()
		if err == io.EOF {
			return values, true, nil
		}
		if err != nil {
			return values, true, err
		}
		m := line.(metric)
		if v, err := strconv.ParseFloat(m.Value, 64); err == nil {
			values[m.Name] = v
		}
	}
}

// vllmMetrics holds the metrics that are numbers, by vLLM's names.
type vllmMetrics map[string]float64

func (m vllmMetrics) value(name string) float64 {
	if v, there := m[name]; there {
		return v
	}
	return math.NaN()
}

func (m vllmMetrics) count(name string) int {
	if v := m.value(name); v >= 1 && v < math.MaxInt32 {
		return int(v)
	}
	return 0
}

func (m vllmMetrics) latency(name string) metrics.Distribution {
	d := metrics.Distribute(nil) // NaN: what vLLM does not report
	d.Mean, d.Median = m.value("mean_"+name+"_ms"), m.value("median_"+name+"_ms")
	d.Set(99, m.value("p99_"+name+"_ms"))
	return d
}

// figures returns the metrics as figures.
func (m vllmMetrics) figures() metrics.Figures {
	f := new(metrics.Accumulator).Figures() // NaN: what vLLM does not report
	f.OK = m.count("completed")
	if _, there := m["failed"]; there {
		f.Failed = m.count("failed")
		f.Sent = f.OK + f.Failed
	}
	f.Duration = m.value("duration")
	f.PromptTokens = m.value("total_input_tokens")
	f.GenerationTokens = m.value("total_output_tokens")
	f.RequestRate = m.value("request_throughput")
	f.OutputRate = m.value("output_throughput")
	f.TotalRate = m.value("total_token_throughput")
	f.TTFT, f.TPOT, f.NormalizedLatency = m.latency("ttft"), m.latency("tpot"), m.latency("itl")
	return f
}
