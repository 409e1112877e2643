// Package hub gets files from the Hugging Face hub, and from wherever else public
// data is.
package hub

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Host is the hub's address, unless HF_ENDPOINT names another.
const Host = "https://huggingface.co"

// ErrOffline is a hub that must not be asked.
var ErrOffline = errors.New("HF_HUB_OFFLINE is set")

// Hub is where files come from.
type Hub struct {
	Endpoint  string            // its address, as may be shown: without a user
	Token     string            // given to the endpoint and to nobody else; "": none
	Offline   bool              // nothing is asked
	Transport http.RoundTripper // nil: as the environment says, proxies included

	user *url.Userinfo // of the endpoint
}

// Of is the hub that the environment names.
func Of(getenv func(string) string) (Hub, error) {
	offline := getenv("HF_HUB_OFFLINE")
	h := Hub{Token: getenv("HF_TOKEN"), Offline: offline != "" && offline != "0"}
	endpoint, err := url.Parse(strings.TrimRight(cmp.Or(getenv("HF_ENDPOINT"), Host), "/"))
	if err != nil || endpoint.Hostname() == "" || endpoint.Scheme != "http" && endpoint.Scheme != "https" {
		return h, errors.New("HF_ENDPOINT is not like https://host")
	}
	h.user, endpoint.User = endpoint.User, nil
	h.Endpoint = endpoint.String()
	return h, nil
}

// URL is the address of something of the endpoint.
func (h *Hub) URL(path string) string { return h.Endpoint + "/" + path }

// File is that of a file of a model, or of a data set as datasets/owner/name.
func (h *Hub) File(of, revision, name string) string {
	return h.URL(of + "/resolve/" + url.PathEscape(revision) + "/" + url.PathEscape(name))
}

// Get asks for a file, wherever that leads. The answer's status is for the caller
// to look at, and its body to close.
func (h *Hub) Get(ctx context.Context, address string) (*http.Response, error) {
	return h.send(ctx, http.MethodGet, address, "", follow)
}

// GetFrom asks for the bytes of a file from one on.
func (h *Hub) GetFrom(ctx context.Context, address string, first int64) (*http.Response, error) {
	return h.send(ctx, http.MethodGet, address, fmt.Sprintf("bytes=%d-", first), follow)
}

// Head asks what there is to know of a file. The hub tells it before it leads on.
func (h *Hub) Head(ctx context.Context, address string) (*http.Response, error) {
	return h.send(ctx, http.MethodHead, address, "", func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse })
}

func (h *Hub) send(ctx context.Context, method, address, bytes string, redirected func(*http.Request, []*http.Request) error) (*http.Response, error) {
	if h.Offline {
		return nil, ErrOffline
	}
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, errors.New("the address of a file is no URL")
	}
	request.Header.Set("Accept-Encoding", "identity") // a file is what its checksum and length are of
	if bytes != "" {
		request.Header.Set("Range", bytes)
	}
	if err := h.authorize(request); err != nil {
		return nil, err
	}
	client := http.Client{Transport: h.transport(), CheckRedirect: redirected}
	response, err := client.Do(request)
	if wrapped := new(url.Error); errors.As(err, &wrapped) {
		err = wrapped.Err // without the address, in which there may be a signature
	}
	return response, err
}

// authorize adds the token if the request is for the endpoint.
func (h *Hub) authorize(request *http.Request) error {
	if !strings.HasPrefix(request.URL.String(), h.Endpoint+"/") || h.Token == "" && h.user == nil {
		return nil
	}
	if !private(request.URL) {
		return fmt.Errorf("HF_TOKEN is not sent to %s without TLS: want an HF_ENDPOINT with https://", request.URL.Host)
	}
	if h.Token != "" {
		request.Header.Set("Authorization", "Bearer "+h.Token)
	} else {
		password, _ := h.user.Password()
		request.SetBasicAuth(h.user.Username(), password)
	}
	return nil
}

// private tells whether nobody on the way can read what is sent.
func private(to *url.URL) bool {
	address := net.ParseIP(to.Hostname())
	return to.Scheme == "https" || to.Hostname() == "localhost" || address != nil && address.IsLoopback()
}

// follow goes where the hub leads: with the token only within the same scheme, host
// and port, which net/http is less strict about, and never from TLS to none.
func follow(to *http.Request, via []*http.Request) error {
	const most = 10
	first := via[0].URL
	switch {
	case len(via) >= most:
		return fmt.Errorf("%d redirects, one after the other", most)
	case to.URL.Scheme != "http" && to.URL.Scheme != "https":
		return fmt.Errorf("a redirect to %s://", to.URL.Scheme)
	case first.Scheme == "https" && !private(to.URL):
		return fmt.Errorf("%s redirects to %s without TLS", first.Host, to.URL.Host)
	}
	if to.URL.Scheme != first.Scheme || to.URL.Host != first.Host {
		to.Header.Del("Authorization")
	}
	to.Header.Del("Referer") // there may be a signature in it
	return nil
}

// transport gives up on a server that does not answer, not on a slow one.
func (h *Hub) transport() http.RoundTripper {
	if h.Transport != nil {
		return h.Transport
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = 30 * time.Second
	return t
}
