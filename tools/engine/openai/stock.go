package openai

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// Usual servers close an idle connection after 5 s (uvicorn, which serves
	// vLLM and SGLang) or later.
	shelfLife = 4 * time.Second

	// A server that is slow to accept holds at least 128 connections waiting;
	// further ones would be delayed for a second by TCP.
	dialsAtOnce = 100
)

// Warm opens connections beforehand, so that the first requests need not wait
// for theirs. They have to be used within 4 seconds. No request is sent and,
// under TLS, no handshake made. It does nothing if the engine is behind a proxy.
func (c *Client) Warm(ctx context.Context, connections int) error {
	if c.direct == nil {
		return nil
	}
	if err := c.stock.fill(ctx, connections); err != nil {
		return fmt.Errorf("connecting to %s: %w", c.base, err)
	}
	return nil
}

// stock holds connections to one address that were opened and not yet used.
type stock struct {
	addr    string
	dial    func(ctx context.Context, network, addr string) (net.Conn, error)
	timeout time.Duration // of one dial

	mu    sync.Mutex
	conns []stocked   // oldest first
	timer *time.Timer // runs while there are conns
}

type stocked struct {
	net.Conn
	since time.Time
}

// connect takes a connection from the stock or opens one.
func (s *stock) connect(ctx context.Context, network, addr string) (net.Conn, error) {
	if addr == s.addr {
		if conn := s.take(); conn != nil {
			return connection{conn}, nil
		}
	}
	conn, err := s.open(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return connection{conn}, nil
}

func (s *stock) open(ctx context.Context, network, addr string) (net.Conn, error) {
	late := overdue(ErrConnectTimeout, s.timeout)
	ctx, cancel := context.WithTimeoutCause(ctx, s.timeout, late)
	defer cancel()
	conn, err := s.dial(ctx, network, addr)
	if err != nil && context.Cause(ctx) == late {
		return nil, late
	}
	return conn, err
}

// fill opens n connections. The first error ends it.
func (s *stock) fill(ctx context.Context, n int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var dialers sync.WaitGroup
	var begun atomic.Int64
	for range min(n, dialsAtOnce) {
		dialers.Go(func() {
			for begun.Add(1) <= int64(n) && ctx.Err() == nil {
				conn, err := s.open(ctx, "tcp", s.addr)
				if err != nil {
					cancel(err)
					return
				}
				s.put(conn)
			}
		})
	}
	dialers.Wait()
	return context.Cause(ctx)
}

func (s *stock) put(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns = append(s.conns, stocked{conn, time.Now()})
	if s.timer == nil {
		s.timer = time.AfterFunc(shelfLife, s.expire)
	}
}

// take is the oldest connection that is still good, or nil.
func (s *stock) take() net.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropOld()
	for len(s.conns) > 0 {
		conn := s.conns[0].Conn
		s.conns = s.conns[1:]
		if alive(conn) {
			return conn
		}
		conn.Close()
	}
	return nil
}

func (s *stock) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropOld()
	s.timer = nil
	if len(s.conns) > 0 {
		s.timer = time.AfterFunc(shelfLife-time.Since(s.conns[0].since), s.expire)
	}
}

func (s *stock) dropOld() {
	for len(s.conns) > 0 && time.Since(s.conns[0].since) >= shelfLife {
		s.conns[0].Close()
		s.conns = s.conns[1:]
	}
}

func (s *stock) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.conns {
		conn.Close()
	}
	s.conns = nil
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
}
