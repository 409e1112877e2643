package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// A socketClient is the least that a client can do: it writes a prepared request to a
// socket and timestamps and counts the chunks that come back. It parses no JSON, handles
// no errors, and knows just enough of HTTP to find the end of an answer.
type socketClient struct {
	addr         string
	before, rest string // of the request, around its number
	chunks       int    // per answer
	whole        bool   // answers are not streamed
	requests     []timestamps

	mu   sync.Mutex
	idle []*connection
}

// A connection is a socket with its buffers.
type connection struct {
	net.Conn
	out, in  []byte
	buffered int // bytes of in that are not a complete line yet
}

func newSocketClient(t clientTask) *socketClient {
	addr := strings.TrimPrefix(t.URL, "http://")
	body := `{"model":"reference","prompt":"` + prompt(t.Scenario) + `","max_tokens":100,"temperature":0.0,"stream":true}`
	return &socketClient{
		addr:   addr,
		before: "POST /v1/completions HTTP/1.1\r\nHost: " + addr + "\r\nX-User-Id: ",
		rest:   fmt.Sprintf("\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body),
		chunks: t.Scenario.Engine.Chunks, whole: t.Scenario.Engine.Whole,
		requests: make([]timestamps, t.Scenario.Requests),
	}
}

func (s *socketClient) warm(_ context.Context, n int) error {
	for range n {
		conn, err := s.dial()
		if err != nil {
			return err
		}
		s.put(conn)
	}
	return nil
}

func (s *socketClient) dial() (*connection, error) {
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		return nil, err
	}
	return &connection{Conn: conn, in: make([]byte, 4096)}, nil
}

// take returns an idle connection or dials a new one.
func (s *socketClient) take() (*connection, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.idle); n > 0 {
		conn := s.idle[n-1]
		s.idle = s.idle[:n-1]
		return conn, nil
	}
	return s.dial()
}

func (s *socketClient) put(conn *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = append(s.idle, conn)
}

func (s *socketClient) send(_ context.Context, sc scenario, start time.Time, p *peak) {
	var working sync.WaitGroup
	defer working.Wait()
	if sc.Rate == 0 {
		numbers := make(chan int, sc.Requests)
		for i := range sc.Requests {
			numbers <- i
		}
		close(numbers)
		for range sc.Workers {
			working.Go(func() {
				p.concurrent.Add(1)
				defer p.concurrent.Add(-1)
				for i := range numbers {
					s.sendOne(i, time.Now())
				}
			})
		}
		return
	}
	for i := range sc.Requests {
		due := start.Add(time.Duration(float64(i) / sc.Rate * float64(time.Second)))
		sleepUntil(due)
		working.Go(func() {
			p.concurrent.Add(1)
			defer p.concurrent.Add(-1)
			s.sendOne(i, due)
		})
	}
}

func (s *socketClient) sendOne(i int, due time.Time) {
	at := &s.requests[i]
	at.Due, at.Launch = timestamp(due), timestamp(time.Now())
	if err := s.call(i, at); err != nil {
		at.Err = err.Error()
	}
}

// call sends request i and reads its answer.
func (s *socketClient) call(i int, at *timestamps) error {
	conn, err := s.take()
	if err != nil {
		return err
	}
	conn.out = append(fmt.Appendf(append(conn.out[:0], s.before...), "%d", i), s.rest...)
	if _, err := conn.Write(conn.out); err != nil {
		return err
	}
	at.Written = timestamp(time.Now())
	at.Chunks = make([]int64, 0, s.chunks)
	for ended := false; !ended; {
		n, err := conn.Read(conn.in[conn.buffered:])
		if err != nil {
			return err
		}
		now := timestamp(time.Now())
		if ended, err = s.scan(conn, n, now, at); err != nil {
			return err
		}
		at.Finish = now
	}
	if s.whole {
		at.Chunks = nil
	}
	s.put(conn)
	return nil
}

// scan reads n more bytes in the buffer and reports whether the answer is complete.
func (s *socketClient) scan(conn *connection, n int, now int64, at *timestamps) (ended bool, err error) {
	data := conn.in[:conn.buffered+n]
	if s.whole {
		return bytes.HasSuffix(data, []byte("}")), nil // the reference engine's document fits into the buffer
	}
	for {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			break
		}
		switch text := data[:end]; {
		case bytes.HasPrefix(text, []byte("data: {")):
			if len(at.Chunks) < s.chunks { // the last event contains the usage
				at.Chunks = append(at.Chunks, now)
			}
		case string(text) == "0\r":
			conn.buffered = 0
			return true, nil // the empty line after it came in the same write
		}
		data = data[end+1:]
	}
	if len(data) == len(conn.in) { // only the start of a longer line matters
		data = data[:min(len(data), 64)]
	}
	conn.buffered = copy(conn.in, data)
	if conn.buffered == len(conn.in) {
		return false, errors.New("a line of the answer does not fit into the buffer")
	}
	return false, nil
}

func (s *socketClient) timestamps() []timestamps { return s.requests }
