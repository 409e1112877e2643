package openai

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/data/chat"
)

// What engines send that is a failure, never a short answer.
func TestFailures(t *testing.T) { forEachTransport(t, testFailures) }

func testFailures(t *testing.T, transport string) {
	begun := script(ok, second, event("a"))
	tests := []struct {
		why    string
		script []any
		want   string
		finish time.Duration
	}{
		{"an error event with [DONE]", script(begun, `data: {"error":{"message":"out of memory","code":500}}`+"\n\n", done, end), "the engine failed: out of memory", second},
		{"and without", script(begun, `data: {"error":{"message":"out of memory"}}`+"\n\n", end), "the engine failed: out of memory", second},
		{"an error that is a string", script(begun, `data: {"error":"out of memory"}`+"\n\n", done, end), "the engine failed: out of memory", second},
		{"an error as old vLLM says it", script(begun, `data: {"object":"error","message":"out of memory","code":500}`+"\n\n", done, end), "the engine failed: out of memory", second},
		{"an error by the event's name", script(begun, "event: error\ndata: out of memory\n\n", end), "the engine failed: out of memory", second},
		{"an error without a reason", script(begun, "event: error\n\n", end), "the engine failed: no reason given", second},
		{"an error line", script(begun, `error: {"message":"out of memory"}`+"\n\n", done, end), "the engine failed: out of memory", second},
		{"bare JSON within the stream", script(begun, `{"error":{"message":"out of memory"}}`+"\n", done, end), "the engine failed: out of memory", second},
		{"an end without [DONE]", script(begun, end), "after 1 chunks: the stream ended without [DONE]", second},
		{"an early close after a finish reason", script(ok, second, `data: {"choices":[{"text":"a","finish_reason":"length"}]}`+"\n\n", hangup{}), "after 1 chunks: the stream was cut: unexpected EOF", second},
		{"an early close", script(begun, second, hangup{}), "after 1 chunks: the stream was cut: unexpected EOF", 2 * second},
		{"a cut within a chunk", script(begun, `data: {"choi`, hangup{}), "after 1 chunks: the stream was cut: unexpected EOF", second},
		{"half an event and a proper end", script(begun, `data: {"choi`, end), "after 1 chunks: the stream was cut: unexpected EOF", second},
		{"a chunk that is not JSON", script(begun, "data: {\"choices\"\n\n", done, end), `malformed chunk: unexpected end of JSON input: {"choices"`, second},
		{"no chunk at all", script(ok, second, end), "the stream ended without [DONE]", second},
		{"only [DONE]", script(ok, second, done, end), "the answer is empty", second},
		{"no text", script(ok, second, `data: {"choices":[{"text":"","finish_reason":"stop"}]}`+"\n\n", done, end), `the answer is empty, finish reason "stop"`, second},
		{"an event without end", script(ok, second, "data: ", packed(strings.Repeat("x", eventLimit+1<<20), 1<<20)), "an event of more than 16777216 bytes", second},
		{"not HTTP", []any{raw("hello\r\n\r\n"), hangup{}}, `malformed HTTP response "hello"`, 0},
		{"closed instead of an answer", []any{second, hangup{}}, "EOF", second},

		{"a status with a message", []any{document("503 Busy", "application/json", `{"error":{"message":"all\nbusy","type":"x"}}`)}, "status 503: all busy", 0},
		{"a message of old vLLM", []any{document("400 Bad", "application/json", `{"object":"error","message":"too long"}`)}, "status 400: too long", 0},
		{"a detail of FastAPI", []any{document("404 No", "application/json", `{"detail":"Not Found"}`)}, "status 404: Not Found", 0},
		{"its list of details, but not the input in it", []any{document("422 No", "application/json", `{"detail":[{"msg":"field required","input":{"prompt":"why?"}}]}`)}, "status 422: field required", 0},
		{"JSON of an unknown form may be the request: not shown", []any{document("400 No", "application/json", `{"prompt":"why?"}`)}, "status 400: bad request", 0},
		{"a status with text", []any{document("502 Bad", "text/html", "<h1>Bad\r\nGateway</h1>")}, "status 502: <h1>Bad Gateway</h1>", 0},
		{"a status alone", []any{document("429 Slow down", "text/plain", "")}, "status 429: too many requests", 0},
		{"success, but not of this kind", []any{raw("HTTP/1.1 204 No Content\r\n\r\n")}, "status 204: no content", 0},
		{"a redirect", []any{raw("HTTP/1.1 307 Go\r\nLocation: http://other/v1\r\nContent-Length: 0\r\n\r\n")}, "status 307: redirected to http://other/v1, which is not followed", 0},
		{"a long message is cut", []any{document("500 No", "text/plain", strings.Repeat("é ", 400))}, "status 500: " + strings.Repeat("é ", 100) + "…", 0},

		{"200 with an error document", []any{document("200 OK", "application/json", `{"error":{"message":"no such model"}}`)}, "the engine failed: no such model", 0},
		{"even if it calls itself a stream", []any{document("200 OK", "text/event-stream", "{\n \"object\":\"error\", \"message\":\"no such model\"}")}, "the engine failed: no such model", 0},
		{"200 with a whole answer", []any{document("200 OK", "application/json", `{"choices":[{"text":"a"}]}`)}, "answered without streaming", 0},
		{"200 with something else", []any{document("200 OK", "text/html", `<p>Welcome</p>`)}, "answered with text/html instead of a stream: <p>Welcome</p>", 0},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				reply, err := playing(test.script...).client(t, Config{Transport: transport}).Stream(t.Context(), question)
				if err == nil {
					t.Fatalf("no error, but %+v", reply)
				}
				said := strings.Replace(err.Error(), "net/http: HTTP/1.x transport connection broken: ", "", 1)
				if diff := cmp.Diff("POST "+engines+"/v1/completions: "+test.want, said); diff != "" {
					t.Error(diff)
				}
				if reply.Finish != test.finish || reply.Launch.IsZero() || reply.Attempts != 1 {
					t.Errorf("reply %+v, want finish %v", reply, test.finish)
				}
				if (reply.Text == "a") != (len(reply.Chunks) == 1) {
					t.Errorf("what came before is lost: %+v", reply)
				}
			})
		})
	}
}

