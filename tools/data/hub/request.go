package hub

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"
)

// maxRedirects is net/http's own limit.
const maxRedirects = 10

// send sends a request and returns its response with the body unread. Errors
// omit the address, whose query may contain a signature.
func (h *Hub) send(ctx context.Context, method, address, byteRange string, redirect resty.RedirectPolicyFunc) (*http.Response, error) {
	if h.Offline {
		return nil, ErrOffline
	}
	to, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("invalid URL of a file")
	}
	client := resty.NewWithClient(&http.Client{Transport: h.transport()}).SetRedirectPolicy(redirect)
	request := client.R().SetContext(ctx).SetDoNotParseResponse(true)
	request.SetHeader("User-Agent", "LMBench")
	request.SetHeader("Accept-Encoding", "identity") // lengths and checksums are those of the plain file
	if byteRange != "" {
		request.SetHeader("Range", byteRange)
	}
	if err := h.authorize(to, request.Header); err != nil {
		return nil, err
	}
	response, err := request.Execute(method, address)
	if wrapped := new(url.Error); errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if err != nil {
		return nil, err
	}
	return response.RawResponse, nil
}

// authorize adds the token, or else the user of HF_ENDPOINT, to a request to the endpoint.
func (h *Hub) authorize(to *url.URL, header http.Header) error {
	if !strings.HasPrefix(to.String(), h.Endpoint+"/") || h.Token == "" && h.user == nil {
		return nil
	}
	if !private(to) {
		return fmt.Errorf("HF_TOKEN is not sent to %s without TLS: want an HF_ENDPOINT with https://", to.Host)
	}
	if h.Token != "" {
		header.Set("Authorization", "Bearer "+h.Token)
		return nil
	}
	password, _ := h.user.Password()
	basic := http.Request{Header: header}
	basic.SetBasicAuth(h.user.Username(), password)
	return nil
}

// private reports whether the connection is encrypted or stays on this machine.
func private(to *url.URL) bool {
	address := net.ParseIP(to.Hostname())
	return to.Scheme == "https" || to.Hostname() == "localhost" || address != nil && address.IsLoopback()
}

// followRedirect keeps the token only within the same scheme, host and port,
// which is stricter than net/http, and refuses to leave TLS.
func followRedirect(to *http.Request, via []*http.Request) error {
	first := via[0].URL
	switch {
	case len(via) >= maxRedirects:
		return fmt.Errorf("stopped after %d redirects", maxRedirects)
	case to.URL.Scheme != "http" && to.URL.Scheme != "https":
		return fmt.Errorf("refused a redirect to %s://", to.URL.Scheme)
	case first.Scheme == "https" && !private(to.URL):
		return fmt.Errorf("refused a redirect from %s to %s without TLS", first.Host, to.URL.Host)
	}
	if to.URL.Scheme != first.Scheme || to.URL.Host != first.Host {
		to.Header.Del("Authorization")
	}
	to.Header.Del("Referer") // its query may contain a signature
	return nil
}

// stopAtRedirect returns a redirect as the response.
func stopAtRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// transport limits the time to the response's headers, not that of the body.
func (h *Hub) transport() http.RoundTripper {
	if h.Transport != nil {
		return h.Transport
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = 30 * time.Second
	return t
}
