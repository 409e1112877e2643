// Package openai sends completion and chat requests to an LLM engine and times each
// chunk of the streamed answers.
//
// Every request goes through resty, on the transport of package http1 or on net/http's.
// An API is a Backend: its path, its body, and how its events are decoded.
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

	"github.com/go-resty/resty/v2"

	"github.com/LMCache/LMBench/tools/engine/http1"
	"github.com/LMCache/LMBench/tools/redact"
)

// Config holds the address of an engine and the limits of time.
type Config struct {
	BaseURL string // http or https, with or without /v1 at the end
	APIKey  string // sent as bearer token, never shown; empty: not sent

	ConnectTimeout time.Duration // limit for dialing, TLS handshake included; 0: 5 s
	Timeout        time.Duration // limit from launch to the end of the answer; 0: none
	StallTimeout   time.Duration // limit for receiving nothing, once connected; 0: none

	CAs      *x509.CertPool // trusted certificate authorities; nil: the system's
	Insecure bool           // skip the verification of TLS certificates

	Sources []netip.Addr // local addresses to connect from, in turn; nil: the system chooses

	// Dial opens a connection; nil: by the network, from Sources.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	// Transport is HTTP1 or NetHTTP; empty: HTTP1. If a proxy is in the way, it is
	// NetHTTP in any case.
	Transport string

	proxy func(*http.Request) (*url.URL, error) // nil: from the environment
}

const connectTimeout = 5 * time.Second

// A Client sends requests to one engine. Any number of goroutines may use it.
type Client struct {
	config        Config
	base          *url.URL       // ends in /v1
	root          string         // base without /v1
	authorization []string       // value of the header; nil: no key
	secrets       redact.Secrets // the API key, which is never shown

	dialer    *http1.Dialer
	transport http.RoundTripper // of the load
	netHTTP   *http.Transport   // of what goes through a proxy
	load      *resty.Client     // on transport
	calls     sync.Pool
	deadlines deadlinePool
}

// New checks a configuration and returns a client. Nothing is sent.
func New(config Config) (*Client, error) {
	base, err := parseBase(config.BaseURL)
	if err != nil {
		return nil, err
	}
	if !isHeaderValue(config.APIKey) {
		return nil, errors.New("invalid API key: control characters cannot be sent in a header")
	}
	if config.ConnectTimeout < 0 || config.Timeout < 0 || config.StallTimeout < 0 {
		return nil, errors.New("invalid timeout: want zero or more")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	if config.proxy == nil {
		config.proxy = http.ProxyFromEnvironment
	}
	if config.Transport != "" && config.Transport != HTTP1 && config.Transport != NetHTTP {
		return nil, fmt.Errorf("invalid transport %q: want %s or %s", config.Transport, HTTP1, NetHTTP)
	}
	c := &Client{config: config, base: base, secrets: redact.NewSecrets("[the API key]", config.APIKey), dialer: newDialer(&config)}
	c.root = strings.TrimSuffix(base.String(), "/v1")
	if config.APIKey != "" {
		c.authorization = []string{"Bearer " + config.APIKey}
	}
	c.netHTTP = newNetHTTP(&c.config, c.dialer)
	if c.transport = c.netHTTP; config.Transport != NetHTTP && !c.proxied(base) {
		c.transport = &http1.Transport{DialContext: c.dialer.DialContext, TLSClientConfig: tlsConfig(&config)}
	}
	c.load = c.newLoad()
	c.calls.New = func() any { return c.newCall() }
	return c, nil
}

// parseBase reads a base URL, with or without /v1. Errors omit the URL if it may
// contain a password.
func parseBase(text string) (*url.URL, error) {
	base, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("invalid base URL")
	}
	if base.User != nil {
		return nil, errors.New("invalid base URL: it holds a user name; give the API key by itself")
	}
	if base.Scheme != "http" && base.Scheme != "https" || base.Hostname() == "" {
		if strings.Contains(text, "@") { // there may be a password before it
			text = "with an @ in it"
		}
		return nil, fmt.Errorf("invalid base URL %q: want http://host[:port]", text)
	}
	if base.RawQuery != "" || base.Fragment != "" {
		return nil, errors.New("invalid base URL: want nothing after its path")
	}
	path := strings.TrimRight(base.Path, "/")
	if !strings.HasSuffix(path, "/v1") {
		path += "/v1"
	}
	return &url.URL{Scheme: base.Scheme, Host: base.Host, Path: path}, nil
}
