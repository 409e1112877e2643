package live

import (
	_ "embed"
	"encoding/json"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed page.html
var page []byte

// Server serves what a Collector knows: a page at /, its state as JSON at /state, and
// metrics for Prometheus at /metrics.
type Server struct {
	http    http.Server
	serving sync.WaitGroup
}

// Serve starts a server; End stops it. On a loopback address the server answers only
// requests addressed to this machine, which keeps web pages of other sites from reading
// the state by DNS rebinding.
func Serve(listener net.Listener, c *Collector) *Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:")
		w.Write(page)
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		c.WriteMetrics(w)
		exposition{w}.gauge("goroutines", "Number of goroutines of this process.", float64(runtime.NumGoroutine()))
	})
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, r *http.Request) {
		seen, _ := strconv.Atoi(r.URL.Query().Get("seen"))
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(c.json(seen))
	})
	handler := http.Handler(mux)
	if loopback(listener.Addr().String()) {
		handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !loopback(r.Host) {
				http.Error(w, "only requests to localhost are allowed", http.StatusForbidden)
				return
			}
			mux.ServeHTTP(w, r)
		})
	}
	s := &Server{http: http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 16 << 10}}
	s.serving.Go(func() { _ = s.http.Serve(listener) })
	return s
}

// End stops the server and closes its connections.
func (s *Server) End() {
	s.http.Close()
	s.serving.Wait()
}

// loopback reports whether an address, with or without a port, is a loopback address.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = strings.Trim(address, "[]")
	}
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
