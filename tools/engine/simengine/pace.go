package simengine

import (
	"context"
	"math/rand/v2"
	"time"
)

// pace is when the tokens of one answer are due. Every due time is computed
// from the start of the request, none from the moment another token was sent,
// so being late once does not delay the rest.
type pace struct {
	start    time.Time     // when the request began to run
	prefill  time.Duration // from there to the first token, nominal
	interval time.Duration // between tokens, nominal
	jitter   float64
	random   *rand.Rand // of this request alone

	first time.Time // when the first token was due
	drawn int       // tokens whose due time is known
}

// next returns when the next token is due.
//
//	start            first      first+ITL  first+2*ITL
//	  |--- prefill ---|----------|----------|---
//	        ±j            each token within ±j/2 of an ITL around its mark
//
// Two neighbours, each at most half of j off, are between 1-j and 1+j
// intervals apart, and the error never adds up.
func (p *pace) next() time.Time {
	if p.drawn == 0 {
		p.first = p.start.Add(p.prefill + p.spread(p.prefill))
	}
	due := p.first
	if p.drawn > 0 {
		due = due.Add(time.Duration(p.drawn)*p.interval + p.spread(p.interval)/2)
	}
	p.drawn++
	return due
}

// spread draws from ±jitter of a duration.
func (p *pace) spread(nominal time.Duration) time.Duration {
	if p.jitter == 0 {
		return 0
	}
	return time.Duration(float64(nominal) * p.jitter * (2*p.random.Float64() - 1))
}

// sleepUntil waits with a timer made for the purpose, which it reuses. It
// returns early, with the reason, when the client goes away.
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
