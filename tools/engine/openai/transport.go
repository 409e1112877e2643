package openai

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/LMCache/LMBench/tools/engine/http1"
)

// The transports that Config.Transport names.
const (
	HTTP1   = "http1"    // of tools/engine/http1: stamps are taken as bytes are received
	NetHTTP = "net/http" // the standard library's: stamps are taken as bytes are read
)

// newNetHTTP returns net/http's transport. It keeps every connection it ever needed:
// a run that has had a thousand streams at once will have them again.
func newNetHTTP(config *Config, dialer *http1.Dialer) *http.Transport {
	http1Only := new(http.Protocols) // one stream per connection: its arrivals wait for no other
	http1Only.SetHTTP1(true)
	return &http.Transport{
		Proxy: config.proxy,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return http1.IgnoreWriteErrors(conn), nil
		},
		TLSClientConfig:     tlsConfig(config),
		TLSHandshakeTimeout: config.ConnectTimeout,
		Protocols:           http1Only,
		DisableCompression:  true,
		MaxIdleConnsPerHost: 1 << 20,
		IdleConnTimeout:     90 * time.Second,
		ReadBufferSize:      4 << 10, // times thousands of streams
		WriteBufferSize:     4 << 10,

		MaxResponseHeaderBytes: 1 << 20,
	}
}

func tlsConfig(config *Config) *tls.Config {
	return &tls.Config{RootCAs: config.CAs, InsecureSkipVerify: config.Insecure}
}

// newDialer returns what both transports open connections with.
func newDialer(config *Config) *http1.Dialer {
	dial := config.Dial
	if dial == nil {
		dial = http1.DialFrom(config.Sources)
	}
	limit := config.ConnectTimeout
	return &http1.Dialer{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		timeout := overdue(ErrConnectTimeout, limit)
		ctx, cancel := context.WithTimeoutCause(ctx, limit, timeout)
		defer cancel()
		conn, err := dial(ctx, network, addr)
		if err != nil && context.Cause(ctx) == timeout {
			return nil, timeout
		}
		return conn, err
	}}
}

// proxied reports whether a proxy is in the way to a URL. If the setting is invalid,
// net/http's transport reports it.
func (c *Client) proxied(u *url.URL) bool {
	proxy, err := c.config.proxy(&http.Request{URL: u})
	return proxy != nil || err != nil
}

// newResty returns resty on a transport. It follows no redirects: the key is for
// this engine.
func newResty(transport http.RoundTripper) *resty.Client {
	return resty.NewWithClient(&http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
}

// newLoad returns the resty client that carries the load. Its requests get their body
// last, since resty would copy it: to read it from where it lies, see call.attach.
func (c *Client) newLoad() *resty.Client {
	return newResty(c.transport).SetPreRequestHook(func(_ *resty.Client, r *http.Request) error {
		r.Context().Value(deadlineKey{}).(*deadline).call.attach(r)
		return nil
	})
}

// deadlineKey is the key of a load request's deadline in its context.
type deadlineKey struct{}

// newCall returns a call whose resty request has all that requests share.
func (c *Client) newCall() *call {
	x := &call{client: c}
	x.getBody = func() (io.ReadCloser, error) { return x.body.reader(), nil }
	x.http = c.load.R().SetDoNotParseResponse(true).SetBody(bytes.NewReader(nil))
	return x
}

// The values of headers that all requests share: resty copies them.
var (
	jsonType  = []string{"application/json"}
	userAgent = []string{"LMBench"}
)

// setHeader sets the request's header. The order on the wire is the transport's.
func (x *call) setHeader() {
	h := x.http.Header
	clear(h)
	h["Content-Type"], h["Accept"], h["User-Agent"] = jsonType, jsonType, userAgent
	if x.client.authorization != nil {
		h["Authorization"] = x.client.authorization
	}
	if x.request.UserID != "" {
		h["X-User-Id"] = []string{x.request.UserID}
	}
	for name, value := range x.request.Header {
		h.Set(name, value)
	}
}

// attach gives the request its body.
func (x *call) attach(r *http.Request) {
	r.Body, _ = x.getBody()
	r.GetBody, r.ContentLength = x.getBody, x.length
	// An engine may close an idle connection just when a request goes out on
	// it. Transports then send the request again on another, if this header
	// is there, which is not sent as long as it has no value.
	r.Header["Idempotency-Key"] = nil
}

// send sends the request and returns the response once its head has been read.
func (x *call) send() (*http.Response, error) {
	x.setHeader()
	x.http.SetContext(x.deadline.ctx)
	response, err := x.http.Execute(http.MethodPost, x.url)
	if wrapped, is := err.(*url.Error); is { // repeats the method and the URL
		err = wrapped.Err
	}
	if err != nil {
		return nil, explained(err)
	}
	return response.RawResponse, nil
}

// Warm opens connections beforehand, so that the first requests need not wait
// for theirs. They have to be used within 4 seconds. No request is sent and,
// under TLS, no handshake made. It does nothing if the engine is behind a proxy.
func (c *Client) Warm(ctx context.Context, connections int) error {
	if c.proxied(c.base) {
		return nil
	}
	if err := c.dialer.Warm(ctx, http1.Address(c.base), connections); err != nil {
		return fmt.Errorf("connecting to %s: %w", c.base, err)
	}
	return nil
}

// Close closes the connections that are not in use.
func (c *Client) Close() {
	c.dialer.CloseIdleConnections()
	c.deadlines.close()
	c.netHTTP.CloseIdleConnections()
	if t, is := c.transport.(*http1.Transport); is {
		t.CloseIdleConnections()
	}
}
