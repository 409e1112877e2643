//go:build !unix

package http1

import "net"

func alive(conn net.Conn) bool { return probe(conn) }
