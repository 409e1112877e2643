package openai

import (
	"context"
	"sync"
)

// deadlinePool holds deadlines that wait for another request of the same caller.
type deadlinePool struct {
	mu   sync.Mutex
	idle []*deadline
}

// get returns a deadline for a request of ctx. Those of another caller are discarded,
// since they will hardly be needed again.
func (p *deadlinePool) get(ctx context.Context, limits *Config) *deadline {
	for {
		d := p.take()
		if d == nil {
			return newDeadline(ctx, limits)
		}
		if d.parent.Done() == ctx.Done() && d.ctx.Err() == nil {
			d.reset()
			return d
		}
		d.discard()
	}
}

func (p *deadlinePool) take() *deadline {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.idle)
	if n == 0 {
		return nil
	}
	last := p.idle[n-1]
	p.idle[n-1] = nil
	p.idle = p.idle[:n-1]
	return last
}

// put takes a deadline back when its request has ended.
func (p *deadlinePool) put(d *deadline, reuse bool) {
	if !d.end() || !reuse {
		d.discard()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, d)
}

func (p *deadlinePool) close() {
	for d := p.take(); d != nil; d = p.take() {
		d.discard()
	}
}
