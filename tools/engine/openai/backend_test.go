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

// custom is an API with answers of another and requests of its own, as vLLM's benchmark
// has many.
type custom struct{ Backend }

func (custom) Path() string { return "/generate" }

func (custom) Body(r *Request) Body {
	return Body{{`{"inputs":"`, r.Prompt, r.Plain}, {JSON: `","n":1}`}}
}

func TestBackends(t *testing.T) { forEachTransport(t, testBackends) }

func testBackends(t *testing.T, transport string) {
	tests := []struct {
		why     string
		backend Backend
		answer  string
		text    string
		events  int
		usage   int
		fails   string
	}{
		{"OpenAI's events, one without text", Completions(), `data: {"choices":[{"text":"a"}]}` + "\n\n" + `data: {"choices":[{"text":""}]}` + "\n\n" + `data: {"choices":[],"usage":{"completion_tokens":2}}` + "\n\ndata: [DONE]\n\n", "a", 2, 2, ""},
		{"vLLM's client takes an answer without text", Completions(), `data: {"choices":[{"text":""}]}` + "\n\ndata: [DONE]\n\n", "", 1, 0, ""},
		{"but not one without an event", Completions(), "data: [DONE]\n\n", "", 0, 0, "the answer is empty"},
		{"Text Generation Inference", TGI(), `data:{"token":{"text":"a"}}` + "\n\n" + `data:{"token":{"text":" b"},"generated_text":"a b","details":{"finish_reason":"length","generated_tokens":2}}` + "\n\n", "a b", 2, 2, ""},
		{"a ping between", TGI(), ":\n\n" + `data:{"token":{"text":"a"},"generated_text":"a"}` + "\n\n", "a", 1, 0, ""},
		{"its end is missing", TGI(), `data:{"token":{"text":"a"}}` + "\n\n", "", 0, 0, "without generated_text"},
		{"its failure", TGI(), `data:{"error":"out of memory","error_type":"generation"}` + "\n\n", "", 0, 0, "out of memory"},
		{"TensorRT-LLM", Triton(), `data: {"text_output":"a"}` + "\n\n" + `data: {"text_output":"b"}` + "\n\n", "ab", 2, 0, ""},
		{"TensorRT-LLM says nothing", Triton(), ":\n\n", "", 0, 0, "empty"},
		{"a document in place of a stream", Triton(), `{"error":"no such model"}`, "", 0, 0, "no such model"},
		{"a whole answer", NonStreaming(), `{"choices":[{"text":"a b"}],"usage":{"completion_tokens":2}}`, "a b", 0, 2, ""},
		{"DeepSpeed-MII's", NonStreaming(), `{"text":["a b"]}`, "a b", 0, 0, ""},
		{"neither", NonStreaming(), `{}`, "", 0, 0, "neither choices nor text"},
		{"its failure", NonStreaming(), `{"error":{"message":"too long"}}`, "", 0, 0, "too long"},
		{"not a document", NonStreaming(), `x`, "", 0, 0, "malformed answer"},
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
		reply, err := c.Stream(t.Context(), Request{
			Backend: custom{test.backend}, Prompt: chat.Text{`say "`, `hi"`}, Header: map[string]string{"X-Mine": "7"}, Events: true,
		})
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

func TestBackendBodies(t *testing.T) {
	request := Request{Model: "m", Prompt: chat.Text{"say ", `"hi"`}, PromptTokens: 3, MaxTokens: 20, IgnoreEOS: true}
	tests := []struct {
		backend    Backend
		path, body string
	}{
		{TGI(), "/generate_stream", `{"inputs":"say \"hi\"","parameters":{"max_new_tokens":20,"do_sample":true,"temperature":0.01,"top_p":0.99,"truncate":3,"ignore_eos_token":true}}`},
		{Triton(), "/v2/models/ensemble/generate_stream", `{"accumulate_tokens":true,"text_input":"say \"hi\"","temperature":0.0,"top_p":1.0,"max_tokens":20,"stream":true,"min_length":20}`},
		{NonStreaming(), "/v1/completions", `{"model":"m","prompt":"say \"hi\"","max_tokens":20}`},
	}
	for _, test := range tests {
		request.Backend = test.backend
		method, path, body := request.Wire()
		got, err := io.ReadAll(body)
		if method != "POST" || path != test.path || string(got) != test.body || err != nil {
			t.Errorf("%s %s %s %v, want POST %s %s", method, path, got, err, test.path, test.body)
		}
	}
}

// Every name that users may choose is the one of its API.
func TestBackendOf(t *testing.T) {
	for _, b := range Backends() {
		if got := BackendOf(b.Name); got != b.Backend {
			t.Errorf("%s is %T, want %T", b.Name, got, b.Backend)
		}
	}
}
