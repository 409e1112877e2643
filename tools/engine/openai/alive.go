package openai

import (
	"errors"
	"net"
	"os"
	"time"
)

// probe tells what alive does, of connections that are no sockets. On real ones
// nothing can be asked this way, which counts as alive.
func probe(conn net.Conn) bool {
	if conn.SetReadDeadline(time.Unix(1, 0)) != nil { // long ago: does not wait
		return false
	}
	_, err := conn.Read(make([]byte, 1))
	return errors.Is(err, os.ErrDeadlineExceeded) && conn.SetReadDeadline(time.Time{}) == nil
}
