package result

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
	"github.com/LMCache/LMBench/tools/results/runfile"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// point is one measured point: its figures, and what is known about them.
type point struct {
	pairs
	run            *runfile.Run
	figures        metrics.Figures
	requestFigures *metrics.Figures // of the requests; figures, unless those are a benchmark's own
	verdict        verdict.Verdict
	round          rounding
	strict         bool
	vllm           vllmMetrics // of a CSV of metrics

	qps      any  // for the file name
	computed bool // qps is not the pair QPS

	planned     int     // requests; 0 if not known
	requestRate float64 // for LMBench's key; per second, as the next two
	offered     float64
	achieved    float64
}

var (
	errNoSuccess = errors.New("no request succeeded")
	errNoRequest = errors.New("no request was measured")
)

// newPoint reads the CSV and, if that has metrics, the requests' CSV. With an error the
// point still has a file name and a verdict.
func newPoint(csv, requests string, arguments pairs, run *runfile.Run) (*point, error) {
	p := &point{requestFigures: new(metrics.Figures), pairs: arguments, run: run, round: roundingOfRequests, strict: strings.EqualFold(arguments.text("IS_STRICT_SYNTHETIC"), "true")}
	p.qps = p.given("QPS")
	if rate, there := p.Get("REQUEST_RATE"); there && strings.HasPrefix(p.text("WORKLOAD"), "vllm_") {
		p.qps, p.computed = rate, true // also in the file name of a failed point
	}
	ofMetrics, err := p.read(csv, requests)
	p.rates(ofMetrics)
	switch {
	case err != nil:
	case p.figures.Sent == 0 && !ofMetrics:
		err = errNoRequest
	case p.figures.OK == 0:
		err = errNoSuccess
	}
	p.judge(err)
	if err != nil {
		return p, fmt.Errorf("%s: %w", csv, err)
	}
	p.label(ofMetrics)
	return p, nil
}

// judge sets the verdict. With an error there are no figures.
func (p *point) judge(err error) {
	facts := p.run.Facts
	switch {
	case p.run.PointError != "":
		facts.PointError = p.run.PointError
	case err != nil && err != errNoRequest && err != errNoSuccess:
		facts.PointError = strings.ReplaceAll(err.Error(), "\n", "; ")
	}
	switch {
	case p.requestFigures.Sent > 0:
		p.verdict = verdict.Judge(p.requestFigures, &facts)
	case err != nil:
		p.verdict = verdict.Judge(&p.figures, &facts)
	default:
		p.verdict = verdict.Unknown()
	}
}

// read computes the figures. It reports whether the CSV has metrics that a benchmark
// computed itself instead of requests.
func (p *point) read(path, requests string) (ofMetrics bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return false, errors.Unwrap(err) // the caller names the path
	}
	defer file.Close()
	if strings.HasPrefix(p.text("WORKLOAD"), "vllm_") {
		if p.vllm, ofMetrics, err = readMetrics(file); ofMetrics || err != nil {
			p.figures = p.vllm.figures()
			p.requestFigures = requestsOf(cmp.Or(requests, strings.TrimSuffix(path, ".csv")+"_requests.csv"))
			return ofMetrics, err
		}
		if _, err := file.Seek(0, 0); err != nil {
			return false, err
		}
	}
	p.figures, err = metrics.Collect(record.Read(file))
	p.requestFigures = &p.figures
	return false, err
}

// requestsOf returns the figures of the requests that a CSV of metrics was made of, if
// their CSV exists.
func requestsOf(path string) *metrics.Figures {
	figures := new(metrics.Accumulator).Figures()
	file, err := os.Open(path)
	if err != nil {
		return &figures
	}
	defer file.Close()
	if collected, err := metrics.Collect(record.Read(file)); err == nil {
		figures = collected
	}
	return &figures
}

// label sets the QPS of the file name, and of the block workload if no pair gives it.
func (p *point) label(ofMetrics bool) {
	switch {
	case ofMetrics:
		p.qps, p.computed = p.given("REQUEST_RATE"), true
	case p.text("WORKLOAD") == "agentic":
		p.qps, p.computed = int64(0), true // a single instant has no rate, but LMBench's plots need a number
		if p.figures.Duration > 0 {
			p.qps = roundNumpy(p.figures.RequestRate)
		}
	}
}

func (p *point) rates(ofMetrics bool) {
	p.requestRate = p.figures.RequestRate
	p.achieved = p.figures.AchievedRate
	p.offered = record.Value(p.run.OfferedRate)
	if planned := p.run.RequestsPlanned; planned > 0 && planned < math.MaxInt32 {
		p.planned = planned
	}
	if sending := record.Value(p.run.SendingSeconds); sending > 0 && p.figures.Sent > 0 {
		p.achieved = float64(p.figures.Sent) / sending
	}
	if achieved := record.Value(p.run.AchievedRate); achieved > 0 {
		p.achieved = achieved
	}
	if ofMetrics {
		p.round = roundingOfMetrics
	} else if p.strict {
		p.requestRate = p.number("QPS")
	}
}
