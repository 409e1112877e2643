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

func TestFaultPrecedence(t *testing.T) {
	faults := Faults{FailEvery: 6, HangEvery: 5, CutEvery: 4, ErrorEventEvery: 3, NoUsageEvery: 2}
	for _, test := range []struct {
		ordinal int64
		want    string
		why     string
	}{
		{1, "", "no period divides 1"},
		{2, "--no-usage-every", "only the period of 2 divides it"},
		{3, "--error-event-every", "only the period of 3 divides it"},
		{12, "--fail-every", "6, 4, 3 and 2 divide it; failing takes precedence"},
		{20, "--hang-every", "5, 4 and 2 divide it; hanging precedes the cut"},
		{4, "--cut-every", "4 and 2 divide it; a cut stream has no usage in any case"},
	} {
		if got := faults.of(test.ordinal).flag; got != test.want {
			t.Errorf("request %d has fault %q, want %q: %s", test.ordinal, got, test.want, test.why)
		}
	}
	if got := (Faults{}).of(1).flag; got != "" {
		t.Errorf("fault %q without any period", got)
	}
}

// second sends three requests and returns the answer to the second, the only one
// with a fault. The prompt has one token.
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

func TestFailFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := second(t, Faults{FailEvery: 2}, streamed)
		if got.Status != 500 || got.Body != failure500 || got.Headers != 0 {
			t.Errorf("status %d after %v with %s, want 500 at once with %s", got.Status, got.Headers, got.Body, failure500)
		}
	})
}

func TestCutFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := second(t, Faults{CutEvery: 2}, streamed)
		if want := []time.Duration{100 * millisecond, 200 * millisecond}; !cmp.Equal(want, got.times()) {
			t.Errorf("tokens after %v, want the first half of five, %v", got.times(), want)
		}
		if !errors.Is(got.Err, io.ErrUnexpectedEOF) {
			t.Errorf("the stream ended with %v, want io.ErrUnexpectedEOF", got.Err)
		}
		for _, event := range got.Events {
			if !strings.Contains(event.Data, `"finish_reason":null`) {
				t.Errorf("a cut stream contains the end of an answer: %s", event.Data)
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		if got := second(t, Faults{CutEvery: 2}, ""); got.Err == nil {
			t.Errorf("a JSON answer came with status %d, want the connection closed", got.Status)
		}
	})
}

func TestErrorEventFault(t *testing.T) {
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
			t.Errorf("status %d after %v with %s, want 500 after 200ms with the error", got.Status, got.Headers, got.Body)
		}
	})
}

func TestNoUsageFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := second(t, Faults{NoUsageEvery: 2}, streamed)
		if got.Err != nil || len(got.Events) != 6 || got.Events[5].Data != "[DONE]" {
			t.Errorf("%d events, %v, want five tokens and [DONE] without usage", len(got.Events), got.Err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		got := second(t, Faults{NoUsageEvery: 2}, "")
		if got.Status != 200 || strings.Contains(got.Body, "usage") {
			t.Errorf("status %d with %s, want 200 without usage", got.Status, got.Body)
		}
	})
}

func TestHangFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine, client := start(t, Config{MaxBatch: 1, Faults: Faults{HangEvery: 1}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		began := time.Now()
		got := postContext(ctx, client, "/v1/completions", completion(1, 1))
		if !errors.Is(got.Err, context.DeadlineExceeded) || time.Since(began) != time.Hour {
			t.Errorf("%v after %v, want the deadline of the client, after an hour", got.Err, time.Since(began))
		}
		if running, waiting := engine.batch.counts(); running != 0 || waiting != 0 {
			t.Errorf("%d running, %d waiting, want 0 and 0", running, waiting)
		}
	})
}

// Only valid generation requests count towards the period of a fault.
func TestInvalidRequestsAreNotCounted(t *testing.T) {
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
