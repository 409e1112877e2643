package workload

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/calibrate"
	"github.com/LMCache/LMBench/tools/results/verdict"
)

const (
	// Calibrating is done within the rest after a point, so that the engine under
	// test has it all the same.
	calibrationTime = 2 * time.Second
	// shortCalibration is what is taken where there is no rest.
	shortCalibration = 500 * time.Millisecond

	// longestBody is what a calibration sends at most: all its requests together
	// take a moment then, however long the prompts of the point.
	longestBody = 256 << 10
)

// level is how many requests are under way, and at most were.
type level struct{ now, peak atomic.Int64 }

func (l *level) enter() {
	now := l.now.Add(1)
	for peak := l.peak.Load(); now > peak && !l.peak.CompareAndSwap(peak, now); {
		peak = l.peak.Load()
	}
}

func (l *level) leave() { l.now.Add(-1) }

func (l *level) max() int { return int(l.peak.Load()) }

// calibrate measures what this client adds to the figures of a point like the
// one that is over, and notes that as facts of it. It takes no longer than the
// rest after the point, or half a second if there is none.
func (o *outcome) calibrate(ctx context.Context, c *Common, world World) {
	if c.NoCalibration || world.Loopback == nil || o.figures.OK == 0 || ctx.Err() != nil {
		return
	}
	within := min(calibrationTime, c.Cooldown)
	if within == 0 {
		within = shortCalibration
	}
	body := min(o.body, longestBody)
	text := chat.Text{strings.Repeat("hi ", body/3)}
	load := calibrate.Load{
		Streams: o.peak, Within: within, Precise: world.Precise,
		Gap:    time.Duration(o.figures.ITL.Mean * 1e6),
		Chunks: 1 + o.figures.ITL.Count/o.figures.OK,
		Request: func(maxTokens int) openai.Request {
			return c.Request([]chat.Message{{Role: chat.User, Content: text}}, "", maxTokens)
		},
	}
	used := time.Duration(0)
	if world.CPU != nil {
		used = world.CPU()
	}
	found, err := calibrate.Measure(ctx, c.engine(world), world.Loopback, load)
	if err != nil {
		if ctx.Err() == nil {
			fmt.Fprintln(world.Stderr, "note: what the client adds could not be measured:", err)
		}
		return
	}
	bias := func(of calibrate.Error) verdict.Bias {
		return verdict.Bias{BiasMS: verdict.Number(of.Bias), P99MS: verdict.Number(of.P99)}
	}
	o.facts.Calibration = verdict.Calibration{
		TTFT: bias(found.TTFT), ITL: bias(found.ITL), E2EL: bias(found.E2EL),
		Streams: &found.Streams, GapMS: new(milliseconds(found.Gap)), BodyBytes: &body,
		Answers: &found.Answers, Chunks: &found.Chunks, Seconds: new(found.Took.Seconds()),
	}
	if world.CPU != nil {
		o.facts.Calibration.CPUSeconds = new((world.CPU() - used).Seconds())
	}
	world.view.say("this client adds (mean, p99 in ms): TTFT %s, %s; ITL %s, %s; E2EL %s, %s",
		figure(found.TTFT.Bias), figure(found.TTFT.P99), figure(found.ITL.Bias), figure(found.ITL.P99), figure(found.E2EL.Bias), figure(found.E2EL.P99))
}
