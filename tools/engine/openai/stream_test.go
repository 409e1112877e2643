package openai

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/LMCache/LMBench/tools/data/chat"
)

// What engines send as an answer. Times are exact.
func TestStream(t *testing.T) { forEachTransport(t, testStream) }

func testStream(t *testing.T, transport string) {
	one := []time.Duration{second}
	both := []time.Duration{second, 2 * second}
	tests := []struct {
		why     string
		request Request
		script  []any
		want    Reply
	}{
		{"completions", question,
			script(ok, second, event("a"), second, event("b"), second, done, end),
			Reply{Text: "ab", Chunks: both, Finish: 3 * second}},
		{"chat: the first chunk has only the role, the last no text", chatting,
			script(ok, `data: {"choices":[{"delta":{"role":"assistant","content":""},"finish_reason":null}]}`+"\n\n",
				second, `data: {"choices":[{"delta":{"content":"a"}}]}`+"\n\n",
				second, `data: {"choices":[{"delta":{},"finish_reason":"stop"}]}`+"\n\n", done, end),
			Reply{Text: "a", Chunks: one, Finish: 2 * second, FinishReason: "stop"}},
		{"null deltas, contents and choices are not tokens", chatting,
			script(ok, `data: {"choices":[{"delta":null}]}`+"\n\n", `data: {"choices":null}`+"\n\n",
				`data: {"choices":[{"delta":{"content":null}}]}`+"\n\n",
				second, `data: {"choices":[{"delta":{"content":"a","reasoning_content":null}}]}`+"\n\n", done, end),
			Reply{Text: "a", Chunks: one, Finish: second}},
		{"reasoning is tokens but not answer, by either name", chatting,
			script(ok, second, `data: {"choices":[{"delta":{"reasoning_content":"hm"}}]}`+"\n\n",
				second, `data: {"choices":[{"delta":{"reasoning":"hm"}}]}`+"\n\n",
				second, `data: {"choices":[{"delta":{"content":"a"}}]}`+"\n\n", done, end),
			Reply{Text: "a", Chunks: append(both[:2:2], 3*second), Finish: 3 * second}},
		{"thinking until max_tokens is an answer", chatting,
			script(ok, second, `data: {"choices":[{"delta":{"reasoning":"hm"},"finish_reason":"length"}]}`+"\n\n", done, end),
			Reply{Chunks: one, Finish: second, FinishReason: "length"}},
		{"usage in a last chunk without choices", question,
			script(ok, second, event("a"), `data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":2}}}`+"\n\n", done, end),
			Reply{Text: "a", Chunks: one, Finish: second, Usage: Usage{3, 1, 2, true}}},
		{"usage null on every chunk, then on one with choices", question,
			script(ok, second, `data: {"choices":[{"text":"a"}],"usage":null}`+"\n\n",
				`data: {"choices":[{"text":"","finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"prompt_tokens_details":null}}`+"\n\n", done, end),
			Reply{Text: "a", Chunks: one, Finish: second, FinishReason: "length", Usage: Usage{Prompt: 3, Completion: 1}}},
		{"usage that grows: the last one counts", question,
			script(ok, second, `data: {"choices":[{"text":"a"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}`+"\n\n",
				`data: {"choices":[{"text":"b"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":0}}}`+"\n\n",
				`data: {"choices":[],"usage":null}`+"\n\n", done, end),
			Reply{Text: "ab", Chunks: []time.Duration{second, second}, Counts: []int{1, 2}, Finish: second, Usage: Usage{3, 2, 0, true}}},
		{"a usage of zeros is not a count", question,
			script(ok, second, event("a"), `data: {"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0}}`+"\n\n", done, end),
			Reply{Text: "a", Chunks: one, Finish: second}},
		{"comments and blank lines while queued", question,
			script(ok, ": ping\n\n", second/2, "\n\n: ping\n\n", second/2, event("a"), done, end),
			Reply{Text: "a", Chunks: one, Finish: second}},
		{"an error member that says nothing is wrong", question,
			script(ok, second, `data: {"choices":[{"text":"a"}],"error":null}`+"\n\n", `data: {"error":{}}`+"\n\n", done, end),
			Reply{Text: "a", Chunks: one, Finish: second}},
		{"U+FFFD is text: a rune of several tokens, unfinished", question,
			script(ok, second, event("\ufffd"), second, event("é"), done, end),
			Reply{Text: "\ufffdé", Chunks: both, Finish: 2 * second}},
		{"several tokens in a chunk are one chunk, spaces are text", question,
			script(ok, second, event(" "), second, event("a b c d"), done, end),
			Reply{Text: " a b c d", Chunks: both, Finish: 2 * second}},
		{"several chunks in one packet arrive together", question,
			script(ok, second, event("a")+event("b")+done, end),
			Reply{Text: "ab", Chunks: []time.Duration{second, second}, Finish: second}},
		{"a chunk arrives with its last byte", question,
			script(ok, `data: {"choices":[{"te`, second, `xt":"a"}]}`+"\n\n", second, done, end),
			Reply{Text: "a", Chunks: one, Finish: 2 * second}},
		{"packets of 7 bytes", question,
			script(ok, second, packed(event("a")+event("b")+done, 7), end),
			Reply{Text: "ab", Chunks: []time.Duration{second, second}, Finish: second}},
		{"CRLF and no space after data:", question,
			script(ok, second, "data:{\"choices\":[{\"text\":\"a\"}]}\r\n\r\ndata:[DONE]\r\n\r\n", end),
			Reply{Text: "a", Chunks: one, Finish: second}},
		{"an event of 1 MB", question,
			script(ok, second, event(long), done, end),
			Reply{Text: long, Chunks: one, Finish: second}},
		{"no length at all: the connection ends the answer", question,
			script(raw("HTTP/1.0 200 OK\r\n\r\n"), second, raw(event("a")), second, raw(done), hangup{}),
			Reply{Text: "a", Chunks: one, Finish: 2 * second}},
		{"a finish reason and no [DONE], as transformers serve ends", question,
			script(ok, second, event("a"), second, `data: {"choices":[{"text":"","finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}`+"\n\n", end),
			Reply{Text: "a", Chunks: one, Finish: 2 * second, FinishReason: "length", Usage: Usage{Prompt: 3, Completion: 1}}},
		{"the end of the stream comes late: the answer was complete before", question,
			script(ok, second, event("a"), done, 50*time.Millisecond, end),
			Reply{Text: "a", Chunks: one, Finish: second}},
		{"or never", question,
			script(ok, second, event("a"), done, time.Hour, hangup{}),
			Reply{Text: "a", Chunks: one, Finish: second}},
		{"or goes on without end", question,
			script(ok, second, event("a"), done, packed(long, 1000), end),
			Reply{Text: "a", Chunks: one, Finish: second}},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				test.want.Launch, test.want.FirstToken, test.want.Attempts = time.Now(), second, 1
				c := playing(test.script...).client(t, Config{Transport: transport})
				got, err := c.Stream(t.Context(), test.request)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("(-want +got)\n%.2000s", diff)
				}
				if late := time.Since(got.Launch) - got.Finish; late > tailTime {
					t.Errorf("returned %v after the end", late)
				}
			})
		})
	}
}

