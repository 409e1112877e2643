package http1

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// Usual servers close an idle connection after 5 s (uvicorn, which serves
	// vLLM and SGLang) or later.
	warmTTL = 4 * time.Second

	// A server that is slow to accept holds at least 128 connections waiting;
	// TCP would delay further ones by a second.
	dialsAtOnce = 100
)

// A Dialer opens connections, some of them before they are needed. Its DialContext fits
// a Transport of this package and of net/http. The zero value is ready for use.
type Dialer struct {
	// Dial opens a connection; nil: a net.Dialer does, or DialFrom.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	mu    sync.Mutex
	warm  []warmConn  // oldest first
	timer *time.Timer // runs while there are warm connections
}

// warmConn is a connection that was opened and not yet used.
type warmConn struct {
	net.Conn
	addr  string
	since time.Time
}

// DialContext takes a warm connection to addr or opens one.
func (d *Dialer) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	if conn := d.takeWarm(addr); conn != nil {
		return conn, nil
	}
	return d.open(ctx, network, addr)
}

func (d *Dialer) open(ctx context.Context, network, addr string) (net.Conn, error) {
	if d.Dial == nil {
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	return d.Dial(ctx, network, addr)
}

// Warm opens n connections to addr, for use within 4 seconds. The first error ends it.
func (d *Dialer) Warm(ctx context.Context, addr string, n int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var dialers sync.WaitGroup
	var begun atomic.Int64
	for range min(n, dialsAtOnce) {
		dialers.Go(func() {
			for begun.Add(1) <= int64(n) && ctx.Err() == nil {
				conn, err := d.open(ctx, "tcp", addr)
				if err != nil {
					cancel(err)
					return
				}
				d.putWarm(addr, conn)
			}
		})
	}
	dialers.Wait()
	return context.Cause(ctx)
}

func (d *Dialer) putWarm(addr string, conn net.Conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.warm = append(d.warm, warmConn{conn, addr, time.Now()})
	if d.timer == nil {
		d.timer = time.AfterFunc(warmTTL, d.expire)
	}
}

// takeWarm returns the oldest warm connection to addr that is still open, or nil.
func (d *Dialer) takeWarm(addr string) net.Conn {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closeOld()
	for i := 0; i < len(d.warm); {
		if d.warm[i].addr != addr {
			i++
			continue
		}
		conn := d.warm[i].Conn
		if i == 0 {
			d.warm = d.warm[1:]
		} else {
			d.warm = slices.Delete(d.warm, i, i+1)
		}
		if alive(conn) {
			return conn
		}
		conn.Close()
	}
	return nil
}

func (d *Dialer) expire() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closeOld()
	d.timer = nil
	if len(d.warm) > 0 {
		d.timer = time.AfterFunc(warmTTL-time.Since(d.warm[0].since), d.expire)
	}
}

func (d *Dialer) closeOld() {
	for len(d.warm) > 0 && time.Since(d.warm[0].since) >= warmTTL {
		d.warm[0].Close()
		d.warm = d.warm[1:]
	}
}

// CloseIdleConnections closes the warm connections.
func (d *Dialer) CloseIdleConnections() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, conn := range d.warm {
		conn.Close()
	}
	d.warm = nil
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
}

// DialFrom returns a function that opens connections from local addresses in turn: the
// ports of one, some 28,000, limit the connections to one server.
func DialFrom(sources []netip.Addr) func(ctx context.Context, network, addr string) (net.Conn, error) {
	if len(sources) == 0 {
		return explained(new(net.Dialer).DialContext)
	}
	dialers := make([]net.Dialer, len(sources))
	for i, source := range sources {
		dialers[i].LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(source, 0))
		dialers[i].Control = portAtConnect
	}
	var next atomic.Uint64
	return explained(func(ctx context.Context, network, addr string) (net.Conn, error) {
		first := next.Add(1)
		var lastErr error
		for i := range uint64(len(dialers)) {
			conn, err := dialers[(first+i)%uint64(len(dialers))].DialContext(ctx, network, addr)
			if err == nil || !errors.Is(err, syscall.EADDRNOTAVAIL) {
				return conn, err
			}
			lastErr = err // its ports are all in use: the next address may have some
		}
		return nil, lastErr
	})
}

// explained adds to an error what to do where the system runs out of what
// connections need.
func explained(dial func(ctx context.Context, network, addr string) (net.Conn, error)) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		switch {
		case errors.Is(err, syscall.EMFILE):
			return nil, fmt.Errorf("%w: too many open connections for this process; raise ulimit -n", err)
		case errors.Is(err, syscall.EADDRNOTAVAIL):
			return nil, fmt.Errorf("%w: no free local port, or not an address of this machine; --source-addresses adds addresses", err)
		}
		return conn, err
	}
}
