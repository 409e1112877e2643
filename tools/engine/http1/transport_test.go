package http1

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// echo answers with what it was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("X-Length", fmt.Sprint(r.ContentLength))
	w.Header().Set("X-Coding", strings.Join(r.TransferEncoding, ","))
	fmt.Fprintf(w, "%s %s %s", r.Method, r.RequestURI, body)
}

// The transport does for http.Client what net/http's does.
func TestRoundTripper(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/", echo)
	mux.HandleFunc("/go", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/there", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/none", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) })
	mux.HandleFunc("/trailer", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "body")
		w.Header().Set("X-Sum", "7")
	})
	mux.HandleFunc("/long", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("x", 20_000))
		w.Header().Add("X-Two", "a")
		w.Header().Add("X-Two", "b")
		io.WriteString(w, strings.Repeat("y", 100_000))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	plain := func(text string) io.Reader { return struct{ io.Reader }{strings.NewReader(text)} }
	tests := []struct {
		why, method, path string
		body              io.Reader
	}{
		{"a request without a body", "GET", "/a?b=c", nil},
		{"a response without a body, although it has a length", "HEAD", "/a", nil},
		{"a body of known length", "POST", "/a", strings.NewReader("known")},
		{"a body of unknown length", "PUT", "/a", plain("unknown")},
		{"a post without a body", "POST", "/a", nil},
		{"a redirect, for which the body is needed again", "POST", "/go", strings.NewReader("again")},
		{"a status without a body", "GET", "/none", nil},
		{"a trailer", "GET", "/trailer", nil},
		{"a head longer than a buffer", "GET", "/long", nil},
	}
	type result struct {
		Status, Proto, Body string
		Length              int64
		Header, Trailer     http.Header
		Coding              []string
	}
	do := func(transport http.RoundTripper, method, path string, body io.Reader) result {
		r, err := http.NewRequest(method, server.URL+path, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("User-Agent", "test")
		response, err := (&http.Client{Transport: transport}).Do(r)
		if err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		defer response.Body.Close()
		data, err := io.ReadAll(response.Body)
		if err != nil {
			t.Errorf("%s %s: %v", method, path, err)
		}
		response.Header.Del("Date")
		return result{response.Status, response.Proto, string(data), response.ContentLength, response.Header, response.Trailer, response.TransferEncoding}
	}
	ours, theirs := new(Transport), &http.Transport{DisableCompression: true}
	defer ours.CloseIdleConnections()
	defer theirs.CloseIdleConnections()
	for _, test := range tests {
		rewind := func() {
			if seeker, is := test.body.(io.Seeker); is {
				seeker.Seek(0, io.SeekStart)
			}
		}
		want := do(theirs, test.method, test.path, test.body)
		if rewind(); test.method == "PUT" {
			test.body = plain("unknown")
		}
		if diff := cmp.Diff(want, do(ours, test.method, test.path, test.body)); diff != "" {
			t.Errorf("%s (-net/http +http1)\n%.2000s", test.why, diff)
		}
	}
}

// Requests that cannot be sent as they are fail before a connection is opened, and
// their bodies are closed.
func TestInvalidRequests(t *testing.T) {
	transport := &Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		t.Error("a connection was opened")
		return nil, errors.New("none")
	}}
	for why, change := range map[string]func(*http.Request){
		"a scheme of another protocol":      func(r *http.Request) { r.URL.Scheme = "ftp" },
		"no host":                           func(r *http.Request) { r.Host, r.URL.Host = "", "" },
		"a host that ends the line":         func(r *http.Request) { r.Host = "h\r\nX: y" },
		"a method with a space":             func(r *http.Request) { r.Method = "GET /" },
		"a header's name with a space":      func(r *http.Request) { r.Header["X Y"] = []string{"a"} },
		"a header's value that ends a line": func(r *http.Request) { r.Header["X"] = []string{"secret\r\nY: z"} },
	} {
		body := &closing{Reader: strings.NewReader("body")}
		r, err := http.NewRequest("POST", "http://h/", body)
		if err != nil {
			t.Fatal(err)
		}
		change(r)
		if _, err := transport.RoundTrip(r); err == nil || !body.closed || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: error %v, closed %v", why, err, body.closed)
		}
	}
}

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error {
	c.closed = true
	return nil
}

func TestLengthOfBody(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	transport := new(Transport)
	defer transport.CloseIdleConnections()
	for length, fails := range map[int64]bool{3: true, 4: false, 5: true} {
		r, err := http.NewRequest("POST", server.URL, &closing{Reader: strings.NewReader("body")})
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = length
		response, err := transport.RoundTrip(r)
		if (err != nil) != fails {
			t.Errorf("a body of 4 bytes with the length %d: %v", length, err)
		}
		if err == nil {
			response.Body.Close()
		}
	}
}

