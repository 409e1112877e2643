package openai

import "context"

// watches are those that wait for another request of the same caller.
type watches struct{ idle stack[watch] }

// of is a watch for a request of ctx. One of another caller's will hardly be
// needed again.
func (w *watches) of(ctx context.Context, limits *Config) *watch {
	for {
		idle := w.idle.take()
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

// put takes a watch back when its request is over.
func (w *watches) put(used *watch) {
	if !used.stop() {
		used.discard()
		return
	}
	w.idle.put(used)
}

func (w *watches) close() {
	for idle := w.idle.take(); idle != nil; idle = w.idle.take() {
		idle.discard()
	}
}
