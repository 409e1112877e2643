package workloadtest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/LMCache/LMBench/tools/load/runner"
	"github.com/LMCache/LMBench/tools/results/record"
)

// hostile is an engine that attacks every n-th request and answers all others
// correctly.
type hostile struct {
	attack func(*attack)
	every  int64

	asked, attacked atomic.Int64 // requests
	taken           atomic.Int64 // most bytes that one attack could send
}

// An attack is the engine's side of one attacked request.
type attack struct {
	conn net.Conn
	sent int64
	keep bool // the connection is good for another request
}

// say sends a text and reports whether the client is still there.
func (a *attack) say(text string) bool {
	n, err := io.WriteString(a.conn, text)
	a.sent += int64(n)
	return err == nil
}

// Parts of a correct response.
const (
	streamed = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
	over     = "data: [DONE]\n\n"
	closing  = "0\r\n\r\n"
	usage    = `data: {"choices":[],"usage":{"prompt_tokens":150,"completion_tokens":4}}` + "\n\n"
)

func packet(text string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(text), text) }

func event(text string) string {
	return fmt.Sprintf(`data: {"choices":[{"index":0,"text":%q}]}`+"\n\n", text)
}

var (
	tokens = packet(event(" a")) + packet(event(" b")) + packet(event(" c")) + packet(event(" d"))
	whole  = streamed + tokens + packet(usage+over) + closing
)

// serve answers requests on a connection until the client or an attack closes it.
func (h *hostile) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		request, err := http.ReadRequest(in)
		if err == nil {
			_, err = io.Copy(io.Discard, request.Body)
		}
		if err != nil {
			return
		}
		if request.Method != http.MethodPost {
			io.WriteString(conn, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
			continue
		}
		if h.asked.Add(1)%h.every != 0 {
			time.Sleep(20 * time.Millisecond)
			io.WriteString(conn, whole)
			continue
		}
		h.attacked.Add(1)
		a := &attack{conn: conn}
		h.attack(a)
		for taken := h.taken.Load(); taken < a.sent && !h.taken.CompareAndSwap(taken, a.sent); taken = h.taken.Load() {
		}
		if !a.keep {
			return
		}
	}
}

// says returns an attack that sends one text and closes the connection.
func says(text string) func(*attack) { return func(a *attack) { a.say(text) } }

// keeps returns an attack that sends one text and keeps the connection open.
func keeps(text string) func(*attack) { return func(a *attack) { a.keep = a.say(text) } }

// hangs returns an attack that sends one text and then nothing.
func hangs(text string) func(*attack) {
	return func(a *attack) {
		a.say(text)
		a.conn.Read(make([]byte, 1)) // until the client hangs up
	}
}

// repeats returns an attack that sends a text until the client closes the connection.
func repeats(start, text string) func(*attack) {
	text = strings.Repeat(text, 1+(64<<10)/len(text)) // large writes: the test is about what the client reads, not about our writes
	return func(a *attack) {
		for more := a.say(start); more; more = a.say(text) {
		}
	}
}

func refuses(status, header, body string) func(*attack) {
	return keeps(fmt.Sprintf("HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s", status, header, len(body), body))
}

// streams returns an attack that is a whole response with the given events in one chunk.
func streams(text string) func(*attack) { return keeps(streamed + packet(text) + closing) }

const mega = 1 << 20

