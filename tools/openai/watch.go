package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// Bytes of a whole answer, against engines that never stop: far more than any
	// token takes with all that is said around it. The second is for answers of
	// whose tokens nobody knows the number.
	answerLimit, perToken = 16 << 20, 64 << 10
	unknownLimit          = 256 << 20

	// After the end of an answer some bytes are to come before the connection
	// can carry another request; if they do not, it is given up.
	tailLimit = 64 << 10
	tailTime  = 100 * time.Millisecond
)

// watch is an answer's body, each read of which is stamped, and the limits of
// time under which it is waited for.
type watch struct {
	parent context.Context
	ctx    context.Context // of the request; ended by the first limit that is passed
	cancel context.CancelCauseFunc
	limits *Config

	connect, total *time.Timer // each nil until it is needed

	begun time.Time
	heard atomic.Int64 // when something was received last, in ns since begun
	mu    sync.Mutex
	stall *time.Timer // nil until it is needed

	body    io.ReadCloser
	arrival time.Time // of the last bytes
	bytes   int64
	tokens  int // that were asked for; 0: not known
}

func newWatch(parent context.Context, limits *Config) *watch {
	ctx, cancel := context.WithCancelCause(parent)
	return &watch{parent: parent, ctx: ctx, cancel: cancel, limits: limits, begun: time.Now()}
}

// launched begins the time for the whole.
func (w *watch) launched() {
	if limit := w.limits.Timeout; limit > 0 {
		w.total = w.endAfter(limit, ErrTimeout)
	}
}

func (w *watch) connecting() {
	if limit := w.limits.ConnectTimeout; w.connect == nil {
		w.connect = w.endAfter(limit, ErrConnectTimeout)
	} else {
		w.connect.Reset(limit)
	}
}

func (w *watch) connected() {
	if w.connect != nil {
		w.connect.Stop()
	}
	w.received(time.Now())
	if limit := w.limits.StallTimeout; limit > 0 && w.stall == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.stall = time.AfterFunc(limit, w.checkStall)
	}
}

// received puts off the stall. It only notes when: setting the timer anew for
// every chunk would cost more than all else that is done with it.
func (w *watch) received(at time.Time) { w.heard.Store(at.Sub(w.begun).Nanoseconds()) }

// checkStall ends the request if nothing was received for the whole limit, or
// comes again when that may be.
func (w *watch) checkStall() {
	limit := w.limits.StallTimeout
	if idle := time.Since(w.begun) - time.Duration(w.heard.Load()); idle < limit {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.stall.Reset(limit - idle)
		return
	}
	w.cancel(overdue(ErrStalled, limit))
}

// endAfter makes a timer that ends the request.
func (w *watch) endAfter(limit time.Duration, cause error) *time.Timer {
	return time.AfterFunc(limit, func() { w.cancel(overdue(cause, limit)) })
}

func (w *watch) Read(p []byte) (int, error) {
	n, err := w.body.Read(p)
	w.arrival = time.Now() // before anything else
	if n > 0 {
		w.received(w.arrival)
	}
	if w.bytes += int64(n); w.bytes > answerLimit && w.bytes > w.most() {
		return n, w.endless()
	}
	return n, err
}

// most is how many bytes an answer may have.
func (w *watch) most() int64 {
	if w.tokens == 0 {
		return unknownLimit
	}
	return min(answerLimit+int64(w.tokens)*perToken, unknownLimit)
}

func (w *watch) endless() error {
	if w.tokens == 0 {
		return fmt.Errorf("an answer of more than %d bytes", w.most())
	}
	return fmt.Errorf("an answer of more than %d bytes for %d tokens", w.most(), w.tokens)
}

// because is the reason for an error of the transport: the limit that was
// passed, the caller's own cancellation, or just the error.
func (w *watch) because(err error) error {
	cause := context.Cause(w.ctx)
	switch {
	case cause == nil:
		return err
	case errors.Is(cause, ErrConnectTimeout), errors.Is(cause, ErrTimeout), errors.Is(cause, ErrStalled):
		return cause
	case w.parent.Err() != nil && !errors.Is(cause, w.parent.Err()):
		return fmt.Errorf("%w: %w", w.parent.Err(), cause)
	}
	return cause
}

// drain reads what follows the end of an answer, so that the connection can be
// used again.
func (w *watch) drain() {
	timer := time.AfterFunc(tailTime, func() { w.cancel(nil) })
	defer timer.Stop()
	io.CopyN(io.Discard, w.body, tailLimit)
}

// stop ends the watch, and the request if it is still under way.
func (w *watch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, timer := range [...]*time.Timer{w.connect, w.total, w.stall} {
		if timer != nil {
			timer.Stop()
		}
	}
	if w.body != nil {
		w.body.Close()
	}
	w.cancel(nil)
}
