package hub

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// visits are the requests of servers, with their Authorization and Referer.
type visits []string

func (v *visits) server(t *testing.T, name string, handle http.HandlerFunc) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*v = append(*v, strings.TrimSpace(name+" "+r.URL.Path+" "+r.Header.Get("Authorization")+r.Header.Get("Referer")))
		handle(w, r)
	}))
	t.Cleanup(server.Close)
	return server
}

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// The token is sent to the endpoint, also after a redirect within it. Another port
// of the same host is another server.
func TestTokenIsSentToTheEndpointOnly(t *testing.T) {
	var seen visits
	elsewhere := seen.server(t, "elsewhere", func(w http.ResponseWriter, r *http.Request) {})
	back := ""
	detour := seen.server(t, "detour", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, back, http.StatusFound) })
	here := seen.server(t, "hub", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, elsewhere.URL+"/file?signature=x", http.StatusFound)
		case "/within":
			http.Redirect(w, r, "/file", http.StatusTemporaryRedirect)
		case "/around":
			http.Redirect(w, r, detour.URL+"/there", http.StatusPermanentRedirect)
		}
	})
	back = here.URL + "/file"
	h, err := FromEnv(env("HF_ENDPOINT", here.URL+"/", "HF_TOKEN", "hf"))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		address string
		want    visits
	}{
		{h.URL("away"), visits{"hub /away Bearer hf", "elsewhere /file"}},
		{h.URL("within"), visits{"hub /within Bearer hf", "hub /file Bearer hf"}},
		{h.URL("around"), visits{"hub /around Bearer hf", "detour /there", "hub /file Bearer hf"}},
		{elsewhere.URL + "/file", visits{"elsewhere /file"}},
	}
	for _, test := range tests {
		seen = nil
		_, err := h.Read(t.Context(), test.address, 100)
		if diff := cmp.Diff(test.want, seen); diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", test.address, err, diff)
		}
	}
	lookalike, _ := url.Parse(strings.Replace(here.URL, "127.0.0.1:", "127.0.0.1.example:", 1) + "/")
	header := http.Header{}
	if err := h.authorize(lookalike, header); err != nil || len(header) > 0 {
		t.Errorf("to %s: %v, %v", lookalike, header, err)
	}
	seen = nil
	if _, err := h.announced(t.Context(), File{URL: h.URL("away")}); err != nil || len(seen) != 1 {
		t.Errorf("the metadata request followed a redirect: %v, %v", seen, err)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	to := func(location string) http.RoundTripper {
		return roundTripper(func(r *http.Request) *http.Response {
			return &http.Response{StatusCode: http.StatusFound, Header: http.Header{"Location": {location}}, Body: http.NoBody, Request: r}
		})
	}
	tests := []struct {
		why, endpoint, token, offline string
		transport                     http.RoundTripper
		want                          string
	}{
		{"offline", Host, "", "1", nil, "HF_HUB_OFFLINE is set"},
		{"a token without TLS", "http://mirror.example", "hf_secret", "", nil, "HF_TOKEN is not sent to mirror.example without TLS"},
		{"a password without TLS", "http://me:secret@mirror.example", "", "", nil, "without TLS"},
		{"a redirect that leaves TLS", Host, "hf_secret", "", to("http://other.example/?secret"), "from huggingface.co to other.example without TLS"},
		{"a redirect to a file", Host, "", "", to("file:///etc/passwd"), "a redirect to file://"},
		{"a redirect loop", Host, "hf_secret", "", to("/"), "10 redirects"},
		{"a redirect to an invalid URL", Host, "", "", to("https://%zz/secret"), ""},
	}
	for _, test := range tests {
		h, err := FromEnv(env("HF_ENDPOINT", test.endpoint, "HF_TOKEN", test.token, "HF_HUB_OFFLINE", test.offline))
		if err != nil {
			t.Fatal(err)
		}
		h.Transport = test.transport
		_, err = h.Read(t.Context(), h.URL("a"), 100)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") && test.want != "" {
			t.Errorf("%s: %v", test.why, err)
		}
	}
}

type roundTripper func(*http.Request) *http.Response

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }

