package simengine

import (
	"context"
	"math/rand/v2"
	"time"
)

// A timing computes when the tokens of one answer are due. Every due time counts
// from the start of the request and not from the previous token, so that one
// late token does not delay the rest.
type timing struct {
	start   time.Time     // when the request began to run
	prefill time.Duration // nominal time from start to the first token
	itl     time.Duration // nominal time between tokens
	jitter  float64       // fraction, from 0 to 1
	random  *rand.Rand    // of this request alone

	first    time.Time // when the first token was due
	computed int       // number of due times returned so far
}

// next returns when the next token is due.
//
//	start            first      first+ITL  first+2*ITL
//	  |--- prefill ---|----------|----------|---
//	        ±j            each token within ±j/2 of an ITL around its mark
//
// Two neighbors are each at most j/2 off their marks, so they are between 1-j
// and 1+j ITLs apart, and deviations do not add up.
func (t *timing) next() time.Time {
	if t.computed == 0 {
		t.first = t.start.Add(t.prefill + t.deviation(t.prefill))
	}
	due := t.first
	if t.computed > 0 {
		due = due.Add(time.Duration(t.computed)*t.itl + t.deviation(t.itl)/2)
	}
	t.computed++
	return due
}

// deviation draws a random duration from ±jitter of the nominal one.
func (t *timing) deviation(nominal time.Duration) time.Duration {
	if t.jitter == 0 {
		return 0
	}
	return time.Duration(float64(nominal) * t.jitter * (2*t.random.Float64() - 1))
}

// sleepUntil waits until due. It resets timer for that, and returns the cause of
// ctx's end if the client leaves first.
func sleepUntil(ctx context.Context, timer *time.Timer, due time.Time) error {
	timer.Reset(time.Until(due))
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		timer.Stop()
		return context.Cause(ctx)
	}
}
