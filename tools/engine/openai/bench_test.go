package openai

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/data/chat"
)

var quiet = log.New(io.Discard, "", 0)

const vllmChunk = `{"id":"cmpl-0123456789abcdef","object":"text_completion","created":1700000000,"model":"meta-llama/Llama-3.1-8B-Instruct","choices":[{"index":0,"text":" hello","logprobs":null,"finish_reason":null,"stop_reason":null}],"usage":null}`

func BenchmarkChunk(b *testing.B) {
	x := &call{backend: Completions(), deadline: newDeadline(b.Context(), &Config{})}
	data := []byte(vllmChunk)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		x.text.take()
		x.reply.Chunks = x.reply.Chunks[:0]
		if err := x.take(data); err != nil {
			b.Fatal(err)
		}
	}
}

// One stream over loopback, both ends counted.
func BenchmarkStream(b *testing.B) {
	for _, chunks := range []int{1, 100} {
		for _, transport := range []string{HTTP1, NetHTTP} {
			b.Run(fmt.Sprintf("%d chunks by %s", chunks, strings.ReplaceAll(transport, "/", "_")), func(b *testing.B) {
				stream := strings.Repeat("data: "+vllmChunk+"\n\n", chunks) + done
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					io.Copy(io.Discard, r.Body)
					io.WriteString(w, stream)
				}))
				defer server.Close()
				c, err := New(Config{BaseURL: server.URL, Transport: transport})
				if err != nil {
					b.Fatal(err)
				}
				defer c.Close()
				request := Request{Model: "m", Prompt: chat.Text{strings.Repeat("hi ", 2000)}, MaxTokens: chunks}
				b.ReportAllocs()
				for b.Loop() {
					if reply, err := c.Stream(b.Context(), request); err != nil || len(reply.Chunks) != chunks {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
