package simengine

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// slowWriter is a ResponseWriter which remembers each write and can take its
// time over one of them.
type slowWriter struct {
	stallAt int           // which write stalls, from 1
	stall   time.Duration // for how long
	header  http.Header
	writes  []write
}

type write struct {
	at   time.Time
	text string
}

func (s *slowWriter) Header() http.Header {
	if s.header == nil {
		s.header = make(http.Header)
	}
	return s.header
}

func (s *slowWriter) WriteHeader(int) {}

func (s *slowWriter) Flush() {}

func (s *slowWriter) Write(data []byte) (int, error) {
	s.writes = append(s.writes, write{time.Now(), string(data)})
	if len(s.writes) == s.stallAt {
		time.Sleep(s.stall)
	}
	return len(data), nil
}

// nowhere is a ResponseWriter for benchmarks.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header            { return n.header }
func (n nowhere) WriteHeader(int)                {}
func (n nowhere) Flush()                         {}
func (n nowhere) Write(data []byte) (int, error) { return len(data), nil }

func newRequest(t testing.TB, path, body string) *http.Request {
	return httptest.NewRequestWithContext(t.Context(), "POST", path, strings.NewReader(body))
}

// BenchmarkStream is the work per token of a stream whose tokens are all due.
func BenchmarkStream(b *testing.B) {
	engine, err := New(Config{MaxModelLen: 1 << 30})
	if err != nil {
		b.Fatal(err)
	}
	asked := &request{
		model: "m", tokens: 1 << 29, reason: "length", stream: true,
		prompt: chain{blockSize: engine.config.BlockSize, tokens: 1},
	}
	g := engine.newGeneration(asked, time.Now())
	out := newStream(nowhere{make(http.Header)}, g)
	b.ReportAllocs()
	for b.Loop() {
		out.add(g.produce(g.arrival))
		if err := out.flush(); err != nil {
			b.Fatal(err)
		}
	}
}
