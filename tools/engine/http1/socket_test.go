package http1

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// pair is both ends of a TCP connection.
func pair(t *testing.T) (ours, theirs net.Conn) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if ours, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if theirs, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ours.Close()
		theirs.Close()
	})
	return ours, theirs
}

// A socket does what the connection below it does, errors included.
func TestSocket(t *testing.T) {
	tests := []struct {
		why    string
		theirs func(net.Conn)
		ours   func(net.Conn) (int, error)
		n      int
		is     error // nil: none
	}{
		{"what is there", func(c net.Conn) { io.WriteString(c, "abc") }, func(c net.Conn) (int, error) { return io.ReadFull(c, make([]byte, 3)) }, 3, nil},
		{"what comes later", func(c net.Conn) { go io.WriteString(c, "abc") }, func(c net.Conn) (int, error) { return c.Read(make([]byte, 9)) }, 3, nil},
		{"an empty buffer", func(net.Conn) {}, func(c net.Conn) (int, error) { return c.Read(nil) }, 0, nil},
		{"the end", func(c net.Conn) { c.Close() }, func(c net.Conn) (int, error) { return c.Read(make([]byte, 9)) }, 0, io.EOF},
		{"closed by us", func(net.Conn) {}, func(c net.Conn) (int, error) { c.Close(); return c.Read(make([]byte, 9)) }, 0, net.ErrClosed},
		{"written after it was closed", func(net.Conn) {}, func(c net.Conn) (int, error) { c.Close(); return c.Write(make([]byte, 9)) }, 0, net.ErrClosed},
		{"too late", func(net.Conn) {}, func(c net.Conn) (int, error) { c.SetDeadline(past); return c.Read(make([]byte, 9)) }, 0, os.ErrDeadlineExceeded},
		{"interrupted", func(net.Conn) {}, func(c net.Conn) (int, error) {
			timer := time.AfterFunc(time.Millisecond, func() { c.SetDeadline(past) })
			defer timer.Stop()
			return c.Read(make([]byte, 9))
		}, 0, os.ErrDeadlineExceeded},
		{"nothing to write", func(net.Conn) {}, func(c net.Conn) (int, error) { return c.Write(nil) }, 0, nil},
		{"more than fits at once", func(c net.Conn) { go io.Copy(io.Discard, c) }, func(c net.Conn) (int, error) {
			n := 0
			for range 1000 {
				written, err := c.Write(make([]byte, writeBuffer))
				if n += written; err != nil {
					return n, err
				}
			}
			return n, nil
		}, 1000 * writeBuffer, nil},
		{"a long write", func(c net.Conn) { go io.Copy(io.Discard, c) }, func(c net.Conn) (int, error) { return c.Write(make([]byte, 32<<20)) }, 32 << 20, nil},
	}
	for _, test := range tests {
		var errs [2]error
		for i, wrap := range []func(net.Conn) net.Conn{newSocket, func(c net.Conn) net.Conn { return c }} {
			ours, theirs := pair(t)
			test.theirs(theirs)
			n, err := test.ours(wrap(ours))
			if n != test.n || !errors.Is(err, test.is) {
				t.Errorf("%s: %d, %v; want %d, %v", test.why, n, err, test.n, test.is)
			}
			if errs[i] = err; err != nil {
				errs[i] = errors.New(strings.ReplaceAll(err.Error(), ours.LocalAddr().String()+"->"+ours.RemoteAddr().String(), "->"))
			}
		}
		if text := [2]string{}; errs[0] != nil {
			text[0], text[1] = errs[0].Error(), errs[1].Error()
			if text[0] != text[1] {
				t.Errorf("%s: %q, but %q without", test.why, text[0], text[1])
			}
		}
	}
}

func TestSocketReset(t *testing.T) {
	for _, wrap := range []func(net.Conn) net.Conn{newSocket, func(c net.Conn) net.Conn { return c }} {
		ours, theirs := pair(t)
		theirs.(*net.TCPConn).SetLinger(0)
		theirs.Close()
		conn := wrap(ours)
		_, err := conn.Read(make([]byte, 1))
		if err == nil || !strings.HasPrefix(err.Error(), "read tcp ") || !strings.HasSuffix(err.Error(), ": read: connection reset by peer") {
			t.Errorf("read: %v", err)
		}
		if _, err = conn.Write(make([]byte, 1)); err == nil || !strings.HasPrefix(err.Error(), "write tcp ") || !strings.HasSuffix(err.Error(), ": write: broken pipe") {
			t.Errorf("write: %v", err)
		}
	}
}
