package openai

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/go-resty/resty/v2"
)

// newTransport keeps every connection it ever needed: a run that has had a
// thousand streams at once will have them again.
func newTransport(config Config, stock *stock) *http.Transport {
	http1 := new(http.Protocols) // one stream, one connection, whose arrivals wait for no other
	http1.SetHTTP1(true)
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         stock.connect,
		TLSClientConfig:     &tls.Config{InsecureSkipVerify: config.Insecure},
		TLSHandshakeTimeout: config.ConnectTimeout,
		Protocols:           http1,
		DisableCompression:  true,
		MaxIdleConnsPerHost: 1 << 20,
		IdleConnTimeout:     90 * time.Second,
		ReadBufferSize:      4 << 10, // times thousands of streams
		WriteBufferSize:     4 << 10,
	}
}

// launcher stamps the launch, with nothing left to do before the transport.
type launcher struct{ next *http.Transport }

func (l launcher) RoundTrip(r *http.Request) (*http.Response, error) {
	exchangeOf(r).launch()
	return l.next.RoundTrip(r)
}

// attachBody gives a request its body after resty made it: resty would read
// the whole of any body it does not know how to rewind.
func attachBody(_ *resty.Client, r *http.Request) error {
	x := exchangeOf(r)
	r.ContentLength = x.length
	r.Body = x.body.reader()
	r.GetBody = func() (io.ReadCloser, error) { return x.body.reader(), nil }

	// An engine may close an idle connection just when a request goes out on
	// it. net/http then sends the request again on another, if it may: it may
	// if this header is there, which is not sent as long as it has no value.
	r.Header["Idempotency-Key"] = []string{}
	return nil
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
