package http1

import (
	"errors"
	"io"
	"time"
)

var errClosed = errors.New("http1: read from a closed body")

// Body is the body of a response. It has the connection until its end. One goroutine
// may use it at a time; cancelling the request's context interrupts Read and Next.
type Body struct {
	conn    *conn // nil: the body has ended
	chunked chunkedBody
	at      time.Duration // from began until the last bytes returned were received
	began   time.Time
	closes  bool  // the server closes the connection after the response
	err     error // once the body has ended
}

func newBody(c *conn, closes bool, chunked chunkedBody) Body {
	chunked.conn = c
	return Body{conn: c, chunked: chunked, began: c.began, at: c.at, closes: closes}
}

// Next returns the next bytes of the body, without copying them. They are valid
// until the next call of a method. The error is io.EOF at the end.
func (b *Body) Next() ([]byte, error) {
	if b.conn == nil {
		return nil, b.err
	}
	piece, err := b.chunked.next(len(buffer{}))
	b.at = b.conn.at
	if err != nil {
		return nil, b.end(err)
	}
	return piece, nil
}

// Read implements io.Reader.
func (b *Body) Read(p []byte) (int, error) {
	if b.conn == nil {
		return 0, b.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	piece, err := b.chunked.next(len(p))
	b.at = b.conn.at
	n := copy(p, piece)
	if err == nil && b.chunked.done {
		err = io.EOF
	}
	if err != nil {
		err = b.end(err)
	}
	return n, err
}

// Arrival returns when the bytes returned last, or the end of the body, were received.
// Bytes that were received together arrived at the same time.
func (b *Body) Arrival() time.Time { return b.began.Add(b.at) }

// AtEnd reports whether reading to the end of the body does not wait.
func (b *Body) AtEnd() bool { return b.conn == nil || b.chunked.atEnd() }

// Close implements io.Closer. The connection is kept only if the rest of the body has
// been received: Close does not wait.
func (b *Body) Close() error {
	for b.conn != nil && b.chunked.atEnd() {
		b.Next()
	}
	if b.conn != nil {
		b.end(errClosed)
	}
	return nil
}

// end gives the connection back if the body was read to its end, or closes it. It
// returns the error that further reading meets.
func (b *Body) end(err error) error {
	c := b.conn
	b.conn = nil
	if b.err = err; err != io.EOF {
		b.err = c.cause(err)
	}
	if c.unwatch() && err == io.EOF && !b.closes && c.idle() {
		c.release()
		c.transport.put(c)
	} else {
		c.Close()
	}
	return b.err
}