func TestFromEnv(t *testing.T) {
	tests := []struct{ given, want string }{
		{"", Host},
		{"https://mirror.example/hf/", "https://mirror.example/hf"},
		{"https://me:secret@mirror.example", "https://mirror.example"},
		{"mirror.example", ""},
		{"ftp://mirror.example", ""},
		{"https://me:secret@:1:2", ""},
	}
	for _, test := range tests {
		h, err := FromEnv(env("HF_ENDPOINT", test.given))
		if err != nil && (test.want != "" || strings.Contains(err.Error(), "secret")) || err == nil && h.Endpoint != test.want {
			t.Errorf("%q: %q, %v", test.given, h.Endpoint, err)
		}
	}
	h := Hub{Endpoint: Host}
	if got := h.FileURL("a/b", "refs/pr/1", "x y?#.json"); got != Host+"/a/b/resolve/refs%2Fpr%2F1/x%20y%3F%23.json" {
		t.Error(got)
	}
}

func TestRead(t *testing.T) {
	const content = "content"
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(content)))
	head := "HTTP/1.1 200 OK\r\n"
	tests := []struct{ why, response, fails string }{
		{"with a length", head + "Content-Length: 7\r\n\r\n" + content, ""},
		{"in chunks", head + "Transfer-Encoding: chunked\r\n\r\n7\r\ncontent\r\n0\r\n\r\n", ""},
		{"with its checksum", head + "X-Linked-Etag: \"" + sum + "\"\r\nContent-Length: 7\r\n\r\n" + content, ""},
		{"with another tag", head + "X-Linked-Etag: W/\"x\"\r\nContent-Length: 7\r\n\r\n" + content, ""},
		{"with another checksum", head + "X-Linked-Etag: \"" + strings.Repeat("0", 64) + "\"\r\nContent-Length: 7\r\n\r\n" + content, "want 0000"},
		{"cut short", head + "Content-Length: 9\r\n\r\n" + content, "after 7 bytes: unexpected EOF"},
		{"cut short in chunks", head + "Transfer-Encoding: chunked\r\n\r\n9\r\ncontent", "after 7 bytes: unexpected EOF"},
		{"delimited by the connection's end", head + "\r\n" + content, "cannot detect truncation"},
		{"too long by its length", head + "Content-Length: 11\r\n\r\n", "response of 11 bytes exceeds the limit of 10"},
		{"too long without a length", head + "Transfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n", "exceeds the limit of 10 bytes"},
	}
	for _, test := range tests {
		h := Hub{Endpoint: Host, Transport: raw(test.response)}
		got, err := h.Read(t.Context(), h.URL("a"), 10)
		if test.fails == "" && (err != nil || string(got) != content) {
			t.Errorf("%s: %q, %v", test.why, got, err)
		}
		if test.fails != "" && (err == nil || !strings.Contains(err.Error(), test.fails)) {
			t.Errorf("%s: %v, want %q", test.why, err, test.fails)
		}
	}
}

// raw is an http.RoundTripper that responds with these bytes.
type raw string

func (r raw) RoundTrip(request *http.Request) (*http.Response, error) {
	return http.ReadResponse(bufio.NewReader(strings.NewReader(string(r))), request)
}

func TestIsName(t *testing.T) {
	names := map[string]bool{
		"gpt2": true, "meta-llama/Llama-3.1-8B": true, "a..b": true,
		"": false, "..": false, "../x": false, "a/../b": false, "a/b/c": false, "/a": false, "a\\b": false, "a\x00": false, "a?b": false,
		strings.Repeat("a", 201): false,
	}
	for name, want := range names {
		if IsName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

func TestBelow(t *testing.T) {
	tests := []struct {
		parts []string
		want  string
	}{
		{[]string{"a", "refs/pr/1"}, "/f/a/refs/pr/1"},
		{[]string{"a..b"}, "/f/a..b"},
		{[]string{"a/../b"}, "/f/b"},
		{[]string{".."}, ""},
		{[]string{"a", "../b"}, ""},
		{[]string{"a/../../b"}, ""},
		{[]string{"/etc/passwd"}, ""},
		{[]string{"a", ""}, ""},
		{[]string{`a\..\b`}, ""},
		{[]string{"a\x00"}, ""},
	}
	for _, test := range tests {
		if got, err := Below("/f", test.parts...); got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q: %q, %v, want %q", test.parts, got, err, test.want)
		}
	}
}

func FuzzBelow(f *testing.F) {
	f.Add("a", "../b")
	f.Add("/", "\x00")
	f.Fuzz(func(t *testing.T, a, b string) {
		if got, err := Below("/folder", a, b); err == nil && got != "/folder" && !strings.HasPrefix(got, "/folder/") {
			t.Errorf("%q, %q lead to %q, outside the folder", a, b, got)
		}
	})
}