var attacks = []struct {
	why    string
	attack func(*attack)
	want   string // part of the error; empty: the request succeeds
	most   int64  // most bytes that the client may accept; 0: not checked
}{
	{"closes instead of an answer", says(""), "EOF", 0},
	{"closes after each stream without announcing it", says(whole), "", 0},
	{"closes within a stream", says(streamed + tokens), "after 4 chunks: the stream was cut: unexpected EOF", 0},
	{"closes within a chunk", says(streamed + "50\r\ndata: {"), "the stream was cut: unexpected EOF", 0},
	{"a chunk without a valid size", says(streamed + "xyz\r\n"), "invalid chunk size", 0},
	{"a length that is too long", says("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + event("a") + over), "", 0},
	{"a length that is too long, and no end", says("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + event("a")), "after 1 chunks: the stream was cut: unexpected EOF", 0},
	{"a length that is too short", keeps("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n" + event("a") + over), "the stream was cut: unexpected EOF", 0},
	{"two lengths", keeps("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc"), "multiple Content-Length", 0},
	{"a length and chunks", keeps("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + tokens + packet(over) + closing), "", 0},
	{"a negative length", says("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + event("a") + over), "Content-Length", 0},
	{"not HTTP", says("hello\r\n\r\n"), `malformed HTTP response "hello"`, 0},
	{"a status that is not a number", says("HTTP/1.1 abc OK\r\n\r\n"), "malformed HTTP status code", 0},
	{"HTTP/2", says("\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64\x00\x04\x00\x01\x00\x00\x00\x05\x00\x00\x40\x00"), "the server speaks only HTTP/2, not HTTP/1.1", 0},
	{"a TLS alert", says("\x15\x03\x03\x00\x02\x02\x46"), "the server speaks TLS; use https://", 0},

	{"500 with JSON", refuses("500 Oops", "", `{"error":{"message":"out of memory"}}`), "status 500: out of memory", 0},
	{"502 with HTML", refuses("502 Bad Gateway", "Content-Type: text/html\r\n", "<h1>no</h1>"), "status 502: <h1>no</h1>", 0},
	{"404 with an empty body", refuses("404 Not Found", "", ""), "status 404: not found", 0},
	{"429 with Retry-After", refuses("429 Slow", "Retry-After: 30\r\n", `{"error":"too many"}`), "status 429: too many (Retry-After: 30)", 0},
	{"503 with Retry-After as a date", refuses("503 Busy", "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n", ""), "status 503: service unavailable (Retry-After: Fri, 31 Dec 1999 23:59:59 GMT)", 0},
	{"a redirect", refuses("307 Go", "Location: http://other/v1\r\n", ""), "redirected to http://other/v1, which is not followed", 0},
	{"101 Switching Protocols", says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"), "status 101: switching protocols", 0},
	{"204 No Content", keeps("HTTP/1.1 204 No Content\r\n\r\n"), "status 204: no content", 0},
	{"an error document instead of a stream", refuses("200 OK", "", `{"error":{"message":"no such model"}}`), "the engine failed: no such model", 0},
	{"HTML instead of a stream", refuses("200 OK", "Content-Type: text/html\r\n", "<h1>Welcome</h1>"), "answered with text/html instead of a stream", 0},
	{"an empty body", refuses("200 OK", "", ""), "the stream ended without [DONE]", 0},
	{"an error within the stream", streams(event("a") + `data: {"error":{"message":"out of memory"}}` + "\n\n" + over), "the engine failed: out of memory", 0},
	{"an error by the event's name", streams(event("a") + "event: error\ndata: out of memory\n\n"), "the engine failed: out of memory", 0},
	{"only [DONE]", streams(over), "the answer is empty", 0},
	{"invalid JSON", streams("data: {\x00}\n\n" + over), "malformed chunk", 0},
	{"deeply nested JSON", streams("data: " + strings.Repeat("[", mega) + "\n\n" + over), "malformed chunk", 0},
	{"compressed without being asked", keeps("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"), `Content-Encoding "gzip", which was not asked for`, 0},
	{"compressed without end", repeats("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "\x00"), `Content-Encoding "gzip", which was not asked for`, mega},

	{"no head", hangs(""), "nothing received for 2s", 0},
	{"half a head", hangs("HTTP/1.1 200 OK\r\nContent-"), "nothing received for 2s", 0},
	{"no body", hangs(streamed), "nothing received for 2s", 0},
	{"half a stream", hangs(streamed + tokens), "after 4 chunks: nothing received for 2s", 0},
	{"half an event", hangs(streamed + "50\r\ndata: {"), "nothing received for 2s", 0},
	{"all but the end", hangs(streamed + tokens + packet(usage+over)), "", 0},
	{"comments and nothing else", func(a *attack) {
		for more := a.say(streamed); more; more = a.say(packet(": ping\n\n")) {
			time.Sleep(time.Second)
		}
	}, "no complete answer within 10s", 0},

	{"a header without end", repeats("HTTP/1.1 200 OK\r\nX: ", "x"), "a header of more than 1048576 bytes", 2 * mega},
	{"headers without end", repeats("HTTP/1.1 200 OK\r\n", "X: y\r\n"), "a header of more than 1048576 bytes", 2 * mega},
	{"provisional answers without end", repeats("", "HTTP/1.1 102 Processing\r\n\r\n"), "too many responses with status 1xx", mega},
	{"a line without end", repeats("HTTP/1.1 200 OK\r\n\r\ndata: ", "x"), "an event of more than 16777216 bytes", 17 * mega},
	{"an event without end", repeats("HTTP/1.1 200 OK\r\n\r\n", "data: "+strings.Repeat("x", 1000)+"\n"), "an event of more than 16777216 bytes", 17 * mega},
	{"tokens without end", repeats("HTTP/1.1 200 OK\r\n\r\n", event("a")), "bytes for 10 tokens", 18 * mega},
	{"comments without end", repeats("HTTP/1.1 200 OK\r\n\r\n", ": \n"), "bytes for 10 tokens", 18 * mega},
	{"an error without end", repeats("HTTP/1.1 500 Oops\r\n\r\n", "no "), "status 500: no no no", mega},
	{"a document without end", repeats("HTTP/1.1 200 OK\r\n\r\n<", "p>"), "instead of a stream: <p>p>", mega},
	{"trailers without end", repeats(streamed+tokens+packet(over)+"0\r\n", "X: y\r\n"), "", mega},
	{"extensions of chunks without end", repeats(streamed+"4;", "x"), "line too long", mega},
	{"more after the end, without end", repeats(streamed+tokens+packet(over), packet("x")), "", mega},

	{"usage of zero", streams(event("a") + `data: {"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0}}` + "\n\n" + over), "", 0},
	{"negative usage", streams(event("a") + `data: {"choices":[],"usage":{"prompt_tokens":-5,"completion_tokens":-7,"prompt_tokens_details":{"cached_tokens":-9}}}` + "\n\n" + over), "", 0},
	{"huge usage", streams(event("a") + `data: {"choices":[],"usage":{"prompt_tokens":999999999999999999,"completion_tokens":999999999999999999}}` + "\n\n" + over), "usage of 999999999999999999 tokens", 0},
	{"usage beyond 64 bits", streams(event("a") + `data: {"choices":[],"usage":{"completion_tokens":1e30}}` + "\n\n" + over), "malformed chunk", 0},
	{"usage in words", streams(event("a") + `data: {"choices":[],"usage":{"completion_tokens":"4"}}` + "\n\n" + over), "malformed chunk", 0},
	{"no usage", streams(event("a") + over), "", 0},

	{"invalid UTF-8", streams("data: {\"choices\":[{\"text\":\"\xff\xfe\"}]}\n\n" + over), "", 0},
	{"lines that end in CRLF", streams(strings.ReplaceAll(event("a")+over, "\n", "\r\n")), "", 0},
	{"lines that end in CR", streams(strings.ReplaceAll(event("a")+over, "\n", "\r")), "the stream was cut", 0},
	{"comments, several lines of data, a byte order mark", streams("\xef\xbb\xbf: x\ndata: {\"choices\":\ndata: [{\"text\":\"a\"}]}\n\n" + over), "", 0},
	{"each chunk twice", streams(event("a") + event("a") + over), "", 0},
	{"two choices", streams(`data: {"choices":[{"index":0,"text":"a"},{"index":1,"text":"b"}]}` + "\n\n" + over), "", 0},
	{"another choice than the first", streams(`data: {"choices":[{"index":7,"text":"a"}]}` + "\n\n" + over), "", 0},
	{"tokens after the end", streams(`data: {"choices":[{"text":"a","finish_reason":"stop"}]}` + "\n\n" + event("b") + over), "", 0},

	{"an unsolicited response, at once", keeps(whole + forged), "", 0},
	{"a second response after an empty one", keeps("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + whole), "the stream ended without [DONE]", 0},
}

const forged = "HTTP/1.1 500 Oops\r\nContent-Length: 6\r\n\r\nforged"

// The engine attacks one request in four, or one in eighty if an attack takes long.
// An attack fails its own request with a matching error, or no request at all; all
// others succeed, the ledger closes, and the client reads no more than it allows.
func TestHostileEngine(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a load for every attack")
	}
	for _, test := range attacks {
		t.Run(test.why, func(t *testing.T) {
			engine := &hostile{attack: test.attack, every: 4}
			if test.most > 2*mega {
				engine.every = 80
			}
			bench := steadyHarness(&steady{seed: 1})
			bench.Args = append(strings.Fields("--time 3 --stall-timeout 2 --timeout 10"), bench.Args...)
			bench.ServeConn = engine.serve
			out := bench.Run(t)
			if out.Err != nil || out.Elapsed > 20*time.Second {
				t.Fatalf("after %v: %v\n%s", out.Elapsed, out.Err, out.Stderr)
			}
			failed, others, again := countRows(t, &out, test.want)
			want := int(engine.attacked.Load()) - again
			if test.want == "" {
				want = 0
			}
			if failed != want || others == 0 {
				t.Errorf("%d requests failed, want %d", failed, want)
			}
			if taken := engine.taken.Load(); test.most > 0 && taken > test.most {
				t.Errorf("took %d bytes of one answer, want %d at most", taken, test.most)
			}
			checkLedger(t, &out, failed+others)
			if strings.Contains(out.Stderr, "panic") {
				t.Error(out.Stderr)
			}
		})
	}
}

// These attacks need a real socket: a reset, and an unsolicited response on an idle
// connection. Whether the client sees it before it reuses the connection is a race;
// either way it must not be taken for the response to the next request.
func TestHostileSockets(t *testing.T) {
	tests := []struct {
		why    string
		attack func(*attack)
		want   string
	}{
		{"a reset in place of an answer", reset(""), "connection reset by peer"},
		{"a reset within a stream", reset(streamed + tokens), "connection reset by peer"},
		{"an unsolicited response", func(a *attack) {
			a.say(whole)
			for a.say(forged) { // until the client notices
				time.Sleep(time.Millisecond)
			}
		}, ""},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			engine := &hostile{attack: test.attack, every: 4}
			served := make(chan struct{})
			go func() {
				defer close(served)
				accept(listener, engine.serve)
			}()
			out := onSockets(t, listener.Addr().String())
			listener.Close()
			<-served
			if out.Err != nil {
				t.Fatalf("%v\n%s", out.Err, out.Stderr)
			}
			failed, others, again := countRows(t, &out, test.want)
			want := int(engine.attacked.Load()) - again
			if test.want == "" {
				want = 0
			}
			if failed != want || others == 0 {
				t.Errorf("%d requests failed, want %d", failed, want)
			}
			checkLedger(t, &out, failed+others)
		})
	}
}

// reset returns an attack that ends by resetting the connection.
func reset(text string) func(*attack) {
	return func(a *attack) {
		a.say(text)
		a.conn.(*net.TCPConn).SetLinger(0)
	}
}

// onSockets runs half a second of the steady load against a real address.
func onSockets(t *testing.T, address string) Outcome {
	t.Helper()
	bench := Harness{Root: t.TempDir()}
	out := Outcome{Root: bench.Root}
	bench.fakePrograms(t)
	args := append(strings.Fields("--time 0.5 --stall-timeout 60 sim http://"+address+" key suite 0 spec.yaml session"), "40")
	var stdout, stderr synchronized
	out.Err = runner.Run(t.Context(), (&steady{seed: 1}).workload(), runner.Env{
		Args: args, Stdout: &stdout, Stderr: &stderr, Getenv: func(string) string { return "" }, Root: func() (string, error) { return bench.Root, nil }, Run: bench.exec,
	})
	out.Stdout, out.Stderr = stdout.String(), stderr.String()
	return out
}

// countRows counts the rows that failed with the expected error and those that
// succeeded; any other error fails the test. again counts the requests that were sent
// a second time because the engine had closed their idle connection.
func countRows(t *testing.T, out *Outcome, said string) (failed, others, again int) {
	t.Helper()
	for row, err := range record.Read(strings.NewReader(out.Read(t, "4-latest-results/key_steady_output_40.csv"))) {
		again += max(0, row.Attempts-1)
		switch {
		case err != nil:
			t.Fatal(err)
		case row.Error == "":
			others++
		case said != "" && strings.Contains(row.Error, said):
			failed++
		default:
			t.Fatalf("user %d: %s", row.UserID, row.Error)
		}
	}
	return failed, others, again
}

// checkLedger tests that every planned request is accounted for.
func checkLedger(t *testing.T, out *Outcome, rows int) {
	t.Helper()
	var result struct {
		Results struct {
			Ledger struct{ Planned, OK, Failed, Missing int }
		}
	}
	if err := json.Unmarshal([]byte(last(t, out)), &result); err != nil {
		t.Fatal(err)
	}
	if l := result.Results.Ledger; l.Missing != 0 || l.OK+l.Failed != rows || l.Planned != rows {
		t.Errorf("ledger %+v of %d rows", l, rows)
	}
}
