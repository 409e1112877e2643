package http1

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Heads as engines send them, and what is near to them.
var heads = map[string]struct {
	head string
	fast bool // it is read without http.ReadResponse
}{
	"uvicorn":               {"HTTP/1.1 200 OK\r\ndate: Thu, 26 Nov 2026 08:00:00 GMT\r\nserver: uvicorn\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n", true},
	"a length":              {"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nContent-Type: application/json\r\n\r\n", true},
	"kept alive":            {"HTTP/1.1 200 OK\r\nConnection: Keep-Alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 0\r\n\r\n", true},
	"closed":                {"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n", true},
	"spaces":                {"HTTP/1.1 200 \r\nContent-Length: \t7 \r\n\r\n", true},
	"no type, no reason":    {"HTTP/1.1 200 \r\nContent-Length:7\r\n\r\n", true},
	"another status":        {"HTTP/1.1 429 Busy\r\nContent-Length: 7\r\n\r\n", false},
	"provisional":           {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", false},
	"HTTP/1.0":              {"HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\n", false},
	"up to the end":         {"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", false},
	"two lengths":           {"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 7\r\n\r\n", false},
	"length and chunks":     {"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n", false},
	"no length":             {"HTTP/1.1 200 OK\r\nContent-Length: seven\r\n\r\n", false},
	"a huge length":         {"HTTP/1.1 200 OK\r\nContent-Length: 12345678901234567890\r\n\r\n", false},
	"another coding":        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", false},
	"a coded body":          {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n\r\n", true},
	"a trailer to come":     {"HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n", false},
	"a folded line":         {"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream;\r\n charset=utf-8\r\nContent-Length: 7\r\n\r\n", false},
	"no colon":              {"HTTP/1.1 200 OK\r\nContent-Length\r\n\r\n", false},
	"a space in a name":     {"HTTP/1.1 200 OK\r\nContent-Length : 7\r\n\r\n", false},
	"bare line feeds":       {"HTTP/1.1 200 OK\nContent-Length: 7\n\n", false},
	"a bare line feed":      {"HTTP/1.1 200 OK\r\nX: a\nContent-Length: 7\r\n\r\n", false},
	"not all there":         {"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n", false},
	"two ways to end":       {"HTTP/1.1 200 OK\r\nConnection: keep-alive, close\r\nContent-Length: 7\r\n\r\n", false},
	"both ways to end":      {"HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: keep-alive\r\nContent-Length: 7\r\n\r\n", true},
	"another protocol":      {"HTTP/1.1 200 OK\r\nUpgrade: h2c\r\nContent-Length: 7\r\n\r\n", false},
	"not HTTP":              {"SSH-2.0-OpenSSH\r\n\r\n", false},
	"more of the same type": {"HTTP/1.1 200 OK\r\nContent-Type: a\r\nContent-Type: b\r\nContent-Length: 7\r\n\r\n", true},
}

// checkHead compares what both ways of reading make of a head and its body.
func checkHead(t *testing.T, head string) (fast bool) {
	const body = "7\r\n{\"a\":1}\r\n0\r\n\r\nHTTP/1.1"
	h, ok := readFastHead([]byte(head))
	if !ok {
		return false
	}
	response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(head+body)), nil)
	if err != nil {
		t.Fatalf("%q was read, but http.ReadResponse fails: %v", head, err)
	}
	type result struct {
		Status string
		Length int64
		Close  bool
		Header http.Header
	}
	got := result{string(h.status), h.length, h.closes, h.header()}
	want := result{response.Status, response.ContentLength, response.Close, response.Header}
	if diff := cmp.Diff(want, got); diff != "" || h.bytes > len(head) {
		t.Errorf("%q: %d bytes (-ReadResponse +fast)\n%s", head, h.bytes, diff)
	}
	return true
}

func TestReadFastHead(t *testing.T) {
	for why, test := range heads {
		if got := checkHead(t, test.head); got != test.fast {
			t.Errorf("%s: %v, want %v", why, got, test.fast)
		}
		if h, ok := readFastHead([]byte(test.head + "data")); ok && h.bytes != len(test.head) {
			t.Errorf("%s: %d bytes, want %d", why, h.bytes, len(test.head))
		}
	}
}

func FuzzReadFastHead(f *testing.F) {
	for _, test := range heads {
		f.Add(test.head)
	}
	f.Fuzz(func(t *testing.T, head string) { checkHead(t, head) })
}

func BenchmarkHead(b *testing.B) {
	head := []byte(heads["uvicorn"].head)
	b.Run("fast", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			h, ok := readFastHead(head)
			if !ok || len(h.header()) != 3 {
				b.Fatal("not read")
			}
		}
	})
	b.Run("http.ReadResponse", func(b *testing.B) {
		in := bufio.NewReaderSize(nil, 4<<10)
		b.ReportAllocs()
		for b.Loop() {
			in.Reset(bytes.NewReader(head))
			if _, err := http.ReadResponse(in, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
