package openai_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/engine/openai"
)

func ExampleClient_Stream() {
	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, text := range []string{"Hello", " world"} {
			fmt.Fprintf(w, "data: {\"choices\":[{\"text\":%q}]}\n\n", text)
			w.(http.Flusher).Flush()
		}
		io.WriteString(w, `data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}`+"\n\ndata: [DONE]\n\n")
	}))
	defer engine.Close()

	client, err := openai.New(openai.Config{BaseURL: engine.URL})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	reply, err := client.Stream(context.Background(), openai.Request{Model: "m", Prompt: chat.Text{"Say hello."}, MaxTokens: 16})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(reply.Text)
	fmt.Println(len(reply.Chunks), "chunks,", reply.Usage.Completion, "tokens")
	fmt.Println("in order:", reply.Written < reply.FirstToken && reply.FirstToken <= reply.Finish)
	// Output:
	// Hello world
	// 2 chunks, 2 tokens
	// in order: true
}
