//go:build !linux

package openai

import "net"

// newSocket is of use on Linux only.
func newSocket(conn net.Conn) net.Conn { return conn }
