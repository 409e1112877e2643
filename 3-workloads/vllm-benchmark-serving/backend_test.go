package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/test/workloadtest"
)

// sent is a request as the engine receives it.
type sent struct {
	path, body, user, authorization, token string
}

// recorder is an engine that records the requests it receives.
type recorder struct {
	mu     sync.Mutex
	sent   []sent
	answer func(w http.ResponseWriter)
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	if request.Method == http.MethodPost {
		r.mu.Lock()
		h := request.Header
		r.sent = append(r.sent, sent{request.URL.Path, string(body), h.Get("X-User-Id"), h.Get("Authorization"), h.Get("X-Token")})
		r.mu.Unlock()
	}
	r.answer(w)
}

// events returns an answer that sends each event after 10 ms.
func events(list ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, event := range list {
			time.Sleep(10 * time.Millisecond) // virtual
			fmt.Fprintf(w, "data:%s\n\n", event)
			http.NewResponseController(w).Flush()
		}
	}
}

func openAI(text string) func(http.ResponseWriter) {
	return events(`{"choices":[{`+text+`}]}`, `{"choices":[{`+text+`}]}`, `{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}}`, " [DONE]")
}

func TestRequestsOfBackends(t *testing.T) {
	completion := openAI(`"text":"a b"`)
	whole := func(w http.ResponseWriter) {
		time.Sleep(40 * time.Millisecond) // virtual
		io.WriteString(w, `{"text":["a b c"]}`)
	}
	tests := []struct {
		backend, flags string
		answer         func(http.ResponseWriter)
		path, body     string // P stands for the prompt
		ttft, e2el     string // in the CSV
	}{
		{"vllm", "", completion, "/v1/completions",
			`{"model":"sim","prompt":"P","temperature":0.0,"repetition_penalty":1.0,"max_tokens":4,"logprobs":null,"stream":true,"stream_options":{"include_usage":true}}`, "0.01", "0.02"},
		{"sglang", "--temperature 0.5 --top-p 0.9 --top-k 40 --min-p 0.1 --ignore-eos --logprobs 2", completion, "/v1/completions",
			`{"model":"sim","prompt":"P","temperature":0.5,"repetition_penalty":1.0,"max_tokens":4,"logprobs":2,"stream":true,"stream_options":{"include_usage":true},"ignore_eos":true,"top_p":0.9,"top_k":40,"min_p":0.1}`, "0.01", "0.02"},
		{"llama.cpp", "", completion, "/v1/completions",
			`{"model":"sim","prompt":"P","temperature":0.0,"repetition_penalty":1.0,"max_tokens":4,"logprobs":null,"stream":true,"stream_options":{"include_usage":true},"cache_prompt":false}`, "0.01", "0.02"},
		{"openai-chat", "--served-model-name other", openAI(`"delta":{"content":"a"}`), "/v1/chat/completions",
			`{"model":"other","messages":[{"role":"user","content":[{"type":"text","text":"P"}]}],"temperature":0.0,"max_completion_tokens":4,"stream":true,"stream_options":{"include_usage":true}}`, "0.01", "0.02"},
		{"lmdeploy", "--endpoint /proxy/v1/completions", completion, "/proxy/v1/completions",
			`{"model":"sim","prompt":"P","temperature":0.0,"repetition_penalty":1.0,"max_tokens":4,"logprobs":null,"stream":true,"stream_options":{"include_usage":true}}`, "0.01", "0.02"},
		{"tgi", "", events(`{"token":{"text":"a"},"generated_text":null}`, `{"token":{"text":" b"},"generated_text":null}`, `{"token":{"text":" c"},"generated_text":"a b c"}`), "/generate_stream",
			`{"inputs":"P","parameters":{"max_new_tokens":4,"do_sample":true,"temperature":0.01,"top_p":0.99,"truncate":6,"ignore_eos_token":false}}`, "0.01", "0.03"},
		{"tensorrt-llm", "--ignore-eos", events(`{"text_output":"a"}`, `{"text_output":" b c"}`), "/v2/models/ensemble/generate_stream",
			`{"accumulate_tokens":true,"text_input":"P","temperature":0.0,"top_p":1.0,"max_tokens":4,"stream":true,"min_length":4}`, "0.01", "0.02"},
		{"deepspeed-mii", "", whole, "/v1/completions",
			`{"model":"sim","prompt":"P","max_tokens":4,"temperature":0.01,"top_p":1.0}`, "0", "0.04"},
	}
	for _, test := range tests {
		r := &recorder{answer: test.answer}
		args := positional(test.backend, "random", "", "2", "1", append(strings.Fields(test.flags), "--random-input-len", "6", "--random-output-len", "4")...)
		out := run(t, workloadtest.Harness{Handler: r}, args)
		if out.Err != nil || len(r.sent) != 3 {
			t.Errorf("%s: %v, %d requests\n%s", test.backend, out.Err, len(r.sent), out.Stderr)
			continue
		}
		var prompt string
		var parsed map[string]any
		if err := json.Unmarshal([]byte(r.sent[1].body), &parsed); err != nil {
			t.Errorf("%s: %v in %s", test.backend, err, r.sent[1].body)
		}
		for _, key := range []string{"prompt", "inputs", "text_input"} {
			if text, ok := parsed[key].(string); ok {
				prompt = text
			}
		}
		if messages, ok := parsed["messages"].([]any); ok {
			prompt = messages[0].(map[string]any)["content"].([]any)[0].(map[string]any)["text"].(string)
		}
		if len(strings.Fields(prompt)) != 6 {
			t.Errorf("%s: prompt %q, want 6 words", test.backend, prompt)
		}
		if diff := cmp.Diff(test.body, strings.Replace(r.sent[1].body, prompt, "P", 1)); diff != "" || r.sent[1].path != test.path {
			t.Errorf("%s: POST %s (-want +got)\n%s", test.backend, r.sent[1].path, diff)
		}
		requests := out.Read(t, out.Files(t, "4-latest-results/*_requests.csv")[0])
		row := strings.Split(strings.Split(requests, "\n")[1], ",")
		if row[17] != test.ttft || row[19] != test.e2el {
			t.Errorf("%s: vllm_ttft %s, vllm_e2el %s, want %s and %s", test.backend, row[17], row[19], test.ttft, test.e2el)
		}
	}
}

