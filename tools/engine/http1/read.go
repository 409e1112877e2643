package http1

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// A buffer is where bytes are received. A connection without TLS has none while it
// waits for data: it borrows one from the pool when there is something to read,
// usually the one used last, which is still in the processor's cache. Thousands of
// streams with a buffer each took a tenth more time.
type buffer [8 << 10]byte

const (
	lineLimit  = len(buffer{}) / 2 // bytes of a line between chunks, and of all lines after the last
	emptyReads = 100               // in a row that return neither bytes nor an error
)

var bufferPool = sync.Pool{New: func() any { return new(buffer) }}

// receiver is a connection that takes a buffer only when it has data for it.
type receiver interface {
	receive() (*buffer, int, error)
}

// fill receives more, after what is unread, which may move.
func (c *conn) fill() error {
	if c.readErr != nil {
		return c.readErr
	}
	before, n := len(c.unread), 0
	if before == 0 {
		c.release()
	}
	if c.receiver != nil && before == 0 {
		c.buffer, n, c.readErr = c.receiver.receive()
	} else {
		if c.buffer == nil {
			c.buffer = bufferPool.Get().(*buffer)
		}
		copy(c.buffer[:], c.unread)
		for tries := 0; n == 0 && c.readErr == nil; tries++ {
			if tries == emptyReads {
				c.readErr = io.ErrNoProgress
				break
			}
			n, c.readErr = c.Conn.Read(c.buffer[before:])
		}
	}
	if c.at = time.Since(c.began); n == 0 { // before anything is done with the bytes
		return c.readErr
	}
	c.unread = c.buffer[:before+n]
	c.answered = true
	return nil
}

// release gives back the buffer of what has been read.
func (c *conn) release() {
	if c.buffer != nil {
		bufferPool.Put(c.buffer)
	}
	c.buffer, c.unread = nil, nil
}

// take returns at most n of the unread bytes. They are valid until more is received.
func (c *conn) take(n int) []byte {
	n = min(n, len(c.unread))
	taken := c.unread[:n]
	c.unread = c.unread[n:]
	return taken
}

// line takes a line between chunks, without its end.
func (c *conn) line() ([]byte, error) {
	for {
		if end := bytes.IndexByte(c.unread, '\n'); 0 <= end && end < lineLimit {
			line, ended := bytes.CutSuffix(c.take(end + 1)[:end], []byte{'\r'})
			if !ended || bytes.IndexByte(line, '\r') >= 0 {
				return nil, errors.New("malformed chunked encoding: line without CRLF")
			}
			return line, nil
		}
		if len(c.unread) >= lineLimit {
			return nil, errors.New("malformed chunked encoding: line too long")
		}
		if err := c.fill(); err != nil {
			return nil, unexpectedEOF(err)
		}
	}
}

// unexpectedEOF returns an error met before the end of a response.
func unexpectedEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

var _ net.Conn = (*conn)(nil)
