package openai

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// One request's limits and end are not the next one's, though both have the
// same deadline.
func TestLimitsOfRequestsInTurn(t *testing.T) { forEachTransport(t, testLimitsOfRequestsInTurn) }

func testLimitsOfRequestsInTurn(t *testing.T, transport string) {
	synctest.Test(t, func(t *testing.T) {
		whole := script(ok, event("a"), 8*second, event("b"), done, end)
		e := &engine{scripts: [][]any{whole, whole, script(ok, event("a"), time.Hour), whole}}
		c := e.client(t, Config{Transport: transport, StallTimeout: 10 * second, Timeout: 15 * second})
		var used *deadline
		for i := range e.scripts {
			reply, err := c.Stream(t.Context(), question)
			want, finish := error(nil), 8*second
			if i == 2 {
				want, finish = ErrStalled, 10*second
			}
			if !errors.Is(err, want) || reply.Finish != finish {
				t.Errorf("request %d: %v after %v, want %v after %v", i, err, reply.Finish, want, finish)
			}
			if transport == NetHTTP {
				continue // which may still use a deadline's context when the request has ended
			}
			if idle := len(c.deadlines.idle); (idle == 1) != (want == nil) {
				t.Errorf("request %d: %d idle deadlines", i, idle)
			} else if idle == 1 && i == 0 {
				used = c.deadlines.idle[0]
			} else if idle == 1 && (c.deadlines.idle[0] == used) != (i == 1) {
				t.Errorf("request %d: not the deadline it should have", i)
			}
			time.Sleep(time.Minute) // longer than any limit
		}
	})
}

// A caller that ends takes no other's requests along.
func TestCallersInTurn(t *testing.T) { forEachTransport(t, testCallersInTurn) }

func testCallersInTurn(t *testing.T, transport string) {
	synctest.Test(t, func(t *testing.T) {
		e := playing(script(ok, event("a"), second, done, end)...)
		c := e.client(t, Config{Transport: transport, StallTimeout: 10 * second})
		first, endFirst := context.WithCancel(t.Context())
		defer endFirst()
		if _, err := c.Stream(first, question); err != nil {
			t.Fatal(err)
		}
		endFirst()
		synctest.Wait()
		if _, err := c.Stream(t.Context(), question); err != nil {
			t.Errorf("after the end of another: %v", err)
		}
		if e.conns != 1 {
			t.Errorf("%d connections, want the same", e.conns)
		}
		if _, err := c.Stream(first, question); !errors.Is(err, context.Canceled) {
			t.Errorf("of one that has ended: %v", err)
		}
		second, endSecond := context.WithCancel(t.Context())
		time.AfterFunc(time.Second/2, endSecond)
		if _, err := c.Stream(second, question); !errors.Is(err, context.Canceled) {
			t.Errorf("ended meanwhile: %v", err)
		}
	})
}
