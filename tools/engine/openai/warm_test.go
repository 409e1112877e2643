package openai

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// slowly dials in a second of virtual time and knows how many at once.
func slowly(e *engine, most *atomic.Int64) func(context.Context, string, string) (net.Conn, error) {
	var now atomic.Int64
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		most.Store(max(most.Load(), now.Add(1)))
		defer now.Add(-1)
		time.Sleep(second)
		return e.dial(ctx, network, addr)
	}
}

func TestWarm(t *testing.T) { forEachTransport(t, testWarm) }

func testWarm(t *testing.T, transport string) {
	tests := []struct {
		why     string
		wait    time.Duration // between warming and use
		connect time.Duration // of a request then
		conns   int           // that were opened in all
	}{
		{"used at once", 0, 0, 50},
		{"used before they are old", 4*second - 1, 0, 50},
		{"too old to be trusted", 4 * second, second, 100},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var most atomic.Int64
				e := playing(ok, second, event("a"), done, end)
				c := e.client(t, Config{Transport: transport, Dial: slowly(e, &most)})
				if err := c.Warm(t.Context(), 50); err != nil {
					t.Fatal(err)
				}
				if len(e.requests) > 0 {
					t.Error("warming sent a request")
				}
				time.Sleep(test.wait)
				var users sync.WaitGroup
				for range 50 {
					users.Go(func() {
						reply, err := c.Stream(t.Context(), question)
						if err != nil || reply.Connect != test.connect || reply.FirstToken != test.connect+second {
							t.Errorf("connect %v, first token %v, error %v", reply.Connect, reply.FirstToken, err)
						}
					})
				}
				users.Wait()
				if e.conns != test.conns {
					t.Errorf("%d connections", e.conns)
				}
			})
		})
	}
}

func TestWarmFails(t *testing.T) { forEachTransport(t, testWarmFails) }

func testWarmFails(t *testing.T, transport string) {
	synctest.Test(t, func(t *testing.T) {
		e := playing()
		dials := 0
		c := e.client(t, Config{Transport: transport, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if dials++; dials > 1 {
				return nil, errors.New("connection refused")
			}
			return e.dial(ctx, network, addr)
		}})
		if err := c.Warm(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		err := c.Warm(t.Context(), 1)
		if err == nil || err.Error() != "connecting to "+engines+"/v1: connection refused" {
			t.Errorf("error %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.Warm(ctx, 1); !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "refused") {
			t.Errorf("cancelled: %v", err)
		}
		if err := c.Warm(t.Context(), 0); err != nil {
			t.Errorf("nothing to warm: %v", err)
		}
	})
}

// A proxy has another address: connections to the engine would be of no use.
func TestWarmBehindAProxy(t *testing.T) {
	e := playing()
	c := e.client(t, Config{proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: "localhost:3128"})})
	if err := c.Warm(t.Context(), 3); err != nil || e.conns != 0 {
		t.Errorf("%d connections, error %v", e.conns, err)
	}
}
