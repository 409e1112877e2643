package http1

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// socket reads and writes a TCP connection without telling Go's scheduler, which
// takes precautions against every system call that may block. Where chunks come
// one by one, with the processors idle between them, waking the scheduler's
// monitor for each took a sixth of the client's time. These calls never block,
// since Go's sockets do not; Go's poller does the waiting.
//
// One goroutine may read and one may write.
type socket struct {
	*net.TCPConn
	raw     syscall.RawConn
	buffer  *buffer               // received into
	borrow  func(fd uintptr) bool // for receive; made once
	in, out transfer
	look    func(fd uintptr) bool // for alive; made once
	open    bool                  // result of look
}

// transfer is a read or write under way.
type transfer struct {
	p   []byte // what is still to be filled or sent
	n   int
	err error
	try func(fd uintptr) bool // made once; returns false if it has to wait
}

// newSocket returns conn itself if it is not a TCP connection.
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
		_, err := rawRead(fd, unexpected[:])
		s.open = err == syscall.EAGAIN
		return true
	}
	s.borrow = func(fd uintptr) bool {
		s.buffer = bufferPool.Get().(*buffer)
		if s.in.p = s.buffer[:]; s.in.next(rawRead, fd) {
			return true
		}
		bufferPool.Put(s.buffer)
		s.buffer = nil
		return false
	}
	s.in.try = func(fd uintptr) bool { return s.in.next(rawRead, fd) }
	s.out.try = func(fd uintptr) bool {
		for s.out.next(rawWrite, fd) {
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

// end returns the result of a read or write, with the errors of net.TCPConn.
func (s *socket) end(t *transfer, name string, err error) (int, error) {
	n := t.n
	if err == nil && t.err == nil {
		t.p, t.n = nil, 0
		return n, nil
	}
	switch wrapped := (*net.OpError)(nil); {
	case errors.As(err, &wrapped):
		err = wrapped.Err // of waiting: closed, or past the deadline
	case err == nil:
		err = os.NewSyscallError(name, t.err)
	}
	t.p, t.n, t.err = nil, 0, nil
	return n, &net.OpError{Op: name, Net: "tcp", Source: s.LocalAddr(), Addr: s.RemoteAddr(), Err: err}
}

// Read implements net.Conn.
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

// receive reads into a buffer that it borrows once there is data. It returns nil if
// there was none.
func (s *socket) receive() (*buffer, int, error) {
	n, err := s.end(&s.in, "read", s.raw.Read(s.borrow))
	borrowed := s.buffer
	if s.buffer = nil; n > 0 {
		return borrowed, n, err
	}
	if borrowed != nil {
		bufferPool.Put(borrowed)
	}
	if err == nil {
		err = io.EOF
	}
	return nil, 0, err
}

// alive does what the function of this name does, in half of its time.
func (s *socket) alive() bool { return s.raw.Read(s.look) == nil && s.open }

// Write implements net.Conn. A long write is not kept from the scheduler.
func (s *socket) Write(p []byte) (int, error) {
	if len(p) == 0 || len(p) > writeBuffer {
		return s.TCPConn.Write(p)
	}
	s.out.p = p
	return s.end(&s.out, "write", s.raw.Write(s.out.try))
}
