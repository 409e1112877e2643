package openai

import (
	"context"
	"sync"
)

// watches are those that wait for another request of the same caller.
type watches struct {
	mu   sync.Mutex
	idle []*watch
}

// of is a watch for a request of ctx. One of another caller's will hardly be
// needed again.
func (w *watches) of(ctx context.Context, limits *Config) *watch {
	for {
		idle := w.take()
		if idle == nil {
			return newWatch(ctx, limits)
		}
		if idle.parent.Done() == ctx.Done() && idle.ctx.Err() == nil {
			idle.again()
			return idle
		}
		idle.discard()
	}
}

func (w *watches) take() *watch {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(w.idle)
	if n == 0 {
		return nil
	}
	last := w.idle[n-1]
	w.idle[n-1] = nil
	w.idle = w.idle[:n-1]
	return last
}

// put takes a watch back when its request is over.
func (w *watches) put(used *watch) {
	if !used.stop() {
		used.discard()
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.idle = append(w.idle, used)
}

func (w *watches) close() {
	for idle := w.take(); idle != nil; idle = w.take() {
		idle.discard()
	}
}