func TestConnectionsAreReused(t *testing.T) { forEachTransport(t, testConnectionsAreReused) }

func testConnectionsAreReused(t *testing.T, transport string) {
	tests := []struct {
		why      string
		script   []any
		conns    int
		attempts int // of the last of three requests
	}{
		{"the usual end", script(ok, event("a"), done, end), 1, 1},
		{"an end in a packet of its own", script(ok, event("a"), done, 50*time.Millisecond, end), 1, 1},
		{"something after the end", script(ok, event("a"), done, ": bye\n\n", end), 1, 1},
		{"a refusal", []any{document("503 Busy", "text/plain", "busy")}, 1, 1},
		{"no end: not to be used again", script(ok, event("a"), done, time.Hour), 3, 1},
		{"closed after each stream, as it should be said", script(raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"), raw(event("a")+done), hangup{}), 3, 1},
		{"closed after each stream, unsaid", script(ok, event("a"), done, end, hangup{}), 3, 1},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := playing(test.script...)
				c := e.client(t, Config{Transport: transport})
				var last Reply
				for range 3 {
					last, _ = c.Stream(t.Context(), question)
					synctest.Wait()
				}
				if e.conns != test.conns || last.Attempts != test.attempts {
					t.Errorf("%d connections, %d attempts; want %d, %d", e.conns, last.Attempts, test.conns, test.attempts)
				}
			})
		})
	}
}

