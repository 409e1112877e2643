package openai

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// socket reads and writes a TCP connection without telling Go's scheduler, which
// takes precautions against every system call that may block: where chunks come
// one by one, with the processors idle between them, waking the scheduler's
// monitor for each took a sixth of all that the client needs. These calls never
// block, since Go's sockets do not; waiting is left to Go's poller as ever.
//
// One goroutine may read and one may write.
type socket struct {
	*net.TCPConn
	raw     syscall.RawConn
	room    *room                 // received into
	borrow  func(fd uintptr) bool // for receive; made once
	in, out transfer
	look    func(fd uintptr) bool // for alive; made once
	quiet   bool                  // it found nothing
}

// transfer is a read or write under way.
type transfer struct {
	p   []byte // what is still to be filled or sent
	n   int
	err error
	try func(fd uintptr) bool // made once; false: it has to wait
}

// newSocket returns conn itself if it is no TCP connection.
func newSocket(conn net.Conn) net.Conn {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return conn
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return conn
	}
	s := &socket{TCPConn: tcp, raw: raw}
	var unexpected [1]byte
	s.look = func(fd uintptr) bool {
		_, err := readNow(fd, unexpected[:])
		s.quiet = err == syscall.EAGAIN
		return true
	}
	s.borrow = func(fd uintptr) bool {
		s.room = rooms.Get().(*room)
		if s.in.p = s.room[:]; s.in.next(readNow, fd) {
			return true
		}
		rooms.Put(s.room)
		s.room = nil
		return false
	}
	s.in.try = func(fd uintptr) bool { return s.in.next(readNow, fd) }
	s.out.try = func(fd uintptr) bool {
		for s.out.next(writeNow, fd) {
			if s.out.err != nil || len(s.out.p) == 0 {
				return true
			}
		}
		return false
	}
	return s
}

// next reads or writes what it can at once.
func (t *transfer) next(call func(fd uintptr, p []byte) (int, error), fd uintptr) bool {
	for {
		n, err := call(fd, t.p)
		switch err {
		case nil:
			t.n += n
			t.p = t.p[n:]
			return true
		case syscall.EINTR:
		case syscall.EAGAIN:
			return false
		default:
			t.err = err
			return true
		}
	}
}

// end tells how a read or write ended, as net.TCPConn would.
func (s *socket) end(t *transfer, name string, err error) (int, error) {
	n := t.n
	if err == nil && t.err == nil {
		t.p, t.n = nil, 0
		return n, nil
	}
	switch wrapped := (*net.OpError)(nil); {
	case errors.As(err, &wrapped):
		err = wrapped.Err // of waiting: it was closed, or time is over
	case err == nil:
		err = os.NewSyscallError(name, t.err)
	}
	t.p, t.n, t.err = nil, 0, nil
	return n, &net.OpError{Op: name, Net: "tcp", Source: s.LocalAddr(), Addr: s.RemoteAddr(), Err: err}
}

// Read is part of net.Conn.
func (s *socket) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	s.in.p = p
	n, err := s.end(&s.in, "read", s.raw.Read(s.in.try))
	if n == 0 && err == nil {
		err = io.EOF
	}
	return n, err
}

// receive is Read into a room that is borrowed when there is something for it; nil
// where there was nothing.
func (s *socket) receive() (*room, int, error) {
	n, err := s.end(&s.in, "read", s.raw.Read(s.borrow))
	room := s.room
	if s.room = nil; n > 0 {
		return room, n, err
	}
	if room != nil {
		rooms.Put(room)
	}
	if err == nil {
		err = io.EOF
	}
	return nil, 0, err
}

// alive is what the function of this name is, in half of its time.
func (s *socket) alive() bool { return s.raw.Read(s.look) == nil && s.quiet }

// Write is part of net.Conn. A long write is not kept from the scheduler.
func (s *socket) Write(p []byte) (int, error) {
	if len(p) == 0 || len(p) > writtenAtOnce {
		return s.TCPConn.Write(p)
	}
	s.out.p = p
	return s.end(&s.out, "write", s.raw.Write(s.out.try))
}
