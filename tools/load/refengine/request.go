package refengine

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A request holds what the answer depends on.
type request struct {
	user string
	path string
	post bool
}

// serveConn answers the requests of one connection, one after the other.
func (e *Engine) serveConn(conn net.Conn) {
	defer e.remove(conn)
	in := bufio.NewReader(conn)
	for {
		r, err := readRequest(in, conn)
		if err != nil {
			return
		}
		if !e.answer(conn, r) {
			return
		}
	}
}

// answer answers a request, or hands it to the pacer. It reports whether the connection
// still works.
func (e *Engine) answer(conn net.Conn, r request) bool {
	var prepared *answer
	switch {
	case r.post && strings.HasSuffix(r.path, "/chat/completions"):
		prepared = &e.chat
	case r.post && strings.HasSuffix(r.path, "/completions"):
		prepared = &e.completions
	default:
		_, err := conn.Write(otherAnswer(r))
		return err == nil
	}
	s := &stream{conn: conn, answer: prepared, log: LogEntry{User: r.user, Read: time.Since(e.Started)}}
	if e.config.Whole && e.config.First == 0 {
		return e.write(s) // no need to wake the pacer
	}
	e.pacer.begin(s)
	return true
}

// otherAnswer returns the answer to a request for anything but completions. Clients may
// list the models first.
func otherAnswer(r request) []byte {
	if r.post {
		return []byte("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
	}
	const models = `{"object":"list","data":[{"id":"reference","object":"model","created":1700000000,"owned_by":"reference"}]}`
	return []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(models)) + "\r\n\r\n" + models)
}

// readRequest reads a whole request. It understands the headers that clients of OpenAI's
// API send.
func readRequest(in *bufio.Reader, conn net.Conn) (request, error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return request{}, err
	}
	method, rest, _ := bytes.Cut(line, []byte{' '})
	path, _, _ := bytes.Cut(rest, []byte{' '})
	r := request{post: string(method) == "POST", path: string(path)}
	length := 0
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return request{}, err
		}
		name, value, found := bytes.Cut(line, []byte{':'})
		if !found {
			break // the empty line
		}
		value = bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte("content-length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return request{}, err
			}
		case bytes.EqualFold(name, []byte("x-user-id")):
			r.user = string(value)
		case bytes.EqualFold(name, []byte("transfer-encoding")):
			return request{}, errors.New("reference engine: want a request with Content-Length")
		}
	}
	return r, discard(in, conn, length)
}

// buffers are used to read and drop long prompts.
var buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// discard drops n bytes of the request body, the first of which may be in the buffer.
func discard(in *bufio.Reader, conn net.Conn, n int) error {
	buffered := min(n, in.Buffered())
	if _, err := in.Discard(buffered); err != nil || n == buffered {
		return err
	}
	buffer := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buffer)
	for n -= buffered; n > 0; {
		read, err := conn.Read(buffer[:min(n, len(buffer))])
		if n -= read; err != nil && n > 0 {
			return errors.Join(io.ErrUnexpectedEOF, err)
		}
	}
	return nil
}
