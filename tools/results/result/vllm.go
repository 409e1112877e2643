package result

import (
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/LMCache/LMBench/tools/results/metrics"
)

// readMetrics reads a CSV with the columns metric and value. Any other CSV is
// none of metrics, and no error.
func readMetrics(file io.Reader) (values named, ofMetrics bool, err error) {
	lines := csv.NewReader(file)
	header, err := lines.Read()
	if err != nil {
		return nil, false, nil // whatever is wrong, the reader of requests says it
	}
	metric, value := slices.Index(header, "metric"), slices.Index(header, "value")
	if metric < 0 || value < 0 {
		return nil, false, nil
	}
	values = named{}
	for {
		line, err := lines.Read()
		if err == io.EOF {
			return values, true, nil
		}
		if err != nil {
			return values, true, err
		}
		if v, err := strconv.ParseFloat(line[value], 64); err == nil {
			values[line[metric]] = v
		}
	}
}

// named are the numbers among the metrics.
type named map[string]float64

func (n named) value(name string) float64 {
	if v, there := n[name]; there {
		return v
	}
	return math.NaN()
}

func (n named) count(name string) int {
	if v := n.value(name); v >= 1 && v < math.MaxInt32 {
		return int(v)
	}
	return 0
}

func (n named) latency(name string) metrics.Distribution {
	d := metrics.Distribute(nil) // what vLLM does not say does not exist
	d.Mean, d.Median = n.value("mean_"+name+"_ms"), n.value("median_"+name+"_ms")
	d.Set(99, n.value("p99_"+name+"_ms"))
	return d
}

// figures translates vLLM's names.
func (n named) figures() metrics.Figures {
	f := new(metrics.Accumulator).Figures() // what vLLM does not say does not exist
	f.OK = n.count("completed")
	if _, there := n["failed"]; there {
		f.Failed = n.count("failed")
		f.Sent = f.OK + f.Failed
	}
	f.Duration = n.value("duration")
	f.PromptTokens = n.value("total_input_tokens")
	f.GenerationTokens = n.value("total_output_tokens")
	f.RequestRate = n.value("request_throughput")
	f.OutputRate = n.value("output_throughput")
	f.TotalRate = n.value("total_token_throughput")
	f.TTFT, f.TPOT, f.NormalizedLatency = n.latency("ttft"), n.latency("tpot"), n.latency("itl")
	return f
}
