package openai

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/LMCache/LMBench/tools/data/chat"
)

func TestCalls(t *testing.T) { forEachTransport(t, testCalls) }

func testCalls(t *testing.T, transport string) {
	tests := []struct {
		why    string
		form   Answer
		answer string
		text   string
		events int
		usage  int
		fails  string
	}{
		{"OpenAI's events, one without text", Choices, `data: {"choices":[{"text":"a"}]}` + "\n\n" + `data: {"choices":[{"text":""}]}` + "\n\n" + `data: {"choices":[],"usage":{"completion_tokens":2}}` + "\n\ndata: [DONE]\n\n", "a", 2, 2, ""},
		{"vLLM's client takes an answer without text", Choices, `data: {"choices":[{"text":""}]}` + "\n\ndata: [DONE]\n\n", "", 1, 0, ""},
		{"but none at all is none", Choices, "data: [DONE]\n\n", "", 0, 0, "the answer is empty"},
		{"Text Generation Inference", Generated, `data:{"token":{"text":"a"}}` + "\n\n" + `data:{"token":{"text":" b"},"generated_text":"a b","details":{"finish_reason":"length","generated_tokens":2}}` + "\n\n", "a b", 2, 2, ""},
		{"a ping between", Generated, ":\n\n" + `data:{"token":{"text":"a"},"generated_text":"a"}` + "\n\n", "a", 1, 0, ""},
		{"its end is missing", Generated, `data:{"token":{"text":"a"}}` + "\n\n", "", 0, 0, "without generated_text"},
		{"its failure", Generated, `data:{"error":"out of memory","error_type":"generation"}` + "\n\n", "", 0, 0, "out of memory"},
		{"TensorRT-LLM", Triton, `data: {"text_output":"a"}` + "\n\n" + `data: {"text_output":"b"}` + "\n\n", "ab", 2, 0, ""},
		{"TensorRT-LLM says nothing", Triton, ":\n\n", "", 0, 0, "empty"},
		{"a document in place of a stream", Triton, `{"error":"no such model"}`, "", 0, 0, "no such model"},
		{"a whole answer", Whole, `{"choices":[{"text":"a b"}],"usage":{"completion_tokens":2}}`, "a b", 0, 2, ""},
		{"DeepSpeed-MII's", Whole, `{"text":["a b"]}`, "a b", 0, 0, ""},
		{"neither", Whole, `{}`, "", 0, 0, "neither choices nor text"},
		{"its failure", Whole, `{"error":{"message":"too long"}}`, "", 0, 0, "too long"},
		{"no document", Whole, `x`, "", 0, 0, "malformed answer"},
	}
	for _, test := range tests {
		var path, body, header string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			data, _ := io.ReadAll(r.Body)
			path, body, header = r.URL.Path, string(data), r.Header.Get("X-Mine")
			fmt.Fprint(w, test.answer)
		}))
		c, err := New(Config{Transport: transport, BaseURL: server.URL + "/v1"})
		if err != nil {
			t.Fatal(err)
		}
		reply, err := c.Stream(t.Context(), Request{Prompt: chat.Text{`say "`, `hi"`}, Call: &Call{
			Path: "/generate", Before: `{"inputs":"`, After: `","n":1}`, Header: map[string]string{"X-Mine": "7"}, Answer: test.form,
		}})
		c.Close()
		server.Close()
		if path != "/generate" || body != `{"inputs":"say \"hi\"","n":1}` || header != "7" {
			t.Errorf("%s: POST %s %s, header %q", test.why, path, body, header)
		}
		if test.fails != "" {
			if err == nil || !strings.Contains(err.Error(), test.fails) {
				t.Errorf("%s: error %v, want one with %q", test.why, err, test.fails)
			}
			continue
		}
		if err != nil || reply.Text != test.text || len(reply.Events) != test.events || reply.Usage.Completion != test.usage || reply.Finish == 0 {
			t.Errorf("%s: %v, %+v", test.why, err, reply)
		}
	}
}
