//go:build unix

package openai

import (
	"errors"
	"net"
	"syscall"
)

// alive tells whether the other side has neither closed a connection nor sent
// anything on it: a request on a new connection is not sent again if it fails.
func alive(conn net.Conn) bool {
	if s, ok := conn.(interface{ alive() bool }); ok {
		return s.alive()
	}
	asked, ok := conn.(syscall.Conn)
	if !ok {
		return probe(conn)
	}
	raw, err := asked.SyscallConn()
	if err != nil {
		return false
	}
	quiet := false
	err = raw.Read(func(fd uintptr) bool {
		_, err := syscall.Read(int(fd), make([]byte, 1)) // does not block: Go's sockets never do
		quiet = errors.Is(err, syscall.EAGAIN)
		return true
	})
	return err == nil && quiet
}
