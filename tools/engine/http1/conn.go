package http1

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
	"unsafe"
)

const (
	maxProvisional = 5        // responses of status 1xx before the final one
	writeBuffer    = 64 << 10 // bytes of a request that are written at once
)

// conn is a connection to a server. One goroutine uses it at a time.
type conn struct {
	// The fields that reading uses come first, to share cache lines.
	receiver receiver      // raw, if it lends buffers; else nil
	unread   []byte        // received and not yet taken
	began    time.Time     // RoundTrip was called
	at       time.Duration // from began until the last of unread was received
	buffer   *buffer       // holds unread; nil: nothing was received
	answered bool          // something was received since the request was written
	readErr  error         // a socket reports a reset once, and then EOF

	net.Conn
	raw       net.Conn  // below TLS
	tls       *tls.Conn // nil for http
	out       io.Writer // Conn, without its errors
	transport *Transport
	host      *host
	reused    bool
	idleSince time.Time

	ctx       context.Context // of the request under way
	interrupt func()          // ends reading and writing; made once
	stop      func() bool     // of interrupt when ctx ends; nil: ctx never ends
}

// past is a deadline that has passed.
var past = time.Unix(1, 0)

// watchCancel interrupts the connection when ctx ends.
func (c *conn) watchCancel(ctx context.Context) {
	c.ctx, c.stop = ctx, nil
	if ctx.Done() != nil {
		c.stop = context.AfterFunc(ctx, c.interrupt)
	}
}

// unwatch ends that, and reports whether the connection was left alone until now.
func (c *conn) unwatch() bool {
	stop := c.stop
	c.ctx, c.stop = nil, nil
	return stop == nil || stop()
}

// cause returns the reason of the request's cancellation instead of the error that
// the interrupted connection reports, if it was cancelled.
func (c *conn) cause(err error) error {
	if c.ctx != nil && c.ctx.Err() != nil {
		return context.Cause(c.ctx)
	}
	return err
}

// Writing takes a large buffer for a short time.
var writers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, writeBuffer) }}

// roundTrip sends a request and reads the head of its response.
func (c *conn) roundTrip(r *http.Request, body io.ReadCloser, length int64, trace *httptrace.ClientTrace, began time.Time) (*http.Response, error) {
	c.answered, c.began = false, began
	c.watchCancel(r.Context())
	out := writers.Get().(*bufio.Writer)
	out.Reset(c.out)
	err := write(out, r, body, length)
	out.Reset(nil)
	writers.Put(out)
	if trace != nil && trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{Err: err})
	}
	if err != nil {
		c.reused = false // the request is at fault, not the connection
		return nil, err
	}
	if err := c.fill(); err != nil {
		return nil, err
	}
	if trace != nil && trace.GotFirstResponseByte != nil {
		trace.GotFirstResponseByte()
	}
	if response := c.fastResponse(r); response != nil {
		return response, nil
	}
	for range maxProvisional {
		response, err := c.slowResponse(r)
		if err != nil {
			return nil, err
		}
		if response.StatusCode >= http.StatusOK || response.StatusCode == http.StatusSwitchingProtocols {
			return response, nil
		}
	}
	return nil, errors.New("too many responses with status 1xx")
}

// idle reports whether nothing was received that no request asked for, other than
// on the socket itself, which alive looks at.
func (c *conn) idle() bool {
	return len(c.unread) == 0 && (c.tls == nil || probe(c.tls))
}

// probe does what alive does for connections that are not sockets. A TLS connection knows what
// it has decrypted.
func probe(conn net.Conn) bool {
	if conn.SetReadDeadline(past) != nil {
		return false
	}
	_, err := conn.Read(make([]byte, 1))
	return isTimeout(err) && conn.SetReadDeadline(time.Time{}) == nil
}

// IgnoreWriteErrors returns a connection that reports no failure to write, as those of
// a Transport do. It is meant for net/http's transport, which takes a failure while it
// sends a body for a fault of the body, and does not read what the server answered.
func IgnoreWriteErrors(conn net.Conn) net.Conn { return errorlessWriter{conn} }

// errorlessWriter reports no failure to write. The server has then closed the
// connection, which reading reports as well and better: it returns what the server
// answered before, if anything, or that the request may be sent again.
type errorlessWriter struct{ net.Conn }

func (w errorlessWriter) Write(p []byte) (int, error) {
	w.Conn.Write(p)
	return len(p), nil
}

// WriteString writes a long string from where it lies.
func (w errorlessWriter) WriteString(s string) (int, error) {
	return w.Write(unsafe.Slice(unsafe.StringData(s), len(s))) // which Write does not change
}