// Limits of time are exact and can be told from each other and from the
// caller's own.
func TestLimits(t *testing.T) { forEachTransport(t, testLimits) }

func testLimits(t *testing.T, transport string) {
	const hour = 3600 * second
	stop := errors.New("signal")
	all := Config{StallTimeout: 300 * second, Timeout: hour}
	tests := []struct {
		why    string
		config Config
		script []any
		is     error
		want   string
		finish time.Duration
	}{
		{"no headers", all, []any{hour}, ErrStalled, "nothing received for 300s", 300 * second},
		{"headers and no data", all, script(ok, hour), ErrStalled, "nothing received for 300s", 300 * second},
		{"late headers put it off", all, script(200*second, ok, hour), ErrStalled, "nothing received for 300s", 500 * second},
		{"a comment is something", all, script(ok, 200*second, ": x\n\n", 200*second, event("a"), hour), ErrStalled, "after 1 chunks: nothing received for 300s", 700 * second},
		{"half an event is something", all, script(ok, 200*second, "da", hour), ErrStalled, "nothing received for 300s", 500 * second},
		{"an answer without end", Config{Timeout: 5 * second / 2}, script(ok, event("a"), second, event("b"), second, event("c"), second), ErrTimeout, "after 3 chunks: no complete answer within 2.5s", 5 * second / 2},
		{"an error document that never ends", Config{Timeout: second}, []any{raw("HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\n"), hour}, ErrTimeout, "status 500: no complete answer within 1s", second},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				reply, err := playing(test.script...).client(t, on(test.config, transport)).Stream(t.Context(), question)
				if !errors.Is(err, test.is) || errors.Is(err, context.Canceled) || !strings.HasSuffix(err.Error(), "completions: "+test.want) {
					t.Errorf("error %v, want %s", err, test.want)
				}
				if reply.Finish != test.finish {
					t.Errorf("finish %v, want %v", reply.Finish, test.finish)
				}
			})
		})
	}

	for _, answer := range [][]any{{hour}, script(ok, hour), script(ok, event("a"), hour)} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(2*second, func() { cancel(stop) })
			reply, err := playing(answer...).client(t, on(all, transport)).Stream(ctx, question)
			if !errors.Is(err, context.Canceled) || !errors.Is(err, stop) || errors.Is(err, ErrStalled) || reply.Finish != 2*second {
				t.Errorf("cancelled: error %v after %v", err, reply.Finish)
			}
		})
	}
}

