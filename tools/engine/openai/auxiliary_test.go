package openai

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
)

// beside is an engine that answers what a test wants at one path.
func beside(t *testing.T, transport, path string, status int, answer string) (client *Client, asked *string) {
	t.Helper()
	asked = new(string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*asked = fmt.Sprintf("%s %s %s %s", r.Method, r.URL.Path, r.Header.Get("Authorization"), body)
		if r.URL.Path != path {
			http.NotFound(w, r)
			return
		}
		w.WriteHeader(status)
		io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	client, err := New(Config{Transport: transport, BaseURL: server.URL + "/v1", APIKey: "k"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client, asked
}

func TestTokens(t *testing.T) { forEachTransport(t, testTokens) }

func testTokens(t *testing.T, transport string) {
	client, asked := beside(t, transport, "/tokenize", 200, `{"count": 12, "tokens": [1]}`)
	tests := []struct {
		request Request
		want    string
	}{
		{Request{Model: "m", Prompt: chat.Text{"a ", `"b"`}}, `POST /tokenize Bearer k {"model":"m","prompt":"a \"b\""}`},
		{Request{Model: "m", Messages: []chat.Message{{Role: chat.User, Content: chat.Text{"a", "b"}}}},
			`POST /tokenize Bearer k {"model":"m","messages":[{"role":"user","content":"ab"}]}`},
	}
	for _, test := range tests {
		n, err := client.Tokens(context.Background(), test.request)
		if n != 12 || err != nil || *asked != test.want {
			t.Errorf("%d, %v after %s, want 12 after %s", n, err, *asked, test.want)
		}
	}
}

func TestCountText(t *testing.T) { forEachTransport(t, testCountText) }

func testCountText(t *testing.T, transport string) {
	client, asked := beside(t, transport, "/tokenize", 200, `{"count": 12}`)
	n, err := client.CountText(t.Context(), "m", "hello")
	if want := `POST /tokenize Bearer k {"add_special_tokens":false,"model":"m","prompt":"hello"}`; n != 12 || err != nil || *asked != want {
		t.Errorf("got %d, %v after %s, want 12 after %s", n, err, *asked, want)
	}
}

func TestTokensNotOffered(t *testing.T) { forEachTransport(t, testTokensNotOffered) }

func testTokensNotOffered(t *testing.T, transport string) {
	tests := []struct {
		why    string
		status int
		answer string
		none   bool // rather than failed
	}{
		{"an engine without it", 404, "", true},
		{"one that keeps it to itself", 403, "", true},
		{"another thing of the same name", 200, `{"tokens": [1]}`, true},
		{"no JSON", 200, "twelve", true},
		{"a failure that may pass", 500, "", false},
	}
	for _, test := range tests {
		client, _ := beside(t, transport, "/tokenize", test.status, test.answer)
		_, err := client.Tokens(context.Background(), Request{})
		if err == nil || errors.Is(err, ErrNotOffered) != test.none || !strings.Contains(err.Error(), "/tokenize") {
			t.Errorf("%s: %v", test.why, err)
		}
	}
}

func TestCounters(t *testing.T) { forEachTransport(t, testCounters) }

func testCounters(t *testing.T, transport string) {
	client, asked := beside(t, transport, "/metrics", 200, "# TYPE vllm:num_requests_running gauge\nvllm:num_requests_running{model_name=\"m\"} 2\n")
	got, err := client.Counters(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	want := enginemetrics.Scrape{Engine: "vLLM", Values: map[enginemetrics.Metric]float64{enginemetrics.Running: 2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if *asked != "GET /metrics Bearer k " {
		t.Errorf("asked %s", *asked)
	}
	// Another server's page is read as well, but without this one's key.
	elsewhere, _ := beside(t, transport, "/tokenize", 200, "")
	if _, err := elsewhere.Counters(context.Background(), client.beside("/metrics")); err != nil || *asked != "GET /metrics  " {
		t.Errorf("%v, asked %s", err, *asked)
	}
	client, _ = beside(t, transport, "/metrics", 200, "<html>")
	if _, err := client.Counters(context.Background(), ""); !errors.Is(err, ErrNotOffered) {
		t.Errorf("a page without metrics: %v", err)
	}
}

// An auxiliary request takes bounded time and memory, whatever the answer is.
func TestAuxiliaryIsBounded(t *testing.T) { forEachTransport(t, testAuxiliaryIsBounded) }

func testAuxiliaryIsBounded(t *testing.T, transport string) {
	zeros := make([]byte, 1<<20)
	var bomb bytes.Buffer
	compress := gzip.NewWriter(&bomb)
	for range 1 + auxiliaryLimit/len(zeros) {
		compress.Write(zeros)
	}
	compress.Close()
	tests := []struct {
		why    string
		answer func(http.ResponseWriter)
		want   string
	}{
		{"a page without end", func(w http.ResponseWriter) {
			for {
				if _, err := w.Write(zeros); err != nil {
					return
				}
			}
		}, "an answer of more than 16777216 bytes"},
		{"a bomb, although compression was not asked for", func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb.Bytes())
		}, "an answer of more than 16777216 bytes"},
		{"headers without end", func(w http.ResponseWriter) {
			for i := range 200 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 10_000))
			}
		}, map[string]string{HTTP1: "a header of more than 1048576 bytes", NetHTTP: "server response headers exceeded"}[transport]},
		{"a redirect", func(w http.ResponseWriter) {
			w.Header().Set("Location", "http://127.0.0.1:1/?sk-very-secret")
			w.WriteHeader(http.StatusFound)
		}, "status 302"},
	}
	for _, test := range tests {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { test.answer(w) }))
		client, err := New(Config{Transport: transport, BaseURL: server.URL, APIKey: "sk-very-secret"})
		if err != nil {
			t.Fatal(err)
		}
		for _, ask := range []func() error{
			func() error { _, err := client.Counters(t.Context(), ""); return err },
			func() error { _, err := client.Tokens(t.Context(), question); return err },
		} {
			if err := ask(); err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v, want %q", test.why, err, test.want)
			}
		}
		client.Close()
		server.Close()
	}
}
