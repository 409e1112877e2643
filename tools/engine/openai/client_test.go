package openai

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

func TestBaseURL(t *testing.T) {
	tests := []struct{ given, want string }{
		{"http://h:1", "http://h:1/v1"},
		{"http://h:1/", "http://h:1/v1"},
		{"http://h:1/v1", "http://h:1/v1"},
		{"http://h:1/v1/", "http://h:1/v1"},
		{"http://h:1/v1//", "http://h:1/v1"},
		{"https://h/prefix", "https://h/prefix/v1"},
		{"HTTP://h/prefix/v1", "http://h/prefix/v1"},
		{"http://[::1]:1", "http://[::1]:1/v1"},
		{"http://h/v12", "http://h/v12/v1"},
	}
	for _, test := range tests {
		c, err := New(Config{BaseURL: test.given})
		if err != nil {
			t.Errorf("%s: %v", test.given, err)
		} else if c.base.String() != test.want {
			t.Errorf("%s: got %s, want %s", test.given, c.base, test.want)
		}
	}
}

func TestBadConfig(t *testing.T) {
	tests := []struct {
		why    string
		config Config
	}{
		{"nothing", Config{}},
		{"no scheme: the host reads as one", Config{BaseURL: "localhost:8000"}},
		{"another scheme", Config{BaseURL: "ftp://h"}},
		{"no host", Config{BaseURL: "http:///v1"}},
		{"no URL", Config{BaseURL: "http://h:secret/"}},
		{"a password", Config{BaseURL: "http://u:secret@h"}},
		{"a query", Config{BaseURL: "http://h/v1?k=secret"}},
		{"a key of two lines", Config{BaseURL: "http://h", APIKey: "secret\n"}},
		{"a negative timeout", Config{BaseURL: "http://h", Timeout: -1}},
	}
	for _, test := range tests {
		if _, err := New(test.config); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: error %v", test.why, err)
		}
	}
}

func TestHeaders(t *testing.T) { forEachTransport(t, testHeaders) }

func testHeaders(t *testing.T, transport string) {
	tests := []struct {
		why     string
		key     string
		request Request
		path    string
		want    http.Header
	}{
		{"completions with everything", "k", Request{UserID: "7"}, "/v1/completions",
			http.Header{"Authorization": {"Bearer k"}, "X-User-Id": {"7"}}},
		{"chat with nothing", "", chatting, "/v1/chat/completions", http.Header{}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := playing(ok, event("a"), done, end)
				c := e.client(t, Config{Transport: transport, APIKey: test.key})
				if _, err := c.Stream(t.Context(), test.request); err != nil {
					t.Fatal(err)
				}
				got := e.requests[0]
				test.want["Accept"] = []string{"application/json"}
				test.want["Content-Type"] = []string{"application/json"}
				test.want["User-Agent"] = []string{"LMBench"}
				test.want["Content-Length"] = []string{fmt.Sprint(len(e.bodies[0]))}
				if diff := cmp.Diff(test.want, got.Header); diff != "" {
					t.Error(diff)
				}
				if got.Method != "POST" || got.RequestURI != test.path || got.Host != "localhost:8000" || got.TransferEncoding != nil {
					t.Errorf("%s %s to %s, encoding %v", got.Method, got.RequestURI, got.Host, got.TransferEncoding)
				}
			})
		})
	}
}

func TestBadTemperature(t *testing.T) { forEachTransport(t, testBadTemperature) }

func testBadTemperature(t *testing.T, transport string) {
	var zero float64
	c := playing().client(t, Config{Transport: transport})
	reply, err := c.Stream(t.Context(), Request{Temperature: zero / zero})
	if err == nil || !reply.Launch.IsZero() || reply.Finish != 0 {
		t.Errorf("error %v, reply %+v", err, reply)
	}
}

func TestServerDown(t *testing.T) { forEachTransport(t, testServerDown) }

func testServerDown(t *testing.T, transport string) {
	server := httptest.NewServer(nil)
	server.Close()
	c, err := New(Config{BaseURL: server.URL, Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Stream(context.Background(), question)
	if err == nil || !strings.HasPrefix(err.Error(), "POST "+server.URL+"/v1/completions: dial tcp ") {
		t.Errorf("error %v", err)
	}
}