func TestRequestHeaders(t *testing.T) {
	tests := []struct {
		why   string
		flags []string
		want  sent // of the second request of the load; path and body are not compared
	}{
		{"the user id, which the original script never sends (D102)", nil, sent{user: "1", authorization: "Bearer vllm_xxxxxxxxxxxxx"}},
		{"without a user id", []string{"--request-with-user-id=false"}, sent{authorization: "Bearer vllm_xxxxxxxxxxxxx"}},
		{"headers of --header", []string{"--header", "x-token=abc", "--api-key", "k", "--init-user-id", "500"}, sent{user: "501", authorization: "Bearer k", token: "abc"}},
	}
	for _, test := range tests {
		r := &recorder{answer: openAI(`"text":"a"`)}
		out := run(t, workloadtest.Harness{Handler: r}, positional("vllm", "random", "", "3", "1", test.flags...))
		if out.Err != nil || len(r.sent) != 4 {
			t.Errorf("%s: %v", test.why, out.Err)
			continue
		}
		got := r.sent[2]
		got.path, got.body = "", ""
		if got != test.want {
			t.Errorf("%s: %+v, want %+v", test.why, got, test.want)
		}
	}
}

func TestTheTestRequest(t *testing.T) {
	for test, want := range map[string]int{"first": 4, "other": 4, "none": 3} {
		r := &recorder{answer: openAI(`"text":"a"`)}
		out := run(t, workloadtest.Harness{Handler: r}, positional("vllm", "random", "", "3", "1", "--test-request", test))
		if out.Err != nil || len(r.sent) != want {
			t.Errorf("%s: %v, %d requests, want %d", test, out.Err, len(r.sent), want)
			continue
		}
		if same := r.sent[0].body == r.sent[1].body; same != (test == "first") {
			t.Errorf("%s: the test request equals the first request: %v", test, same)
		}
	}
}

// The expected modules are those that Python's random.choice draws with seed 0.
func TestLoRAModules(t *testing.T) {
	r := &recorder{answer: openAI(`"text":"a"`)}
	out := run(t, workloadtest.Harness{Handler: r}, positional("vllm", "random", "", "6", "10", "--lora-modules", "a", "b", "c", "d", "e", "f", "g"))
	var got []string
	for _, one := range r.sent[1:] {
		var body struct{ Model string }
		_ = json.Unmarshal([]byte(one.body), &body)
		got = append(got, body.Model)
	}
	if diff := cmp.Diff(strings.Fields("g d g d a c"), got); diff != "" || out.Err != nil {
		t.Errorf("%v (-want +got)\n%s", out.Err, diff)
	}
}

func TestFailuresOfOtherAPIs(t *testing.T) {
	tests := []struct{ backend, event, want string }{
		{"tgi", `{"error":"overloaded","error_type":"overloaded"}`, "overloaded"},
		{"tgi", `{"token":{"text":"a"},"generated_text":null}`, "without generated_text"},
		{"tensorrt-llm", `{"error":"no model"}`, "no model"},
		{"tensorrt-llm", `nonsense`, "malformed chunk"},
		{"deepspeed-mii", `nonsense`, "malformed answer"},
	}
	for _, test := range tests {
		out := run(t, workloadtest.Harness{Handler: &recorder{answer: events(test.event)}}, positional(test.backend, "random", "", "2", "1"))
		if out.Code != 1 || !strings.Contains(out.Stderr, test.want) {
			t.Errorf("%s: exit code %d, want 1 and %q in\n%s", test.backend, out.Code, test.want, out.Stderr)
		}
	}
}
