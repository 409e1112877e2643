package suite

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/data/userfile"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// Results are the figures of a point as in its JSON. Missing figures are NaN, missing counts
// 0.
type Results struct {
	Planned, Sent, OK, Failed int
	Failures                  map[string]int
	Seconds                   float64 // first launch to last finish
	Offered, Achieved         float64 // requests per second
	Answered                  float64 // successful requests per second
	OutputRate                float64 // generated tokens per second
	CachedShare               float64 // of the prompt tokens

	TTFT, TPOT, ITL, E2EL metrics.Distribution // in ms; ITL is the time between two chunks
	Lag                   metrics.Distribution // launch - scheduled
}

// noResults returns the results of a point that has none.
func noResults() Results {
	nan := math.NaN()
	none := metrics.Distribute(nil)
	return Results{Seconds: nan, Offered: nan, Achieved: nan, Answered: nan, OutputRate: nan, CachedShare: nan,
		TTFT: none, TPOT: none, ITL: none, E2EL: none, Lag: none}
}

// document is a result JSON of ours, or of LMBench's own summarizer, which has neither
// baseline_key nor distributions.
type document struct {
	Name     any             `json:"name"`
	Session  any             `json:"lmbench-session-id"`
	Stamp    string          `json:"timestamp"`
	UTC      time.Time       `json:"timestamp_utc"`
	Baseline string          `json:"baseline_key"`
	Workload json.RawMessage `json:"workload"`
	Results  struct {
		OK         userfile.Int   `json:"successful_requests"`
		Planned    userfile.Int   `json:"requests_planned"`
		Sent       userfile.Int   `json:"requests_sent"`
		Failed     userfile.Int   `json:"requests_failed"`
		Failures   map[string]int `json:"failures"`
		Seconds    *float64       `json:"benchmark_duration_s"`
		Offered    *float64       `json:"offered_rate_req_per_s"`
		Achieved   *float64       `json:"achieved_rate_req_per_s"`
		Answered   *float64       `json:"request_throughput_req_per_s"`
		OutputRate *float64       `json:"output_token_throughput_tok_per_s"`
		Cached     *float64       `json:"cached_token_share"`
		TTFT3      distribution   `json:"ttft_ms"`
		TPOT3      distribution   `json:"tpot_ms"`
		ITL3       distribution   `json:"itl_ms"` // time per token; of a vllm_ workload the time between chunks
		TTFT       distribution   `json:"ttft_percentiles_ms"`
		TPOT       distribution   `json:"tpot_percentiles_ms"`
		ITL        distribution   `json:"inter_token_latency_ms"`
		E2EL       distribution   `json:"e2el_ms"`
		Lag        distribution   `json:"send_lag_ms"`
		LMBench    struct {
			TTFT distribution `json:"ttft"`
			TPOT distribution `json:"tpot"`
			ITL  distribution `json:"inter_token_latency"`
			E2EL distribution `json:"e2el"`
			Lag  distribution `json:"send_lag"`
		} `json:"lmbench_definitions_ms"`
		Verdict verdict.Verdict `json:"verdict"`
	} `json:"results"`
}

// distribution holds figures by name: the three of the original, or ours. Values
// that are not numbers are left out.
type distribution map[string]any

func parseResult(text []byte, path string) (Point, error) {
	var d document
	text = userfile.TrimMark(text)
	// LMBench's own summarizer writes these bare, which is not JSON.
	for _, word := range []string{"NaN", "-Infinity", "Infinity"} {
		text = bytes.ReplaceAll(text, []byte(": "+word), []byte(": null"))
	}
	if err := json.Unmarshal(text, &d); err != nil {
		return Point{}, err
	}
	point := Point{Session: plain(d.Session), Baseline: d.Baseline, QPS: math.NaN(), Measured: d.UTC}
	if err := point.parameters(d.Workload); err != nil {
		return Point{}, err
	}
	if point.Measured.IsZero() {
		point.Measured, _ = time.ParseInLocation("20060102-1504", d.Stamp, time.Local)
	}
	if point.Baseline == "" {
		point.Baseline = keyOf(path, point.Workload)
	}
	r := &d.Results
	vllm := strings.HasPrefix(point.Workload, "vllm_")
	itl := first(r.ITL, r.LMBench.ITL)
	if itl == nil && vllm {
		itl = r.ITL3
	}
	point.Results = Results{
		Planned: int(r.Planned), Sent: int(max(r.Sent, r.OK)), OK: int(r.OK), Failed: int(r.Failed), Failures: r.Failures,
		Seconds: record.Value(r.Seconds), Offered: record.Value(r.Offered), Achieved: record.Value(r.Achieved), Answered: record.Value(r.Answered),
		OutputRate: record.Value(r.OutputRate), CachedShare: record.Value(r.Cached),
		TTFT: first(r.TTFT, r.LMBench.TTFT, r.TTFT3).figures(), TPOT: first(r.TPOT, r.LMBench.TPOT, r.TPOT3).figures(),
		ITL: itl.figures(), E2EL: first(r.E2EL, r.LMBench.E2EL).figures(), Lag: first(r.Lag, r.LMBench.Lag).figures(),
	}
	point.Verdict = r.Verdict
	return point, nil
}

// parameters reads the workload section. The script's own parameters are those before
// AUTO_UPLOAD.
func (p *Point) parameters(section json.RawMessage) error {
	values := json.NewDecoder(bytes.NewReader(section))
	values.UseNumber()
	if open, err := values.Token(); err != nil || open != json.Delim('{') {
		return errors.New("not a result: it has no workload section")
	}
	own := true
	for values.More() {
		key, err := values.Token()
		if err != nil {
			return err
		}
		var value any
		if err := values.Decode(&value); err != nil {
			return err
		}
		name, _ := key.(string)
		own = own && name != "AUTO_UPLOAD"
		p.parameter(name, plain(value), own)
	}
	if p.Workload == "" {
		return errors.New("not a result: its workload section has no WORKLOAD")
	}
	return nil
}

func first(some ...distribution) distribution {
	for _, d := range some {
		if d != nil {
			return d
		}
	}
	return nil
}

func (d distribution) figures() metrics.Distribution {
	number := func(name string) float64 {
		if v, is := d[name].(float64); is {
			return v
		}
		return math.NaN()
	}
	f := metrics.Distribution{Mean: number("mean"), Min: number("min"), Max: number("max"), Median: number("median")}
	if count, is := d["count"].(float64); is {
		f.Count = int(count)
	}
	for _, percent := range metrics.Percents() {
		f.Set(percent, number(metrics.PercentName(percent)))
	}
	if !f.Known() {
		f.Set(50, f.Median)
	}
	return f
}