// Cancelling a request interrupts it wherever it waits, with the cause.
func TestCancel(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			io.WriteString(w, "part")
			w.(http.Flusher).Flush()
		}
		<-release
	}))
	defer server.Close()
	defer close(release)
	transport := new(Transport)
	defer transport.CloseIdleConnections()
	cause := errors.New("enough")
	for _, path := range []string{"/head", "/body"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(20*time.Millisecond, func() { cancel(cause) })
		r, err := http.NewRequestWithContext(ctx, "GET", server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := transport.RoundTrip(r)
		if path == "/body" {
			if err != nil {
				t.Fatal(err)
			}
			_, err = io.ReadAll(response.Body)
			response.Body.Close()
		}
		if !errors.Is(err, cause) {
			t.Errorf("%s: error %v, want the cause", path, err)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := transport.RoundTrip(r); !errors.Is(err, cause) {
		t.Errorf("cancelled before: error %v, want the cause", err)
	}
}

// A connection is kept if the body was read to its end, or could be without waiting.
func TestReuse(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, strings.Repeat("x", 1_000_000))
	}))
	defer server.Close()
	small := httptest.NewServer(http.HandlerFunc(echo))
	defer small.Close()
	tests := []struct {
		why, url string
		read     func(io.Reader)
		reused   bool
	}{
		{"read to the end", server.URL, func(r io.Reader) { io.Copy(io.Discard, r) }, true},
		{"closed early", server.URL, func(r io.Reader) { r.Read(make([]byte, 1)) }, false},
		{"closed when all had been received", small.URL, func(io.Reader) {}, true},
	}
	for _, test := range tests {
		transport := new(Transport)
		reused := false
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused }})
		for range 2 {
			r, err := http.NewRequestWithContext(ctx, "GET", test.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := transport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			test.read(response.Body)
			response.Body.Close()
			if _, err := response.Body.Read(make([]byte, 1)); err == nil {
				t.Errorf("%s: read after it was closed", test.why)
			}
		}
		if reused != test.reused {
			t.Errorf("%s: reused %v", test.why, reused)
		}
		transport.CloseIdleConnections()
	}
}

// The server closes an idle connection as a request goes out on it. It is sent again
// only if that is safe.
func TestReplay(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var requests atomic.Int64
	go func() { // answers one request on each connection and drops the next
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				in := bufio.NewReader(conn)
				for answered := false; ; answered = true {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					io.Copy(io.Discard, r.Body)
					if requests.Add(1); answered {
						return
					}
					io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
				}
			}()
		}
	}()
	tests := []struct {
		why, method string
		body        io.Reader
		header      http.Header
		again       bool
	}{
		{"idempotent", "GET", nil, http.Header{}, true},
		{"a post", "POST", strings.NewReader("x"), http.Header{}, false},
		{"a post that says so", "POST", strings.NewReader("x"), http.Header{"Idempotency-Key": nil}, true},
		{"a body that cannot be read again", "POST", struct{ io.Reader }{strings.NewReader("x")}, http.Header{"Idempotency-Key": nil}, false},
	}
	for _, test := range tests {
		transport := new(Transport)
		url := "http://" + listener.Addr().String()
		response, err := (&http.Client{Transport: transport}).Get(url)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
		requests.Store(0)
		r, err := http.NewRequest(test.method, url, test.body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = test.header
		response, err = transport.RoundTrip(r)
		if (err == nil) != test.again || (requests.Load() == 2) != test.again {
			t.Errorf("%s: error %v after %d requests", test.why, err, requests.Load())
		}
		if err == nil {
			response.Body.Close()
		}
		transport.CloseIdleConnections()
	}
}

// httptrace's hooks are called in order, and bytes arrive after the request was written.
func TestTrace(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(echo))
	defer server.Close()
	transport := &Transport{TLSClientConfig: server.Client().Transport.(*http.Transport).TLSClientConfig}
	defer transport.CloseIdleConnections()
	var steps []string
	var written time.Time
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GetConn: func(addr string) { steps = append(steps, "get "+addr) },
		GotConn: func(httptrace.GotConnInfo) { steps = append(steps, "got") },
		WroteRequest: func(httptrace.WroteRequestInfo) {
			written = time.Now()
			steps = append(steps, "wrote")
		},
		GotFirstResponseByte: func() { steps = append(steps, "first byte") },
	})
	r, err := http.NewRequestWithContext(ctx, "POST", server.URL, strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	body := response.Body.(*Body)
	data, err := io.ReadAll(body)
	if err != nil || string(data) != "POST / body" || response.TLS == nil {
		t.Errorf("%q, %v", data, err)
	}
	if at := body.Arrival(); at.Before(written) || at.After(time.Now()) {
		t.Errorf("arrived at %v, written at %v", at, written)
	}
	if diff := cmp.Diff([]string{"get " + strings.TrimPrefix(server.URL, "https://"), "got", "wrote", "first byte"}, steps); diff != "" {
		t.Error(diff)
	}
}
