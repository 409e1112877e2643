package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"

	"github.com/LMCache/LMBench/tools/engine/http1"
)

const (
	// Bytes of a whole answer, against engines that never stop: far more than any
	// token takes with its JSON. The last is for answers of unknown length.
	answerLimit, perToken = 16 << 20, 64 << 10
	unknownLimit          = 256 << 20

	// After the end of an answer some bytes are to come before the connection
	// can carry another request. If they do not, it is closed.
	tailLimit = 64 << 10
	tailTime  = 100 * time.Millisecond
)

// A deadline ends a request whose limits of time have passed. It reads the answer's
// body and notes the times of the request's steps.
//
// Its context and its timers cost more than all else of a short request, so a
// deadline whose request ended well is used again (see deadlinePool).
type deadline struct {
	parent context.Context
	ctx    context.Context // of the request; the first limit to pass cancels it
	cancel context.CancelCauseFunc
	limits *Config
	call   *call

	launch   time.Time     // zero: not yet
	connect  time.Duration // from launch until the connection was ready
	attempts int           // connections that the request was given
	written  atomic.Int64  // ns from launch until the request was written; of net/http another goroutine sets it

	dialing, total *time.Timer // nil: never needed
	pending        bool        // dialing runs
	doubtful       bool        // a timer may still fire after the request has ended

	body    io.ReadCloser
	fast    *http1.Body   // body, if it is the transport's of this project
	heard   atomic.Int64  // ns from launch until something was received last
	arrival time.Duration // of the last bytes, since launch
	bytes   int64
	tokens  int    // that were asked for; 0: unknown
	piece   []byte // read from a body that is not fast
	readErr error  // met after the piece

	mu      sync.Mutex
	waiting bool        // for the engine: nothing received for long is a stall
	stall   *time.Timer // nil: never needed
	running bool        // stall runs
}

func newDeadline(parent context.Context, limits *Config) *deadline {
	d := &deadline{parent: parent, limits: limits}
	ctx, cancel := context.WithCancelCause(parent)
	d.cancel = cancel
	d.ctx = httptrace.WithClientTrace(context.WithValue(ctx, deadlineKey{}, d), &httptrace.ClientTrace{
		GetConn:      func(string) { d.getConn() },
		GotConn:      func(httptrace.GotConnInfo) { d.gotConn() },
		WroteRequest: func(httptrace.WroteRequestInfo) { d.written.Store(int64(time.Since(d.launch))) },
	})
	return d
}

// getConn is called when the transport, which now has the request, looks for a
// connection. The first time is the launch.
func (d *deadline) getConn() {
	if d.launch.IsZero() {
		d.launch = time.Now()
		if limit := d.limits.Timeout; limit > 0 {
			d.total = d.start(d.total, limit, ErrTimeout)
		}
	}
	d.dialing = d.start(d.dialing, d.limits.ConnectTimeout, ErrConnectTimeout)
	d.pending = true
}

// gotConn is called when the request has a connection.
func (d *deadline) gotConn() {
	d.stopDialing()
	d.connect = time.Since(d.launch)
	d.attempts++
	limit := d.limits.StallTimeout
	if limit == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard.Store(int64(d.connect))
	d.waiting = true
	if d.running {
		return
	}
	if d.running = true; d.stall == nil {
		d.stall = time.AfterFunc(limit, d.checkStall)
	} else {
		d.stall.Reset(limit)
	}
}

// start starts a timer that ends the request, or makes it.
func (d *deadline) start(timer *time.Timer, limit time.Duration, cause error) *time.Timer {
	if timer != nil {
		timer.Reset(limit)
		return timer
	}
	return time.AfterFunc(limit, func() { d.cancel(overdue(cause, limit)) })
}

func (d *deadline) stopDialing() {
	if d.pending && !d.dialing.Stop() {
		d.doubtful = true
	}
	d.pending = false
}

// checkStall ends the request if nothing was received for the whole limit, or
// reschedules itself for the earliest time at which that could be.
func (d *deadline) checkStall() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.running = d.waiting; !d.waiting {
		return
	}
	limit := d.limits.StallTimeout
	if idle := time.Since(d.launch) - time.Duration(d.heard.Load()); idle < limit {
		d.stall.Reset(limit - idle)
		return
	}
	d.cancel(overdue(ErrStalled, limit))
}

