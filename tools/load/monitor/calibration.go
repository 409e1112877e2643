package monitor

import (
	"context"
	"strings"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/calibrate"
	"github.com/LMCache/LMBench/tools/load/workload"
	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

const (
	// A calibration fits in the cooldown after a point, so that it does not shorten
	// the engine's rest. Without a cooldown it takes shortCalibration.
	maxCalibration   = 2 * time.Second
	shortCalibration = 500 * time.Millisecond

	// maxBody bounds the requests' bytes, so that sending them takes little time
	// however long the prompts of the point are.
	maxBody = 256 << 10
)

// A Calibration measures what this client adds to the figures of a point.
type Calibration struct {
	Common  *workload.Common
	Dial    workload.Dialer      // nil: the network
	Network calibrate.Network    // of the reference engine
	CPU     func() time.Duration // CPU time of this process; nil: unknown
	Precise bool                 // see schedule.Options

	Peak int // requests that were under way at once
	Body int // mean bytes of a request
}

// Measure sends requests like those of a point with these figures to a reference
// engine in this process.
func (c *Calibration) Measure(ctx context.Context, figures *metrics.Figures) (verdict.Calibration, error) {
	within := min(maxCalibration, c.Common.Cooldown)
	if within == 0 {
		within = shortCalibration
	}
	body := min(c.Body, maxBody)
	text := chat.Text{strings.Repeat("hi ", body/3)}
	load := calibrate.Load{
		Streams: c.Peak, Within: within, Precise: c.Precise,
		Gap:    time.Duration(figures.ITL.Mean * 1e6),
		Chunks: 1 + figures.ITL.Count/figures.OK,
		Request: func(maxTokens int) openai.Request {
			return c.Common.Request([]chat.Message{{Role: chat.User, Content: text}}, "", maxTokens)
		},
	}
	used := time.Duration(0)
	if c.CPU != nil {
		used = c.CPU()
	}
	found, err := calibrate.Measure(ctx, c.Common.Engine(c.Dial), c.Network, load)
	if err != nil {
		return verdict.Calibration{}, err
	}
	facts := verdict.Calibration{
		TTFT: bias(found.TTFT), ITL: bias(found.ITL), E2EL: bias(found.E2EL),
		Streams: &found.Streams, GapMS: new(milliseconds(found.Gap)), BodyBytes: &body,
		Answers: &found.Answers, Chunks: &found.Chunks, Seconds: new(found.Took.Seconds()),
	}
	if c.CPU != nil {
		facts.CPUSeconds = new((c.CPU() - used).Seconds())
	}
	return facts, nil
}

func bias(of calibrate.Error) verdict.Bias {
	return verdict.Bias{BiasMS: verdict.Number(of.Bias), P99MS: verdict.Number(of.P99)}
}
