package refengine

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"time"
)

// request is what an answer depends on.
type request struct {
	user string
	path string
	post bool
}

// converse answers the requests of one connection, one after the other.
func (e *Engine) converse(conn net.Conn) {
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

// answer answers a request or leaves that to the pacer; false: the connection
// is of no further use.
func (e *Engine) answer(conn net.Conn, r request) bool {
	var form *answer
	switch {
	case r.post && endsIn(r.path, "/chat/completions"):
		form = &e.chat
	case r.post && endsIn(r.path, "/completions"):
		form = &e.completions
	default:
		_, err := conn.Write(aside(r))
		return err == nil
	}
	s := &stream{conn: conn, answer: form, note: Note{User: r.user, Read: time.Since(e.Started)}}
	if e.config.Whole && e.config.First == 0 {
		return e.write(s) // at once, by whoever is awake
	}
	e.pacer.begin(s)
	return true
}

func endsIn(path, end string) bool {
	return len(path) >= len(end) && path[len(path)-len(end):] == end
}

// aside answers what is no completion: clients may ask for the models first.
func aside(r request) []byte {
	if r.post {
		return []byte("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
	}
	const models = `{"object":"list","data":[{"id":"metronome","object":"model","created":1700000000,"owned_by":"metronome"}]}`
	return []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(models)) + "\r\n\r\n" + models)
}

// readRequest reads a request to its last byte. Of its head it understands
// what clients of OpenAI's API send.
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
			return request{}, errors.New("a metronome wants a content length")
		}
	}
	return r, discard(in, conn, length)
}

// Long prompts are read in large pieces, by buffers that go round.
var pieces = sync.Pool{New: func() any { return new([64 << 10]byte) }}

func discard(in *bufio.Reader, conn net.Conn, n int) error {
	buffered := min(n, in.Buffered())
	if _, err := in.Discard(buffered); err != nil || n == buffered {
		return err
	}
	piece := pieces.Get().(*[64 << 10]byte)
	defer pieces.Put(piece)
	for n -= buffered; n > 0; {
		read, err := conn.Read(piece[:min(n, len(piece))])
		if n -= read; err != nil && n > 0 {
			return errors.Join(io.ErrUnexpectedEOF, err)
		}
	}
	return nil
}
