package simengine

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/test/pipe"
)

// base is the URL of the engine. The host is never resolved.
const base = "http://engine"

// start serves an engine over pipes until the test ends, and returns the
// engine and a client for it.
func start(t testing.TB, config Config) (*Engine, *http.Client) {
	t.Helper()
	engine, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	listener := pipe.Listen()
	server := &http.Server{Handler: engine}
	served := make(chan struct{})
	go func() { defer close(served); server.Serve(listener) }()
	transport := &http.Transport{DialContext: listener.Dial}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
		<-served
	})
	return engine, &http.Client{Transport: transport}
}

// event is the data of a server-sent event and its arrival time.
type event struct {
	At   time.Duration // since the request was sent
	Data string
}

// reply is the answer to a request as a client sees it.
type reply struct {
	Status  int
	Header  http.Header
	Headers time.Duration // when the headers arrived, since the request was sent
	Events  []event       // if the answer is a stream
	Body    string        // if it is not
	Err     error         // of sending or reading
}

// post sends a request and reads the whole answer.
func post(client *http.Client, path, body string) reply {
	return postContext(context.Background(), client, path, body)
}

func postContext(ctx context.Context, client *http.Client, path, body string) reply {
	began := time.Now()
	request, err := http.NewRequestWithContext(ctx, "POST", base+path, strings.NewReader(body))
	if err != nil {
		return reply{Err: err}
	}
	response, err := client.Do(request)
	if err != nil {
		return reply{Err: err}
	}
	defer response.Body.Close()
	got := reply{Status: response.StatusCode, Header: response.Header, Headers: time.Since(began)}
	if !strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		data, err := io.ReadAll(response.Body)
		got.Body, got.Err = string(data), err
		return got
	}
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			got.Events = append(got.Events, event{time.Since(began), data})
		}
	}
	got.Err = lines.Err()
	return got
}

// get returns the body of the answer to a GET request.
func get(t testing.TB, client *http.Client, path string) string {
	t.Helper()
	response, err := client.Get(base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