func TestConnecting(t *testing.T) { forEachTransport(t, testConnecting) }

func testConnecting(t *testing.T, transport string) {
	hang := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	refuse := func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("connection refused")
	}
	deaf := func(context.Context, string, string) (net.Conn, error) { // takes the connection, not the request
		client, _ := net.Pipe()
		return client, nil
	}
	tests := []struct {
		why    string
		config Config
		want   string
		finish time.Duration
	}{
		{"5 s unless told otherwise", Config{Dial: hang}, "no connection within 5s", 5 * second},
		{"as told", Config{Dial: hang, ConnectTimeout: second / 2}, "no connection within 0.5s", second / 2},
		{"refused", Config{Dial: refuse}, "connection refused", 0},
		{"an engine that does not even read", Config{Dial: deaf, StallTimeout: second}, "nothing received for 1s", second},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				reply, err := playing().client(t, on(test.config, transport)).Stream(t.Context(), question)
				if err == nil || err.Error() != "POST "+engines+"/v1/completions: "+test.want {
					t.Errorf("error %v, want %s", err, test.want)
				}
				if errors.Is(err, ErrConnectTimeout) != strings.HasPrefix(test.want, "no connection") {
					t.Errorf("error %v does not tell its kind", err)
				}
				if reply.Finish != test.finish {
					t.Errorf("finish %v, want %v", reply.Finish, test.finish)
				}
			})
		})
	}
}

// Whatever a server sends back, neither the key nor the prompt is shown.
func TestSecrets(t *testing.T) { forEachTransport(t, testSecrets) }

func testSecrets(t *testing.T, transport string) {
	const key = "sk-very-secret"
	text := "System: once upon a midnight dreary, while I pondered"
	echo := "you sent " + text + " with " + key
	requests := []Request{
		{Prompt: chat.Text{"short", text}},
		{Messages: []chat.Message{{Role: chat.User, Content: chat.Text{text}}}},
	}
	scripts := [][]any{
		{document("401 No", "text/plain", "wrong key "+key+"; "+echo)},
		{document("401 No", "application/json", `{"error":{"message":"`+echo+`"}}`)},
		{document("200 OK", "text/html", "<"+echo)},
		{raw("HTTP/1.1 302 Go\r\nLocation: /?k=" + key + "\r\nContent-Length: 0\r\n\r\n")},
		script(ok, "data: "+echo+"\n\n", end),
		script(ok, "error: "+strings.Repeat(key, 100)+"\n\n", end),
	}
	for _, request := range requests {
		for _, script := range scripts {
			synctest.Test(t, func(t *testing.T) {
				_, err := playing(script...).client(t, Config{Transport: transport, APIKey: key}).Stream(t.Context(), request)
				if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "midnight") {
					t.Errorf("error %v", err)
				}
				if strings.ContainsAny(err.Error(), "\r\n") || len(err.Error()) > 450 {
					t.Errorf("error is not a short line: %q", err)
				}
			})
		}
	}
}

func TestAnswerLimit(t *testing.T) {
	for tokens, want := range map[int]string{
		0:      "an answer of more than 268435456 bytes",
		100:    "an answer of more than 23330816 bytes for 100 tokens",
		100000: "an answer of more than 268435456 bytes for 100000 tokens",
	} {
		d := newDeadline(t.Context(), &Config{})
		d.body, d.tokens = io.NopCloser(forever{}), tokens
		n, err := io.Copy(io.Discard, d)
		if err == nil || err.Error() != want || n > d.maxBytes()+1<<20 {
			t.Errorf("read %d bytes, error %v, want %s", n, err, want)
		}
		d.end()
	}
}

type forever struct{}

func (forever) Read(p []byte) (int, error) { return len(p), nil }
