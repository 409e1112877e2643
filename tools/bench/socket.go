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

// socket is the least a client can do: a request made beforehand is written to
// a socket, what comes back is stamped and counted. There is no error handling,
// no JSON, no HTTP beyond finding the end.
type socket struct {
	addr         string
	before, rest string // of the request, around the number in it
	chunks       int    // of an answer
	whole        bool
	seen         []stamps

	mu   sync.Mutex
	idle []*line
}

// line is one connection with its buffers.
type line struct {
	net.Conn
	out, in []byte
	have    int // bytes of in that are no whole line yet
}

func newSocket(t task) (client, error) {
	addr := strings.TrimPrefix(t.URL, "http://")
	body := `{"model":"metronome","prompt":"` + prompt(t.Scenario) + `","max_tokens":100,"temperature":0.0,"stream":true}`
	return &socket{
		addr:   addr,
		before: "POST /v1/completions HTTP/1.1\r\nHost: " + addr + "\r\nX-User-Id: ",
		rest:   fmt.Sprintf("\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body),
		chunks: t.Scenario.Engine.Chunks, whole: t.Scenario.Engine.Whole,
		seen: make([]stamps, t.Scenario.Requests),
	}, nil
}

func (s *socket) warm(_ context.Context, n int) error {
	for range n {
		conn, err := s.dial()
		if err != nil {
			return err
		}
		s.put(conn)
	}
	return nil
}

func (s *socket) dial() (*line, error) {
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		return nil, err
	}
	return &line{Conn: conn, in: make([]byte, 4096)}, nil
}

func (s *socket) take() (*line, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.idle); n > 0 {
		conn := s.idle[n-1]
		s.idle = s.idle[:n-1]
		return conn, nil
	}
	return s.dial()
}

func (s *socket) put(conn *line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = append(s.idle, conn)
}

func (s *socket) drive(_ context.Context, sc scenario, start time.Time, p *peak) {
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
				p.underWay.Add(1)
				defer p.underWay.Add(-1)
				for i := range numbers {
					s.send(i, time.Now())
				}
			})
		}
		return
	}
	for i := range sc.Requests {
		due := start.Add(time.Duration(float64(i) / sc.Rate * float64(time.Second)))
		sleepUntil(due)
		working.Go(func() {
			p.underWay.Add(1)
			defer p.underWay.Add(-1)
			s.send(i, due)
		})
	}
}

func (s *socket) send(i int, due time.Time) {
	seen := &s.seen[i]
	seen.Due, seen.Launch = stampOf(due), stampOf(time.Now())
	if err := s.exchange(i, seen); err != nil {
		seen.Err = err.Error()
	}
}

func (s *socket) exchange(i int, seen *stamps) error {
	conn, err := s.take()
	if err != nil {
		return err
	}
	conn.out = append(fmt.Appendf(append(conn.out[:0], s.before...), "%d", i), s.rest...)
	if _, err := conn.Write(conn.out); err != nil {
		return err
	}
	seen.Written = stampOf(time.Now())
	seen.Chunks = make([]int64, 0, s.chunks)
	for ended := false; !ended; {
		n, err := conn.Read(conn.in[conn.have:])
		if err != nil {
			return err
		}
		now := stampOf(time.Now())
		if ended, err = s.scan(conn, n, now, seen); err != nil {
			return err
		}
		seen.Finish = now
	}
	if s.whole {
		seen.Chunks = nil
	}
	s.put(conn)
	return nil
}

// scan looks at n more bytes and tells whether the answer ends with them.
func (s *socket) scan(conn *line, n int, now int64, seen *stamps) (ended bool, err error) {
	data := conn.in[:conn.have+n]
	if s.whole {
		return bytes.HasSuffix(data, []byte("}")), nil // a document of the metronome fits into the buffer
	}
	for {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			break
		}
		switch text := data[:end]; {
		case bytes.HasPrefix(text, []byte("data: {")):
			if len(seen.Chunks) < s.chunks { // the last has the usage
				seen.Chunks = append(seen.Chunks, now)
			}
		case string(text) == "0\r":
			conn.have = 0
			return true, nil // with the empty line after it: one write
		}
		data = data[end+1:]
	}
	if len(data) == len(conn.in) { // a line longer than the buffer: only its start matters
		data = data[:min(len(data), 64)]
	}
	conn.have = copy(conn.in, data)
	if conn.have == len(conn.in) {
		return false, errors.New("a line of a metronome that does not fit")
	}
	return false, nil
}

func (s *socket) saw() []stamps { return s.seen }
