//go:build !linux

package http1

import "net"

// newSocket returns conn: only Linux has a socket of its own.
func newSocket(conn net.Conn) net.Conn { return conn }
