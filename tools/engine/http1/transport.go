// Package http1 provides an http.RoundTripper for HTTP/1.1 that reports when the
// bytes of a response were received.
//
// It is made for clients that measure servers by thousands of streams. A request is
// written, and its response read, by the goroutine that asks for it: no other
// goroutine adds its own delay, as those of net/http's transport do. Connections
// that wait for data hold no buffer. On Linux sockets are read without the
// scheduler's precautions for system calls that may block.
//
// The steps of a request go to the httptrace.ClientTrace in its context: GetConn,
// GotConn, WroteRequest and GotFirstResponseByte. The body of each response is a
// *Body, whose Arrival is the time at which the bytes returned last were received.
//
// Left out are HTTP/2, proxies, compression, upgrades to other protocols, trailers
// of requests, and waiting for "100 Continue". A request is written to its end before
// its response is read.
package http1

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"sync"
	"time"
)

const idleConnTimeout = 90 * time.Second

// A Transport is an http.RoundTripper that keeps connections for further requests.
// The zero value is ready for use. Any number of goroutines may use it.
type Transport struct {
	// DialContext opens connections; nil: a net.Dialer does.
	DialContext func(ctx context.Context, network, addr string) (net.Conn, error)

	// TLSClientConfig is for https; nil: the default. The server's name is added.
	TLSClientConfig *tls.Config

	// IdleConnTimeout is how long an unused connection is kept; 0: 90 s.
	IdleConnTimeout time.Duration

	mu    sync.RWMutex
	hosts map[hostKey]*host
}

type hostKey struct{ scheme, host string }

// host is a server that requests were sent to.
type host struct {
	addr string      // to dial
	tls  *tls.Config // nil for http
	idle idlePool
}

// RoundTrip implements http.RoundTripper. A request that finds its connection closed
// is sent again on another, if the connection had been used before, no byte of a
// response has come, and the request is idempotent or has the header
// Idempotency-Key, which may be empty.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	body := r.Body
	length, err := check(r)
	if err != nil {
		closeBody(body)
		return nil, err
	}
	ctx := r.Context()
	trace := httptrace.ContextClientTrace(ctx)
	h := t.host(r.URL)
	for {
		c, err := t.conn(ctx, h, trace)
		if err != nil {
			closeBody(body)
			return nil, err
		}
		response, err := c.roundTrip(r, body, length, trace, began)
		if err == nil {
			return response, nil
		}
		c.unwatch()
		c.Close()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if !c.reused || c.answered || !replayable(r) {
			return nil, err
		}
		if r.GetBody != nil {
			if body, err = r.GetBody(); err != nil {
				return nil, err
			}
		}
	}
}

// replayable reports whether a request may be sent twice.
func replayable(r *http.Request) bool {
	if r.Body != nil && r.Body != http.NoBody && r.GetBody == nil {
		return false
	}
	if slices.Contains([]string{"", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace}, r.Method) {
		return true
	}
	_, once := r.Header["Idempotency-Key"]
	return once
}

// CloseIdleConnections closes the connections that no request is using.
func (t *Transport) CloseIdleConnections() {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, h := range t.hosts {
		for c := h.idle.take(); c != nil; c = h.idle.take() {
			c.Close()
		}
	}
}

// host returns what is known of a URL's server.
func (t *Transport) host(u *url.URL) *host {
	key := hostKey{u.Scheme, u.Host}
	t.mu.RLock()
	h := t.hosts[key]
	t.mu.RUnlock()
	if h != nil {
		return h
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if h = t.hosts[key]; h != nil {
		return h
	}
	h = &host{addr: Address(u)}
	if u.Scheme == "https" {
		h.tls = t.TLSClientConfig.Clone() // of nil: nil
		if h.tls == nil {
			h.tls = new(tls.Config)
		}
		if h.tls.ServerName == "" {
			h.tls.ServerName = u.Hostname()
		}
	}
	if t.hosts == nil {
		t.hosts = map[hostKey]*host{}
	}
	t.hosts[key] = h
	return h
}

// Address returns the host and port that are dialed for a URL.
func Address(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "80"
		if u.Scheme == "https" {
			port = "443"
		}
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// conn returns the idle connection that was used last, or else a new one.
func (t *Transport) conn(ctx context.Context, h *host, trace *httptrace.ClientTrace) (*conn, error) {
	if trace != nil && trace.GetConn != nil {
		trace.GetConn(h.addr)
	}
	c, err := t.idleConn(h), error(nil)
	if c == nil {
		if c, err = t.dial(ctx, h); err != nil {
			return nil, err
		}
	}
	if trace != nil && trace.GotConn != nil {
		info := httptrace.GotConnInfo{Conn: c.Conn, Reused: c.reused, WasIdle: c.reused}
		if c.reused {
			info.IdleTime = time.Since(c.idleSince)
		}
		trace.GotConn(info)
	}
	return c, nil
}

// idleConn returns an idle connection that is still open, or nil.
func (t *Transport) idleConn(h *host) *conn {
	for c := h.idle.take(); c != nil; c = h.idle.take() {
		if alive(c.raw) {
			c.reused = true
			return c
		}
		c.Close()
	}
	return nil
}

// dial opens a connection in a goroutine of its own: dialing takes a stack of 16 kB,
// which thousands of streams would keep.
func (t *Transport) dial(ctx context.Context, h *host) (c *conn, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		c, err = t.open(ctx, h)
	}()
	<-done
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return c, err
}

func (t *Transport) open(ctx context.Context, h *host) (*conn, error) {
	dial := t.DialContext
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	raw, err := dial(ctx, "tcp", h.addr)
	if err != nil {
		return nil, err
	}
	raw = newSocket(raw)
	c := &conn{Conn: raw, raw: raw, transport: t, host: h}
	if h.tls != nil {
		secured := tls.Client(errorlessWriter{raw}, h.tls)
		if err := secured.HandshakeContext(ctx); err != nil {
			raw.Close()
			return nil, err
		}
		c.Conn, c.tls = secured, secured
	} else {
		c.receiver, _ = raw.(receiver)
	}
	c.out = errorlessWriter{c.Conn}
	c.interrupt = func() { c.SetDeadline(past) }
	return c, nil
}

// put keeps a connection for the next request, and closes those that have not been
// used for long.
func (t *Transport) put(c *conn) {
	timeout := t.IdleConnTimeout
	if timeout == 0 {
		timeout = idleConnTimeout
	}
	c.idleSince = time.Now()
	c.host.idle.put(c)
	for _, unused := range c.host.idle.removeUntil(c.idleSince.Add(-timeout)) {
		unused.Close()
	}
}
