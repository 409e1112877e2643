package simengine

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// second sends two requests and returns the answer to the second, which is the
// one with the fault. The prompt has one token.
func second(t *testing.T, faults Faults, more string) reply {
	t.Helper()
	engine, client := start(t, Config{BaseTTFT: 100 * millisecond, ITL: 100 * millisecond, MaxBatch: 1, Faults: faults})
	body := `{"model":"m","prompt":"hi","max_tokens":5` + more + `}`
	if first := post(client, "/v1/completions", body); first.Err != nil || first.Status != 200 {
		t.Fatalf("the first request failed: %d %v", first.Status, first.Err)
	}
	got := post(client, "/v1/completions", body)
	if third := post(client, "/v1/completions", body); third.Err != nil || third.Status != 200 {
		t.Errorf("the third request failed: %d %v", third.Status, third.Err)
	}
	synctest.Wait()
	if running, waiting := engine.batch.counts(); running != 0 || waiting != 0 {
		t.Errorf("%d running, %d waiting at the end", running, waiting)
	}
	return got
}

const (
	streamed   = `,"stream":true,"stream_options":{"include_usage":true}`
	failure500 = `{"error":{"message":"simulated failure of request 2","type":"InternalServerError","param":null,"code":500}}`
)

func TestFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := second(t, Faults{FailEvery: 2}, streamed)
		if got.Status != 500 || got.Body != failure500 || got.Headers != 0 {
			t.Errorf("status %d after %v with %s, want 500 at once with %s", got.Status, got.Headers, got.Body, failure500)
		}
	})
}

func TestCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := second(t, Faults{CutEvery: 2}, streamed)
		if want := []time.Duration{100 * millisecond, 200 * millisecond}; !cmp.Equal(want, got.times()) {
			t.Errorf("tokens after %v, want the first half of five, %v", got.times(), want)
		}
		if !errors.Is(got.Err, io.ErrUnexpectedEOF) {
			t.Errorf("the stream ended with %v, want it cut", got.Err)
		}
		for _, event := range got.Events {
			if !strings.Contains(event.Data, `"finish_reason":null`) {
				t.Errorf("a stream that is cut has no end, but contains %s", event.Data)
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		if got := second(t, Faults{CutEvery: 2}, ""); got.Err == nil {
			t.Errorf("an answer in one piece came with status %d, want the connection closed", got.Status)
		}
	})
}

func TestErrorEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := second(t, Faults{ErrorEventEvery: 2}, streamed)
		if got.Status != 200 || got.Err != nil || len(got.Events) != 4 {
			t.Fatalf("status %d, %d events, %v, want 200 and two tokens, the error and [DONE]", got.Status, len(got.Events), got.Err)
		}
		want := []event{{200 * millisecond, failure500}, {200 * millisecond, "[DONE]"}}
		if diff := cmp.Diff(want, got.Events[2:]); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		got := second(t, Faults{ErrorEventEvery: 2}, "")
		if got.Status != 500 || got.Body != failure500 || got.Headers != 200*millisecond {
			t.Errorf("status %d after %v with %s, want 500 after half of the time", got.Status, got.Headers, got.Body)
		}
	})
}

func TestNoUsage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := second(t, Faults{NoUsageEvery: 2}, streamed)
		if got.Err != nil || len(got.Events) != 6 || got.Events[5].Data != "[DONE]" {
			t.Errorf("%d events, %v, want five tokens and [DONE]", len(got.Events), got.Err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		got := second(t, Faults{NoUsageEvery: 2}, "")
		if got.Status != 200 || strings.Contains(got.Body, "usage") {
			t.Errorf("status %d with %s, want no usage", got.Status, got.Body)
		}
	})
}

func TestHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine, client := start(t, Config{MaxBatch: 1, Faults: Faults{HangEvery: 1}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		began := time.Now()
		got := postContext(ctx, client, "/v1/completions", completion(1, 1))
		if !errors.Is(got.Err, context.DeadlineExceeded) || time.Since(began) != time.Hour {
			t.Errorf("%v after %v, want nothing until the client leaves after an hour", got.Err, time.Since(began))
		}
		if running, waiting := engine.batch.counts(); running != 0 || waiting != 0 {
			t.Errorf("%d running, %d waiting, want none", running, waiting)
		}
	})
}

// A fault counts generation requests, not those which are refused.
func TestRefusedRequestsAreNotCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client := start(t, Config{Faults: Faults{FailEvery: 2}})
		for i, test := range []struct {
			body string
			want int
		}{
			{`{"prompt":"hi"}`, 200},
			{`{"prompt":""}`, 400},
			{`{"prompt":"hi"}`, 500},
			{`{"prompt":"hi"}`, 200},
		} {
			if got := post(client, "/v1/completions", test.body); got.Status != test.want {
				t.Errorf("request %d: status %d, want %d", i, got.Status, test.want)
			}
		}
	})
}
