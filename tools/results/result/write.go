package result

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/data/pyjson"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/spec"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// Options describe one measured point.
type Options struct {
	Root     string      // holds run-bench.yaml and 4-latest-results; empty: the working directory
	CSV      string      // the point's requests, or a benchmark's metrics
	Requests string      // the requests behind a CSV of metrics; empty: CSV's name ending in _requests.csv
	Pairs    []string    // KEY=VALUE, as the run scripts give them; they take precedence over Run
	Run      runfile.Run // what the run knows besides the CSV
	Now      time.Time   // in the time zone of the file name
	NoUpload bool        // do not upload, regardless of the pairs
}

// Report says what was written, and what to print.
type Report struct {
	Path     string // of the JSON or, with an error, of the _failed.txt; empty: nothing was written
	QPS      string // as in the file name
	Workload spec.Map
	Figures  metrics.Figures
	Verdict  verdict.Verdict
	Planned  int      // requests; 0: not known
	Offered  float64  // requests per second; NaN: not known
	Achieved float64  // requests per second; NaN: there is no such rate
	Upload   string   // the URL to send the JSON to; empty: do not upload
	Warnings []string // what the result lacks, or has differently than asked
}

// Write computes a point's result and writes it.
func Write(o Options) (Report, error) {
	arguments, run, warnings := o.known()
	workload, more := arguments.stored()
	report := Report{Workload: workload, Warnings: append(warnings, more...)}
	directory, err := arguments.directory(o.Root)
	if err != nil {
		return report, err
	}
	p, failure := newPoint(o.CSV, o.Requests, arguments, &run)
	p.report(&report)
	stem, warning := p.stem(o.Now)
	report.warn(warning)
	if o.NoUpload {
		report.Upload = ""
	}
	if failure != nil {
		report.Path, err = save(directory, stem, "_failed.txt", p.failed(failure, workload, o.Now))
		if err != nil {
			return report, fmt.Errorf("%w; and its reasons could not be written: %w", failure, err)
		}
		return report, failure
	}
	document, more := p.document(o.Root, workload, o.Now)
	report.warn(more...)
	report.warn(p.gaps()...)
	report.Path, err = save(directory, stem, ".json", pyjson.ASCII.Append(nil, document, ""))
	if err != nil {
		return report, fmt.Errorf("writing the result: %w", err)
	}
	return report, nil
}

// known returns the pairs, followed by those of the run for other keys, and the run with
// what the pairs set.
func (o *Options) known() (arguments pairs, run runfile.Run, warnings []string) {
	arguments, warnings = parsePairs(o.Pairs)
	run = o.Run
	for _, pair := range arguments.Map {
		known, err := run.Set(pair.Key, text(pair.Value))
		if err != nil {
			warnings = append(warnings, fmt.Sprintf("ignoring %s: %v", pair.Key, err))
		} else if !known && strings.HasPrefix(pair.Key, runfile.FactPrefix) {
			warnings = append(warnings, fmt.Sprintf("ignoring %s, which is not a fact that a verdict knows", pair.Key))
		}
	}
	recorded, _ := parsePairs(o.Run.Recorded)
	for key, value := range o.Run.Pairs() {
		if n, is := value.(int); is {
			value = int64(n)
		}
		arguments.add(key, value)
	}
	for _, pair := range recorded.Map {
		arguments.add(pair.Key, pair.Value)
	}
	return arguments, run, warnings
}

func (r *Report) warn(warnings ...string) {
	for _, warning := range warnings {
		if warning != "" {
			r.Warnings = append(r.Warnings, warning)
		}
	}
}

func (p *point) report(r *Report) {
	r.QPS, r.Figures, r.Verdict = text(p.qps), p.figures, p.verdict
	r.Planned, r.Offered, r.Achieved = p.planned, p.offered, p.achieved
	r.Upload = p.upload()
}

// gaps returns warnings about LMBench's figures that are missing, and why.
func (p *point) gaps() (warnings []string) {
	f := &p.figures
	if f.Incomplete > 0 {
		warnings = append(warnings, fmt.Sprintf("%d successful requests lack a ttft, a generation_time, a token count or a time", f.Incomplete))
	}
	if f.TPOT.Count == 0 && f.TTFT.Count > 0 {
		warnings = append(warnings, "no tpot_ms: no answer has more than one token")
	}
	if f.Duration <= 0 {
		warnings = append(warnings, "no throughput: all requests lie in a single instant")
	}
	if p.strict && math.IsNaN(p.requestRate) {
		warnings = append(warnings, fmt.Sprintf("no request_throughput_req_per_s: QPS=%s is not a number", p.text("QPS")))
	}
	return warnings
}
