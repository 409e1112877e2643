package openai

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"time"
)

// room is where bytes are received. A stream has none while it waits for the next
// chunk, unless it comes through TLS: it borrows one when there is something to read, mostly the one that was
// used last, which is still in the processor's cache. Thousands of streams that
// each had their own took a tenth more time, for memory from which nothing was
// read since the chunk before.
type room [8 << 10]byte

const (
	lineLimit  = len(room{}) / 2 // bytes of a line between chunks, and of all lines after the last
	emptyReads = 100             // of a connection that gives neither bytes nor an error
)

var rooms = sync.Pool{New: func() any { return new(room) }}

// fill receives more, after what is unread, whose place may change.
func (l *link) fill() error {
	switch {
	case l.allowed <= 0:
		return errors.New("the head of the answer does not end")
	case l.failed != nil:
		return l.failed
	}
	before, n := len(l.unread), 0
	if before == 0 {
		l.release()
	}
	if l.borrower != nil && before == 0 {
		l.room, n, l.failed = l.borrower.receive()
	} else {
		if l.room == nil {
			l.room = rooms.Get().(*room)
		}
		copy(l.room[:], l.unread)
		for tries := 0; n == 0 && l.failed == nil; tries++ {
			if tries == emptyReads {
				l.failed = io.ErrNoProgress
				break
			}
			n, l.failed = l.Conn.Read(l.room[before:])
		}
	}
	if l.at = time.Since(l.begun); n == 0 { // before anything is done with it
		return l.failed
	}
	l.unread = l.room[:before+n]
	l.allowed -= int64(n)
	if !l.answered {
		l.answered = true
		copy(l.first[:], l.unread)
	}
	return nil
}

// borrower is a connection that takes a room only when it has something for it.
type borrower interface{ receive() (*room, int, error) }

// release gives back the room of what has been read.
func (l *link) release() {
	if l.room != nil {
		rooms.Put(l.room)
	}
	l.room, l.unread = nil, nil
}

// Read is part of net.Conn, for those who have memory of their own.
func (l *link) Read(p []byte) (int, error) {
	if len(l.unread) == 0 {
		if err := l.fill(); err != nil {
			return 0, err
		}
	}
	return copy(p, l.take(len(p))), nil
}

// take takes some of what is unread, at most n bytes. They are valid until more
// is received.
func (l *link) take(n int) []byte {
	n = min(n, len(l.unread))
	taken := l.unread[:n]
	l.unread = l.unread[n:]
	return taken
}

// line takes a line of what stands around chunks, without its end.
func (l *link) line() ([]byte, error) {
	for {
		if end := bytes.IndexByte(l.unread, '\n'); 0 <= end && end < lineLimit {
			line, ended := bytes.CutSuffix(l.take(end + 1)[:end], []byte{'\r'})
			if !ended || bytes.IndexByte(line, '\r') >= 0 {
				return nil, errors.New("malformed chunked encoding: a line that does not end as lines do")
			}
			return line, nil
		}
		if len(l.unread) >= lineLimit {
			return nil, errors.New("malformed chunked encoding: a line that does not end")
		}
		if err := l.fill(); err != nil {
			return nil, goesOn(err)
		}
	}
}

// goesOn is an error met where the answer is not over.
func goesOn(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
