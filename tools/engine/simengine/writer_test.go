package simengine

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// slowWriter is a ResponseWriter that records each write and can stall in one.
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

// discard is a ResponseWriter that drops everything.
type discard struct{ header http.Header }

func (d discard) Header() http.Header            { return d.header }
func (d discard) WriteHeader(int)                {}
func (d discard) Flush()                         {}
func (d discard) Write(data []byte) (int, error) { return len(data), nil }

func newRequest(t testing.TB, path, body string) *http.Request {
	return httptest.NewRequestWithContext(t.Context(), "POST", path, strings.NewReader(body))
}

// BenchmarkStream measures the work per token of a stream.
func BenchmarkStream(b *testing.B) {
	engine, err := New(Config{MaxModelLen: 1 << 30})
	if err != nil {
		b.Fatal(err)
	}
	r := &request{
		model: "m", maxTokens: 1 << 29, finishReason: "length", stream: true,
		prompt: sequence{blockSize: engine.config.BlockSize, tokens: 1},
	}
	g := engine.newGeneration(r, time.Now())
	out := newEventStream(discard{make(http.Header)}, g)
	b.ReportAllocs()
	for b.Loop() {
		out.add(g.produce(g.arrival))
		if err := out.flush(); err != nil {
			b.Fatal(err)
		}
	}
}
