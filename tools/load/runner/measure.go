package runner

import (
	"time"

	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/monitor"
	"github.com/LMCache/LMBench/tools/load/output"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/format"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

// A measurement is what a measured stage yielded.
type measurement struct {
	figures metrics.Figures
	stage   workload.Stage
	sending time.Duration // how long requests were sent; 0: until the plan ended
	facts   verdict.Facts // what the rows do not show
	peak    int           // requests under way at once
	body    int           // mean bytes of a request

	interrupted bool // by a signal, before the last request was done
}

// measure runs stages one after the other and writes the requests of the last one.
func (s *session) measure(stages []workload.Stage, files *output.Files) (measurement, error) {
	if err := s.env.Limits.check(stages, len(s.common.Sources)); err != nil {
		return measurement{}, err
	}
	client, err := openai.New(s.common.Engine(s.env.Dial))
	if err != nil {
		return measurement{}, err
	}
	defer client.Close()
	// If the engine cannot be reached, fail before the whole plan is prepared.
	if err := client.Warm(s.interrupt.waiting, 1); err != nil {
		return measurement{}, err
	}

	last := len(stages) - 1
	measured := &stageRun{session: s, client: client, stage: stages[last], after: s.remaining.afterStages}
	if err := measured.prepare(); err != nil {
		return measurement{}, err
	}
	for i, stage := range stages[:last] {
		warming := &stageRun{session: s, client: client, stage: stage, after: sum(expected(stages[i+1:]), s.remaining.afterStages)}
		if err := warming.warmUp(); err != nil {
			return measurement{}, err
		}
	}
	return measured.measure(files)
}

// calibrate measures what this client adds to the figures of a measurement and adds
// it to the facts.
func (s *session) calibrate(m *measurement) {
	ctx := s.interrupt.sending
	if s.common.NoCalibration || s.env.Loopback == nil || m.figures.OK == 0 || ctx.Err() != nil {
		return
	}
	c := monitor.Calibration{
		Common: s.common, Dial: s.env.Dial, Network: s.env.Loopback, CPU: s.env.CPU, Precise: s.env.Precise,
		Peak: m.peak, Body: m.body,
	}
	found, err := c.Measure(ctx, &m.figures)
	if err != nil {
		if ctx.Err() == nil {
			s.console.Note("what the client adds could not be measured: %v", err)
		}
		return
	}
	m.facts.Calibration = found
	s.console.Progress("this client adds (mean, p99 in ms): TTFT %s; ITL %s; E2EL %s", biasText(found.TTFT), biasText(found.ITL), biasText(found.E2EL))
}

func biasText(b verdict.Bias) string { return number(b.BiasMS) + ", " + number(b.P99MS) }

// number renders a number that may be unknown.
func number(f *float64) string {
	if f == nil {
		return format.Missing
	}
	return format.Number(*f)
}
