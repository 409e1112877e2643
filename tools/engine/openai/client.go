// Package openai sends one completion or chat request and times the streamed
// answer chunk by chunk.
package openai

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Config is where the engine is and how long it may take.
type Config struct {
	BaseURL string // http or https, with or without /v1 at the end
	APIKey  string // sent as bearer token, never shown; "": none is sent

	ConnectTimeout time.Duration // from the wish for a connection until it is had, TLS included; 0: 5 s
	Timeout        time.Duration // from launch to the end of the answer; 0: any time
	StallTimeout   time.Duration // without anything received, once connected; 0: any time

	CAs      *x509.CertPool // that vouch for the engine's TLS certificate; nil: the system's
	Insecure bool           // believe any TLS certificate

	Sources []netip.Addr // local addresses that connections are opened from, in turn; nil: the system chooses

	// Dial opens a connection; nil: the network, from Sources.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	proxy func(*http.Request) (*url.URL, error) // nil: as the environment says
}

const connectTimeout = 5 * time.Second

// Client sends requests to one engine. Any number of goroutines may use it.
type Client struct {
	config    Config
	base      *url.URL // ends in /v1
	send      func(*exchange) (*http.Response, error)
	transport *http.Transport // for what goes through a proxy or beside the load
	direct    *direct         // nil: there is a proxy
	stock     *stock
	forms     []string // of the API key, none of which is shown
	watches   watches
	targets   sync.Map // of paths
}

// New checks the configuration. Nothing is sent.
func New(config Config) (*Client, error) {
	base, err := parseBase(config.BaseURL)
	if err != nil {
		return nil, err
	}
	if !fit(config.APIKey) {
		return nil, errors.New("the API key has characters that no header can carry")
	}
	if config.ConnectTimeout < 0 || config.Timeout < 0 || config.StallTimeout < 0 {
		return nil, errors.New("a timeout is negative")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	if config.Dial == nil {
		config.Dial = dialFrom(config.Sources)
	}
	if config.proxy == nil {
		config.proxy = http.ProxyFromEnvironment
	}
	stock := &stock{addr: address(base), dial: config.Dial, timeout: config.ConnectTimeout}
	c := &Client{config: config, base: base, stock: stock, transport: newTransport(config, stock), forms: formsOf(config.APIKey)}
	c.send = c.sender()
	return c, nil
}

// parseBase accepts what people type for a base URL. What it does not accept
// it does not repeat, where a password may be in it.
func parseBase(text string) (*url.URL, error) {
	base, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("the base URL is no URL")
	}
	if base.User != nil {
		return nil, errors.New("the base URL holds a user name: give the API key by itself")
	}
	if base.Scheme != "http" && base.Scheme != "https" || base.Hostname() == "" {
		if strings.Contains(text, "@") { // there may be a password before it
			text = "with an @ in it"
		}
		return nil, fmt.Errorf("base URL %q is not like http://host:port", text)
	}
	if base.RawQuery != "" || base.Fragment != "" {
		return nil, errors.New("the base URL has more after its path")
	}
	path := strings.TrimRight(base.Path, "/")
	if !strings.HasSuffix(path, "/v1") {
		path += "/v1"
	}
	return &url.URL{Scheme: base.Scheme, Host: base.Host, Path: path}, nil
}

// address is what the transport dials for a URL.
func address(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// Close closes the connections that are not in use.
func (c *Client) Close() {
	c.stock.close()
	c.watches.close()
	if c.direct != nil {
		c.direct.close()
	}
	c.transport.CloseIdleConnections()
}