// The engine closes an idle connection just as a request goes out on it.
func TestClosedWhileIdle(t *testing.T) { forEachTransport(t, testClosedWhileIdle) }

func testClosedWhileIdle(t *testing.T, transport string) {
	synctest.Test(t, func(t *testing.T) {
		answer := script(ok, event("a"), done, end)
		e := &engine{scripts: [][]any{answer, {hangup{}}, answer}}
		c := e.client(t, Config{Transport: transport})
		if _, err := c.Stream(t.Context(), question); err != nil {
			t.Fatal(err)
		}
		reply, err := c.Stream(t.Context(), question)
		if err != nil {
			t.Fatal(err)
		}
		want := Reply{Text: "a", Attempts: 2, Chunks: []time.Duration{0}}
		if diff := cmp.Diff(want, reply, cmpopts.IgnoreFields(Reply{}, "Launch")); diff != "" {
			t.Error(diff)
		}
		if e.conns != 2 || e.bodies[2] != e.bodies[1] || e.bodies[1] == "" {
			t.Errorf("%d connections, sent %q", e.conns, e.bodies)
		}
	})
}

// A request that a new connection did not answer is not sent again.
func TestNothingIsSentTwice(t *testing.T) { forEachTransport(t, testNothingIsSentTwice) }

func testNothingIsSentTwice(t *testing.T, transport string) {
	for _, refusal := range []any{hangup{}, document("500 Oops", "text/plain", "no"), document("429 Slow", "text/plain", "no")} {
		synctest.Test(t, func(t *testing.T) {
			e := playing(refusal)
			c := e.client(t, Config{Transport: transport})
			if _, err := c.Stream(t.Context(), question); err == nil {
				t.Error("no error")
			}
			if len(e.requests) != 1 {
				t.Errorf("%d requests after %v", len(e.requests), refusal)
			}
		})
	}
}

// An event arrives with its own last byte, even within an HTTP chunk that has not ended,
// whether the head is usual or not. Not by net/http, which may hold back a part of a chunk.
func TestAnEventBeforeItsChunkEnds(t *testing.T) {
	for why, head := range map[string]string{
		"usual": string(ok), "a provisional answer before": "HTTP/1.1 102 Processing\r\n\r\n" + string(ok),
		"Latin-1": strings.Replace(string(ok), "\r\n", "\r\nX: \xe4\r\n", 1),
	} {
		synctest.Test(t, func(t *testing.T) {
			a, b := event("a"), event("b")
			size := fmt.Sprintf("%x\r\n", len(a+b))
			c := playing(raw(head), second, raw(size+a), second, raw(b+"\r\n"), done, end).client(t, Config{Transport: HTTP1})
			reply, err := c.Stream(t.Context(), question)
			if want := []time.Duration{second, 2 * second}; err != nil || !slices.Equal(reply.Chunks, want) || reply.Text != "ab" {
				t.Errorf("%s: chunks at %v, want %v; %q, %v", why, reply.Chunks, want, reply.Text, err)
			}
		})
	}
}

// With real sockets, where the close and the next request race: whichever way
// it goes, no request fails for it.
func TestEngineThatAlwaysCloses(t *testing.T) { forEachTransport(t, testEngineThatAlwaysCloses) }

func testEngineThatAlwaysCloses(t *testing.T, transport string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	engine := playing(ok, event("a"), done, end, hangup{})
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			accepting.Go(func() { engine.serve(conn) })
		}
	})
	c, err := New(Config{Transport: transport, BaseURL: "http://" + listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	request := Request{Prompt: chat.Text{strings.Repeat("x", 10_000)}}
	var users sync.WaitGroup
	for range 10 {
		users.Go(func() {
			for range 50 {
				if reply, err := c.Stream(t.Context(), request); err != nil {
					t.Errorf("attempt %d: %v", reply.Attempts, err)
				}
			}
		})
	}
	users.Wait()
	c.Close()
	listener.Close()
	accepting.Wait()
}
