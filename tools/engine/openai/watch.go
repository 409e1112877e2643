package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
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

// watch is an answer's body, all of which is stamped, and the limits of
// time under which it is waited for.
//
// Its context and its timer cost more to make than all else about a short
// request, so a watch whose request ended well is used for another one of the
// same caller (see watches).
type watch struct {
	parent context.Context
	ctx    context.Context // of the request; ended by the first limit that is passed
	cancel context.CancelCauseFunc
	unhook func() bool // interrupt from ctx
	limits *Config

	connect, total *time.Timer // each nil unless it runs
	doubtful       bool        // one may be about to end ctx, after the request

	body    io.ReadCloser
	begun   time.Time     // the launch, once it is known
	heard   atomic.Int64  // when something was received last, in ns since begun
	arrival time.Duration // of the last bytes, since begun
	bytes   int64
	tokens  int // that were asked for; 0: not known
	tail    [16]byte
	piece   []byte // of an answer that is not usual, or comes through a proxy
	after   error  // met when it was read

	mu      sync.Mutex
	waiting bool        // for the engine: nothing received for long is a stall
	stall   *time.Timer // nil until it is needed
	running bool        // stall is
	conn    net.Conn    // to be interrupted when ctx ends; nil: none
}

func newWatch(parent context.Context, limits *Config) *watch {
	w := &watch{parent: parent, limits: limits, begun: time.Now()}
	w.ctx, w.cancel = context.WithCancelCause(parent)
	w.unhook = context.AfterFunc(w.ctx, w.interrupt)
	return w
}

// launched begins the time for the whole.
func (w *watch) launched(at time.Time) {
	w.begun = at
	if limit := w.limits.Timeout; limit > 0 {
		w.total = w.endAfter(limit, ErrTimeout)
	}
}

// since is how long ago the launch was.
func (w *watch) since() time.Duration { return time.Since(w.begun) }

func (w *watch) connecting() {
	if limit := w.limits.ConnectTimeout; w.connect == nil {
		w.connect = w.endAfter(limit, ErrConnectTimeout)
	} else {
		w.connect.Reset(limit)
	}
}

// connected takes the time since the launch.
func (w *watch) connected(at time.Duration) {
	w.end(&w.connect)
	limit := w.limits.StallTimeout
	if limit == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.received(at)
	w.waiting = true
	if w.running {
		return
	}
	if w.running = true; w.stall == nil {
		w.stall = time.AfterFunc(limit, w.checkStall)
	} else {
		w.stall.Reset(limit)
	}
}

// received puts off the stall. It only notes when: setting the timer anew for
// every chunk would cost more than all else that is done with it.
func (w *watch) received(at time.Duration) { w.heard.Store(int64(at)) }

// checkStall ends the request if nothing was received for the whole limit, or
// comes again when that may be.
func (w *watch) checkStall() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running = w.waiting; !w.waiting {
		return
	}
	limit := w.limits.StallTimeout
	if idle := w.since() - time.Duration(w.heard.Load()); idle < limit {
		w.stall.Reset(limit - idle)
		return
	}
	w.cancel(overdue(ErrStalled, limit))
}

// endAfter makes a timer that ends the request.
func (w *watch) endAfter(limit time.Duration, cause error) *time.Timer {
	return time.AfterFunc(limit, func() { w.cancel(overdue(cause, limit)) })
}

// hold has a connection interrupted when the request is to end; letGo does so no
// longer, and tells whether it was not.
func (w *watch) hold(conn net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conn = conn
	if w.ctx.Err() != nil {
		conn.SetDeadline(past)
	}
}

func (w *watch) letGo() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conn = nil
	return w.ctx.Err() == nil
}

var past = time.Unix(1, 0)

// interrupt wakes whoever reads or writes.
func (w *watch) interrupt() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn != nil {
		w.conn.SetDeadline(past)
	}
}

func (w *watch) Read(p []byte) (int, error) {
	n, err := w.body.Read(p)
	return n, w.came(n, err)
}

// Next is part of sse.Pieces.
func (w *watch) Next() ([]byte, error) {
	if body, ok := w.body.(*answerBody); ok && body.framed != nil {
		piece, err := body.next()
		return piece, w.came(len(piece), err)
	}
	if w.piece == nil {
		w.piece = make([]byte, readBuffered)
	}
	for w.after == nil {
		n, err := w.body.Read(w.piece)
		if w.after = w.came(n, err); n > 0 {
			return w.piece[:n], nil
		}
	}
	return nil, w.after
}

// came stamps what was read, and tells what is wrong with it. Of a usual answer it
// is known when it was received; of others, when it was there to be read.
func (w *watch) came(n int, err error) error {
	if body, ok := w.body.(*answerBody); ok && body.framed != nil {
		w.arrival = body.at
	} else {
		w.arrival = w.since()
	}
	if n > 0 {
		w.received(w.arrival)
	}
	if w.bytes += int64(n); w.bytes > answerLimit && w.bytes > w.most() {
		return w.endless()
	}
	return err
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
	if body, ok := w.body.(*answerBody); ok && body.atEnd() {
		for err := error(nil); err == nil; {
			_, err = body.Read(w.tail[:])
		}
		return
	}
	timer := time.AfterFunc(tailTime, func() { w.cancel(nil) })
	defer w.end(&timer)
	io.CopyN(io.Discard, w.body, tailLimit)
}

func (w *watch) end(timer **time.Timer) {
	if *timer != nil && !(*timer).Stop() {
		w.doubtful = true
	}
	*timer = nil
}

// stop ends the watch's request, if that is still under way, and tells whether
// the watch can be used for another.
func (w *watch) stop() (usable bool) {
	if w.body != nil {
		w.body.Close()
		w.body = nil
	}
	w.end(&w.connect)
	w.end(&w.total)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = false
	return !w.doubtful && w.ctx.Err() == nil
}

// discard ends a watch for good.
func (w *watch) discard() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stall != nil {
		w.stall.Stop()
	}
	w.unhook()
	w.cancel(nil)
}

// again makes the watch ready for another request.
func (w *watch) again() {
	w.begun, w.body, w.arrival, w.bytes, w.tokens, w.after = time.Now(), nil, 0, 0, 0, nil
}
