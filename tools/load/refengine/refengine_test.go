package refengine

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/test/pipe"
)

// client starts an engine and returns it with a client that is connected by a pipe.
func client(t *testing.T, config Config) (*Engine, *openai.Client) {
	t.Helper()
	engine, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	listener := pipe.Listen()
	go engine.Serve(listener)
	c, err := openai.New(openai.Config{BaseURL: "http://localhost:1", Dial: listener.Dial})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	t.Cleanup(engine.Close)
	return engine, c
}

func TestLogMatchesClient(t *testing.T) {
	conversation := []chat.Message{{Role: chat.User, Content: chat.Text{"hi"}}}
	long := chat.Text{strings.Repeat("long ", 100_000)}
	for name, request := range map[string]openai.Request{
		"completions":                      {Prompt: chat.Text{"hi"}},
		"chat":                             {Messages: conversation},
		"a prompt larger than all buffers": {Prompt: long},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				engine, c := client(t, Config{First: 30 * time.Millisecond, Gap: 7 * time.Millisecond, Chunks: 4, Size: 3})
				request.UserID = "7"
				for range 2 { // on the same connection
					reply, err := c.Stream(t.Context(), request)
					if err != nil {
						t.Fatal(err)
					}
					if want := " aa aa aa aa"; reply.Text != want || reply.FinishReason != "length" || reply.Usage.Completion != 4 {
						t.Errorf("reply %q, %q, %+v; want four chunks of 3 bytes", reply.Text, reply.FinishReason, reply.Usage)
					}
					entries := engine.Log()
					if len(entries) != 1 || entries[0].User != "7" {
						t.Fatalf("log %+v, want one entry of user 7", entries)
					}
					launch := reply.Launch.Sub(engine.Started)
					var received []time.Duration
					for _, chunk := range reply.Chunks {
						received = append(received, launch+chunk)
					}
					if diff := cmp.Diff(entries[0].Written, received); diff != "" {
						t.Errorf("chunk times (-engine +client):\n%s", diff)
					}
					if want := entries[0].Read + 30*time.Millisecond + 3*7*time.Millisecond; received[3] != want {
						t.Errorf("the last chunk came at %v, want %v", received[3], want)
					}
				}
				if entries := engine.Log(); len(entries) > 0 {
					t.Errorf("entries returned twice: %v", entries)
				}
			})
		})
	}
}

func TestConcurrentStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine, c := client(t, Config{First: 10 * time.Millisecond, Gap: 4 * time.Millisecond, Chunks: 5})
		ended := make(chan error)
		for i := range 3 {
			go func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				_, err := c.Stream(t.Context(), openai.Request{Prompt: chat.Text{"hi"}})
				ended <- err
			}()
		}
		for range 3 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		for i, entry := range engine.Log() {
			for k, at := range entry.Written {
				if want := time.Duration(i+10+4*k) * time.Millisecond; at != want {
					t.Errorf("chunk %d of stream %d was written at %v, want %v", k, i, at, want)
				}
			}
		}
	})
}

func TestLogOfClosedConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine, c := client(t, Config{First: time.Second, Gap: time.Second, Chunks: 10})
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		if _, err := c.Stream(ctx, openai.Request{Prompt: chat.Text{"hi"}}); err == nil {
			t.Fatal("no error although the client gave up")
		}
		time.Sleep(time.Minute)
		if entries := engine.Log(); len(entries) != 1 || len(entries[0].Written) != 3 { // the third was written, but not received
			t.Errorf("log %v, want one entry with three chunks", entries)
		}
	})
}

// This test uses real sockets and real time.
func TestServesHTTP(t *testing.T) {
	for name, test := range map[string]struct {
		whole        bool
		method, path string
		status       int
		want         string // in the answer
	}{
		"one document":           {true, "POST", "/v1/completions", 200, `"text":" a a"`},
		"one document of a chat": {true, "POST", "/v1/chat/completions", 200, `"message":{"role":"assistant","content":" a a"}`},
		"a stream":               {false, "POST", "/v1/completions", 200, "data: [DONE]"},
		"models":                 {false, "GET", "/v1/models", 200, `"id":"reference"`},
		"anything else":          {false, "POST", "/tokenize", 404, ""},
	} {
		t.Run(name, func(t *testing.T) {
			engine, err := New(Config{Chunks: 2, Size: 2, Whole: test.whole, Precise: true})
			if err != nil {
				t.Fatal(err)
			}
			defer engine.Close()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			served := make(chan error)
			go func() { served <- engine.Serve(listener) }()
			request, err := http.NewRequest(test.method, "http://"+listener.Addr().String()+test.path, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			response, err := new(http.Transport).RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			text, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != test.status || !strings.Contains(string(text), test.want) {
				t.Errorf("%v, status %d: %s", err, response.StatusCode, text)
			}
			engine.Close()
			if err := <-served; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestInvalidConfig(t *testing.T) {
	for name, config := range map[string]Config{
		"negative time to the first chunk": {First: -1},
		"negative time between chunks":     {Gap: -1},
		"negative number of chunks":        {Chunks: -1},
		"negative size":                    {Size: -1},
	} {
		if _, err := New(config); err == nil {
			t.Errorf("no error for a %s", name)
		}
	}
}
