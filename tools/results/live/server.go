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

	"github.com/LMCache/LMBench/tools/engine/enginemetrics"
)

//go:embed page.html
var page []byte

// Server serves a board: the page at /, its state at /state, and metrics for
// Prometheus at /metrics. Its maker ends it.
type Server struct {
	http    http.Server
	serving sync.WaitGroup
}

// Serve begins to serve. Where only this machine is listened to, only requests
// for this machine are answered: no web page elsewhere can read along.
func Serve(listener net.Listener, b *Board) *Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:")
		w.Write(page)
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		b.WriteMetrics(w)
		exposition{w}.gauge("goroutines", "Goroutines of this process, to see that none is left behind.", float64(runtime.NumGoroutine()))
	})
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, r *http.Request) {
		seen, _ := strconv.Atoi(r.URL.Query().Get("seen"))
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(b.told(seen))
	})
	handler := http.Handler(mux)
	if loopback(listener.Addr().String()) {
		handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !loopback(r.Host) {
				http.Error(w, "this is for this machine only", http.StatusForbidden)
				return
			}
			mux.ServeHTTP(w, r)
		})
	}
	s := &Server{http: http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 16 << 10}}
	s.serving.Go(func() { _ = s.http.Serve(listener) })
	return s
}

// End ends it and every connection to it.
func (s *Server) End() {
	s.http.Close()
	s.serving.Wait()
}

// loopback tells whether an address, with or without a port, is this machine's own.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = strings.Trim(address, "[]")
	}
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// told is what the page is told. Times are seconds, latencies ms; what is not
// known is null.
type told struct {
	Workload string   `json:"workload"`
	Point    string   `json:"point"`
	Number   int      `json:"number"`
	Of       int      `json:"of"`
	Stage    string   `json:"stage"`
	Idle     bool     `json:"idle"`
	Ending   bool     `json:"ending"`
	Elapsed  float64  `json:"elapsed"`
	For      float64  `json:"for"`
	Left     *float64 `json:"left"`
	Sent     int64    `json:"sent"`
	InFlight int64    `json:"in_flight"`
	OK       int64    `json:"ok"`
	Failed   int64    `json:"failed"`
	Rate     float64  `json:"rate"`
	Offered  float64  `json:"offered"`

	Latencies []toldLatency                      `json:"latencies"`
	Causes    []toldCause                        `json:"causes"`
	Engine    map[enginemetrics.Quantity]float64 `json:"engine"`
	Hits      *float64                           `json:"hits"` // share of the tokens looked up

	Latest int        `json:"latest"`
	Ticks  []toldTick `json:"ticks"` // those not yet seen
}

type toldLatency struct {
	Name  string  `json:"name"`
	Count uint64  `json:"count"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P99   float64 `json:"p99"`
}

type toldCause struct {
	Count int    `json:"count"`
	Text  string `json:"text"`
}

type toldTick struct {
	Stage    string   `json:"stage"`
	At       float64  `json:"at"`
	Sent     int64    `json:"sent"`
	Failed   int64    `json:"failed"`
	InFlight int64    `json:"in_flight"`
	TTFT50   *float64 `json:"ttft50"`
	TTFT99   *float64 `json:"ttft99"`
	ITL50    *float64 `json:"itl50"`
	ITL99    *float64 `json:"itl99"`
	Running  *float64 `json:"running"`
	Waiting  *float64 `json:"waiting"`
}

func (b *Board) told(seen int) told {
	s := b.State()
	t := told{Workload: s.Workload, Point: s.Point.Name, Number: s.Point.Number, Of: s.Point.Of, Stage: s.Stage.Name, Idle: s.Stage.Idle,
		Ending: s.Ending, Elapsed: s.Elapsed.Seconds(), For: s.Stage.For.Seconds(), Sent: s.Sent, InFlight: s.InFlight, OK: s.OK, Failed: s.Failed,
		Rate: s.Rate, Offered: s.Stage.Offered, Engine: s.Engine}
	if s.RunLeft >= 0 {
		left := s.RunLeft.Seconds()
		t.Left = &left
	}
	for _, d := range []struct {
		name string
		Quantiles
	}{{"TTFT", s.TTFT}, {"ITL", s.ITL}, {"E2EL", s.E2EL}, {"send lag", s.Lag}} {
		t.Latencies = append(t.Latencies, toldLatency{d.name, d.Count, ms(d.P50), ms(d.P90), ms(d.P99)})
	}
	for _, cause := range s.Causes[:min(len(s.Causes), mostCauses)] {
		t.Causes = append(t.Causes, toldCause{cause.Count, clean(cause.Text)})
	}
	if queries := s.EngineRisen[enginemetrics.CacheQueries]; queries > 0 {
		share := s.EngineRisen[enginemetrics.CacheHits] / queries
		t.Hits = &share
	}
	ticks, latest := b.Since(seen)
	t.Latest = latest
	for _, tick := range ticks {
		t.Ticks = append(t.Ticks, toldTick{tick.Stage, tick.At.Seconds(), tick.Sent, tick.Failed, tick.InFlight,
			known(tick.TTFT, tick.TTFT.P50), known(tick.TTFT, tick.TTFT.P99), known(tick.ITL, tick.ITL.P50), known(tick.ITL, tick.ITL.P99),
			said(tick.Engine, enginemetrics.Running), said(tick.Engine, enginemetrics.Waiting)})
	}
	return t
}

func ms(d time.Duration) float64 { return float64(d) / 1e6 }

// known is a quantile in ms; nil of nothing.
func known(q Quantiles, d time.Duration) *float64 {
	if q.Count == 0 {
		return nil
	}
	value := ms(d)
	return &value
}

func said(engine map[enginemetrics.Quantity]float64, quantity enginemetrics.Quantity) *float64 {
	if value, told := engine[quantity]; told {
		return &value
	}
	return nil
}
