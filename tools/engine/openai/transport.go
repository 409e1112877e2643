package openai

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"time"
	"unsafe"
)

// newTransport keeps every connection it ever needed: a run that has had a
// thousand streams at once will have them again.
func newTransport(config Config, stock *stock) *http.Transport {
	http1 := new(http.Protocols) // one stream, one connection, whose arrivals wait for no other
	http1.SetHTTP1(true)
	return &http.Transport{
		Proxy:               config.proxy,
		DialContext:         stock.connect,
		TLSClientConfig:     &tls.Config{RootCAs: config.CAs, InsecureSkipVerify: config.Insecure},
		TLSHandshakeTimeout: config.ConnectTimeout,
		Protocols:           http1,
		DisableCompression:  true,
		MaxIdleConnsPerHost: 1 << 20,
		IdleConnTimeout:     90 * time.Second,
		ReadBufferSize:      4 << 10, // times thousands of streams
		WriteBufferSize:     4 << 10,

		MaxResponseHeaderBytes: headLimit,
	}
}

// sender is what requests go through: their own connections, or the proxy that
// the environment names.
func (c *Client) sender() func(*exchange) (*http.Response, error) {
	if c.proxied() {
		return c.viaProxy
	}
	c.direct = &direct{stock: c.stock}
	if c.base.Scheme == "https" {
		c.direct.tls = c.transport.TLSClientConfig.Clone()
		c.direct.tls.ServerName = c.base.Hostname()
	}
	return c.direct.send
}

// viaProxy sends a request by http.Transport.
func (c *Client) viaProxy(x *exchange) (*http.Response, error) {
	ctx := httptrace.WithClientTrace(x.watch.ctx, &httptrace.ClientTrace{
		GetConn: func(string) { x.watch.connecting() },
		GotConn: func(httptrace.GotConnInfo) { x.connected() },
	})
	r := &http.Request{
		Method: http.MethodPost, URL: x.target.URL, Header: x.header(), ContentLength: x.length, Body: x.body.reader(),
		GetBody: func() (io.ReadCloser, error) { return x.body.reader(), nil },
	}
	// An engine may close an idle connection just when a request goes out on
	// it. net/http then sends the request again on another, if it may: it may
	// if this header is there, which is not sent as long as it has no value.
	r.Header["Idempotency-Key"] = []string{}
	return c.transport.RoundTrip(r.WithContext(ctx))
}

// proxied tells whether there is a proxy. If its setting is wrong, the request
// will say so.
func (c *Client) proxied() bool {
	proxy, err := c.config.proxy(&http.Request{URL: c.base})
	return proxy != nil || err != nil
}

// connection reports no failure to write. The other side has then closed it,
// which reading tells as well and better: what it answered before, if anything,
// or that the request may be sent again. A failure to write while it sends a
// body net/http takes for a fault of the body, and gives up.
type connection struct{ net.Conn }

func (c connection) Write(p []byte) (int, error) {
	c.Conn.Write(p)
	return len(p), nil
}

// WriteString writes a long prompt from where it lies.
func (c connection) WriteString(s string) (int, error) {
	return c.Write(unsafe.Slice(unsafe.StringData(s), len(s))) // which Write does not change
}