// begin begins the reading of a body.
func (d *deadline) begin(body io.ReadCloser) {
	d.body = body
	d.fast, _ = body.(*http1.Body)
	d.heard.Store(int64(time.Since(d.launch)))
}

// Read implements io.Reader.
func (d *deadline) Read(p []byte) (int, error) {
	n, err := d.body.Read(p)
	return n, d.onRead(n, err)
}

// Next implements sse.Pieces.
func (d *deadline) Next() ([]byte, error) {
	if d.fast != nil {
		piece, err := d.fast.Next()
		return piece, d.onRead(len(piece), err)
	}
	if d.piece == nil {
		d.piece = make([]byte, 4<<10)
	}
	for d.readErr == nil {
		n, err := d.body.Read(d.piece)
		if d.readErr = d.onRead(n, err); n > 0 {
			return d.piece[:n], nil
		}
	}
	return nil, d.readErr
}

// onRead notes when the bytes that were read arrived: when they were received or,
// by net/http, when they were read. Putting off the stall just stores a time, since
// setting a timer for every chunk would cost more than all else done with it.
func (d *deadline) onRead(n int, err error) error {
	if d.fast != nil {
		d.arrival = d.fast.Arrival().Sub(d.launch)
	} else {
		d.arrival = time.Since(d.launch)
	}
	if n > 0 {
		d.heard.Store(int64(d.arrival))
	}
	if d.bytes += int64(n); d.bytes > answerLimit && d.bytes > d.maxBytes() {
		return d.tooLong()
	}
	return err
}

// maxBytes returns how many bytes an answer may have.
func (d *deadline) maxBytes() int64 {
	if d.tokens == 0 {
		return unknownLimit
	}
	return min(answerLimit+int64(d.tokens)*perToken, unknownLimit)
}

func (d *deadline) tooLong() error {
	if d.tokens == 0 {
		return fmt.Errorf("an answer of more than %d bytes", d.maxBytes())
	}
	return fmt.Errorf("an answer of more than %d bytes for %d tokens", d.maxBytes(), d.tokens)
}

// because returns the reason of an error of the transport: the limit that was
// passed, the caller's own cancellation, or just the error.
func (d *deadline) because(err error) error {
	cause := context.Cause(d.ctx)
	switch {
	case cause == nil:
		return err
	case errors.Is(cause, ErrConnectTimeout), errors.Is(cause, ErrTimeout), errors.Is(cause, ErrStalled):
		return cause
	case d.parent.Err() != nil && !errors.Is(cause, d.parent.Err()):
		return fmt.Errorf("%w: %w", d.parent.Err(), cause)
	}
	return cause
}

// drain reads what follows the end of an answer, so that the connection can be
// used again.
func (d *deadline) drain() {
	if d.fast != nil && d.fast.AtEnd() {
		return // closing it is enough
	}
	timer := time.AfterFunc(tailTime, func() { d.cancel(nil) })
	io.CopyN(io.Discard, d.body, tailLimit)
	if !timer.Stop() {
		d.doubtful = true
	}
}

// end ends the deadline's request, if that is still under way, and reports whether
// the deadline can be used for another.
func (d *deadline) end() (reusable bool) {
	if d.body != nil {
		d.body.Close()
		d.body, d.fast = nil, nil
	}
	d.stopDialing()
	if d.total != nil && !d.launch.IsZero() && !d.total.Stop() {
		d.doubtful = true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting, d.call = false, nil
	return !d.doubtful && d.ctx.Err() == nil
}

// discard ends a deadline for good.
func (d *deadline) discard() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stall != nil {
		d.stall.Stop()
	}
	d.cancel(nil)
}

// reset makes the deadline ready for another request.
func (d *deadline) reset() {
	d.launch, d.connect, d.attempts = time.Time{}, 0, 0
	d.written.Store(0)
	d.arrival, d.bytes, d.tokens, d.readErr = 0, 0, 0, nil
}
