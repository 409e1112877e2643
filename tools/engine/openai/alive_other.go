//go:build !unix

package openai

import "net"

func alive(conn net.Conn) bool { return probe(conn) }
