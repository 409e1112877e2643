package openai

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
)

// engine answers requests over pipes with exactly the bytes of its script. A
// script is a list of: text, sent as one HTTP chunk; raw, sent as it is; a
// duration, waited; and hangup, which closes the connection.
type engine struct {
	scripts [][]any // one for each request, in order; the last one for all others too

	stop chan struct{} // closed at the end of the test

	mu       sync.Mutex
	conns    int // ever opened
	requests []*http.Request
	bodies   []string
}

type (
	raw    string
	hangup struct{}
)

const (
	ok      = raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n")
	end     = raw("0\r\n\r\n")
	done    = "data: [DONE]\n\n"
	engines = "http://localhost:8000" // never behind a proxy
	second  = time.Second
)

// event is a completions chunk with a text.
func event(text string) string { return fmt.Sprintf("data: {\"choices\":[{\"text\":%q}]}\n\n", text) }

func document(status, contentType, body string) raw {
	return raw(fmt.Sprintf("HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", status, contentType, len(body), body))
}

func (e *engine) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	e.mu.Lock()
	e.conns++
	e.mu.Unlock()
	go e.serve(server)
	return client, nil
}

func (e *engine) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		for _, step := range e.script(r, string(body)) {
			if !e.play(conn, step) {
				return
			}
		}
	}
}

func (e *engine) script(r *http.Request, body string) []any {
	e.mu.Lock()
	defer e.mu.Unlock()
	script := e.scripts[min(len(e.requests), len(e.scripts)-1)]
	e.requests = append(e.requests, r)
	e.bodies = append(e.bodies, body)
	return script
}

func (e *engine) play(conn net.Conn, step any) bool {
	var err error
	switch step := step.(type) {
	case string:
		_, err = fmt.Fprintf(conn, "%x\r\n%s\r\n", len(step), step)
	case raw:
		_, err = io.WriteString(conn, string(step))
	case time.Duration:
		select {
		case <-time.After(step):
		case <-e.stop:
			return false
		}
	case hangup:
		return false
	}
	return err == nil
}

// client is one of the engine's, to be used in a bubble.
func (e *engine) client(t testing.TB, config Config) *Client {
	config.BaseURL = engines
	if config.Dial == nil {
		config.Dial = e.dial
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	e.stop = make(chan struct{})
	t.Cleanup(func() {
		close(e.stop)
		c.Close()
	})
	return c
}

// forEachTransport runs a test on each transport: all that send something, except
//
//   - TestAnEventBeforeItsChunkEnds: net/http may hold back a part of an HTTP chunk;
//   - TestForgedBehindTLS: net/http may take bytes after an answer for the next one;
//   - TestWarmBehindAProxy: a proxy is always reached by net/http;
//   - a part of TestLimitsOfRequestsInTurn: only by http1 deadlines are used again.
func forEachTransport(t *testing.T, test func(t *testing.T, transport string)) {
	for _, transport := range []string{HTTP1, NetHTTP} {
		t.Run(transport, func(t *testing.T) { test(t, transport) })
	}
}

// on returns a configuration with a transport.
func on(config Config, transport string) Config {
	config.Transport = transport
	return config
}

func playing(script ...any) *engine { return &engine{scripts: [][]any{script}} }

var (
	question = Request{Model: "m", Prompt: chat.Text{"why?"}, MaxTokens: 20}
	chatting = Request{Model: "m", Messages: []chat.Message{{Role: chat.User, Content: chat.Text{"why?"}}}, MaxTokens: 20}
)

// packed is text in packets of size bytes, each an HTTP chunk.
func packed(text string, size int) (steps []any) {
	for len(text) > size {
		steps, text = append(steps, text[:size]), text[size:]
	}
	return append(steps, text)
}

func script(parts ...any) (steps []any) {
	for _, part := range parts {
		if several, is := part.([]any); is {
			steps = append(steps, several...)
		} else {
			steps = append(steps, part)
		}
	}
	return steps
}

var long = strings.Repeat("x", 1<<20)
