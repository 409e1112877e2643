//go:build unix

package http1

import (
	"errors"
	"net"
	"syscall"
)

// alive reports whether the other side has neither closed a connection nor sent
// anything on it: a request on a new connection is not sent again if it fails.
func alive(conn net.Conn) bool {
	if s, ok := conn.(interface{ alive() bool }); ok {
		return s.alive()
	}
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return probe(conn)
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	open := false
	err = raw.Read(func(fd uintptr) bool {
		_, err := syscall.Read(int(fd), make([]byte, 1)) // does not block: Go's sockets never do
		open = errors.Is(err, syscall.EAGAIN)
		return true
	})
	return err == nil && open
}
