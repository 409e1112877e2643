package simengine

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// answerBody is an answer as one JSON document, to a completion or a chat.
type answerBody struct {
	Object  string
	Choices []struct {
		Text         string
		Message      struct{ Role, Content string }
		FinishReason string `json:"finish_reason"`
	}
	Usage struct {
		PromptTokens        int `json:"prompt_tokens"`
		TotalTokens         int `json:"total_tokens"`
		CompletionTokens    int `json:"completion_tokens"`
		PromptTokensDetails struct {
			CachedTokens int `json:"cached_tokens"`
		} `json:"prompt_tokens_details"`
	}
}

func decodeAnswer(t testing.TB, got reply) (decoded answerBody) {
	t.Helper()
	if got.Err != nil || got.Status != http.StatusOK {
		t.Fatalf("status %d, %v: %s", got.Status, got.Err, got.Body)
	}
	if err := json.Unmarshal([]byte(got.Body), &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

// In a synctest bubble the clock starts at 946684800 s, 2000-01-01.
func TestStreamedAnswers(t *testing.T) {
	const tail = `"logprobs":null,"finish_reason":null,"stop_reason":null}]}`
	for _, test := range []struct {
		path, body string
		want       []string
	}{
		{
			"/v1/completions", `{"model":"m","prompt":"hi hi","max_tokens":2,"stream":true,"stream_options":{"include_usage":true}}`,
			[]string{
				`{"id":"cmpl-1","object":"text_completion","created":946684800,"model":"m","choices":[{"index":0,"text":" have",` + tail,
				`{"id":"cmpl-1","object":"text_completion","created":946684800,"model":"m","choices":[{"index":0,"text":" at","logprobs":null,"finish_reason":"length","stop_reason":null}]}`,
				`{"id":"cmpl-1","object":"text_completion","created":946684800,"model":"m","choices":[],"usage":{"prompt_tokens":2,"total_tokens":4,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":0}}}`,
				`[DONE]`,
			},
		},
		{
			"/v1/chat/completions", `{"model":"\"q\"","messages":[{"role":"user","content":"hi"}],"max_completion_tokens":2,"stream":true}`,
			[]string{
				`{"id":"chatcmpl-1","object":"chat.completion.chunk","created":946684800,"model":"\"q\"","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}`,
				`{"id":"chatcmpl-1","object":"chat.completion.chunk","created":946684800,"model":"\"q\"","choices":[{"index":0,"delta":{"content":" people"},` + tail,
				`{"id":"chatcmpl-1","object":"chat.completion.chunk","created":946684800,"model":"\"q\"","choices":[{"index":0,"delta":{"content":" some"},"logprobs":null,"finish_reason":"length","stop_reason":null}]}`,
				`[DONE]`,
			},
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, client := start(t, Config{ITL: millisecond})
			got := post(client, test.path, test.body)
			var events []string
			for _, event := range got.Events {
				events = append(events, event.Data)
			}
			if diff := cmp.Diff(test.want, events); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.path, diff)
			}
			if got.Headers != 0 || got.Events[1].At != 0 && test.path == "/v1/chat/completions" {
				t.Errorf("%s: role after %v, first token after %v, want both at 0s", test.path, got.Headers, got.Events[1].At)
			}
			if kind := got.Header.Get("Content-Type"); kind != "text/event-stream; charset=utf-8" {
				t.Errorf("%s: content type %q", test.path, kind)
			}
		})
	}
}

func TestJSONAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client := start(t, Config{BaseTTFT: 100 * millisecond, ITL: 10 * millisecond})
		for _, test := range []struct {
			path, body, want string
		}{
			{
				"/v1/completions", `{"model":"m","prompt":["hi hi"],"max_tokens":3}`,
				`{"id":"cmpl-1","object":"text_completion","created":946684800,"model":"m","choices":[{"index":0,"text":" have at than","logprobs":null,"finish_reason":"length","stop_reason":null}],"usage":{"prompt_tokens":2,"total_tokens":5,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":0}}}`,
			},
			{
				"/v1/chat/completions", `{"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":3}`,
				`{"id":"chatcmpl-2","object":"chat.completion","created":946684800,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":" people some first"},"logprobs":null,"finish_reason":"length","stop_reason":null}],"usage":{"prompt_tokens":14,"total_tokens":17,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":0}}}`,
			},
		} {
			got := post(client, test.path, test.body)
			if got.Body != test.want {
				t.Errorf("%s:\n got %s\nwant %s", test.path, got.Body, test.want)
			}
			if got.Headers != 120*millisecond {
				t.Errorf("%s: headers after %v, want 120ms, when the last token is due", test.path, got.Headers)
			}
		}
	})
}

func TestAnswerLength(t *testing.T) {
	config := Config{MaxModelLen: 100, ChatTokens: 50, StopAfter: 20}
	for _, test := range []struct {
		config     Config
		chat       bool
		parameters string
		tokens     int
		reason     string
		why        string
	}{
		{Config{}, false, ``, 16, "length", "default of completions"},
		{Config{}, true, ``, 256, "length", "default of chats"},
		{Config{MaxModelLen: 100, ChatTokens: 50}, true, ``, 50, "length", "configured default of chats"},
		{Config{MaxModelLen: 30, ChatTokens: 50}, true, ``, 16, "length", "the prompt of 14 tokens leaves 16 of 30"},
		{config, false, `,"max_tokens":21`, 20, "stop", "StopAfter is below the limit"},
		{config, false, `,"max_tokens":20`, 20, "stop", "StopAfter equals the limit"},
		{config, false, `,"max_tokens":19`, 19, "length", "the limit is below StopAfter"},
		{config, false, `,"max_tokens":30,"ignore_eos":true`, 30, "length", "ignore_eos disables StopAfter"},
		{config, true, `,"max_tokens":30,"max_completion_tokens":5`, 5, "length", "the newer name takes precedence"},
		{config, true, `,"max_tokens":30,"max_completion_tokens":null`, 20, "stop", "null sets no limit"},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, client := start(t, test.config)
			path, prompt := "/v1/completions", `"prompt":"hi"`
			if test.chat {
				path, prompt = "/v1/chat/completions", `"messages":[{"role":"user","content":"hi"}]`
			}
			got := decodeAnswer(t, post(client, path, `{`+prompt+test.parameters+`}`))
			if got.Usage.CompletionTokens != test.tokens || got.Choices[0].FinishReason != test.reason {
				t.Errorf("%s: %d tokens, %s; want %d, %s", test.why,
					got.Usage.CompletionTokens, got.Choices[0].FinishReason, test.tokens, test.reason)
			}
		})
	}
}

func TestPromptForms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client := start(t, Config{})
		for _, test := range []struct {
			path, body string
			want       int
			why        string
		}{
			{"/v1/completions", `{"prompt":"one two"}`, 2, "a string"},
			{"/v1/completions", `{"prompt":[ "one two three" ]}`, 3, "a list of one string"},
			{"/v1/completions", `{"prompt":[1, 2, 3, 4]}`, 4, "token ids"},
			{"/v1/chat/completions", `{"messages":[{"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":" two"}]}]}`, 15, "content parts"},
			{"/v1/chat/completions", `{"messages":[{"role":"user","content":null}]}`, 12, "null content; the two line ends in a row are one token"},
		} {
			got := decodeAnswer(t, post(client, test.path, test.body))
			if got.Usage.PromptTokens != test.want {
				t.Errorf("%s: %d tokens, want %d", test.why, got.Usage.PromptTokens, test.want)
			}
		}
	})
}

func TestInvalidRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client := start(t, Config{Models: []string{"m"}, MaxModelLen: 10})
		for _, test := range []struct {
			path, body string
			status     int
			want       string // type, param, message
		}{
			{"/v1/completion", `{}`, 404, `NotFoundError <nil> there is nothing at /v1/completion`},
			{"/health", `{}`, 405, `MethodNotAllowedError <nil> /health takes GET, not POST`},
			{"/v1/completions", `{"prompt"`, 400, `BadRequestError <nil> the body is not valid JSON: unexpected end of JSON input`},
			{"/v1/completions", `{"prompt":"a","max_tokens":"5"}`, 400, `BadRequestError max_tokens max_tokens: a JSON string does not belong here`},
			{"/v1/completions", `{"prompt":"a","model":"x"}`, 404, "NotFoundError model The model `x` does not exist."},
			{"/v1/completions", `{}`, 400, `BadRequestError prompt prompt: missing`},
			{"/v1/completions", `{"prompt":""}`, 400, `BadRequestError prompt prompt: empty`},
			{"/v1/completions", `{"prompt":[]}`, 400, `BadRequestError prompt prompt: empty`},
			{"/v1/completions", `{"prompt":["a","b"]}`, 400, `BadRequestError prompt prompt: 2 prompts in one request, the simulated engine takes one`},
			{"/v1/completions", `{"prompt":["a",1]}`, 400, `BadRequestError prompt prompt: a list must hold one string, or token ids`},
			{"/v1/completions", `{"prompt":[-1]}`, 400, `BadRequestError prompt prompt: neither a string, nor a list of one string, nor a list of token ids`},
			{"/v1/completions", `{"prompt":"a","max_tokens":0}`, 400, `BadRequestError max_tokens max_tokens: must be at least 1, got 0`},
			{"/v1/completions", `{"prompt":"a","n":2}`, 400, `BadRequestError n n: 2 answers asked for, the simulated engine gives one`},
			{"/v1/chat/completions", `{}`, 400, `BadRequestError messages messages: at least one is needed`},
			{"/v1/chat/completions", `{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}`, 400, `BadRequestError messages messages: a content part of type "image_url", the simulated engine reads only text`},
			{"/v1/completions", `{"prompt":"a b c d e","max_tokens":6}`, 400, `BadRequestError input_tokens This model's maximum context length is 10 tokens. However, you requested 6 output tokens and your prompt contains at least 5 input tokens, for a total of at least 11 tokens. Please reduce the length of the input prompt or the number of requested output tokens.`},
			{"/v1/chat/completions", `{"messages":[{"role":"user","content":"hi"}]}`, 400, `BadRequestError input_tokens This model's maximum context length is 10 tokens. However, you requested 1 output tokens and your prompt contains at least 14 input tokens, for a total of at least 15 tokens. Please reduce the length of the input prompt or the number of requested output tokens.`},
			{"/tokenize", `{"model":"m"}`, 400, `BadRequestError prompt one of prompt and messages is needed`},
		} {
			got := post(client, test.path, test.body)
			var body struct {
				Error struct {
					Message, Type string
					Param         *string
					Code          int
				}
			}
			if err := json.Unmarshal([]byte(got.Body), &body); err != nil {
				t.Errorf("%s %s: %v in %s", test.path, test.body, err, got.Body)
				continue
			}
			parameter := "<nil>"
			if body.Error.Param != nil {
				parameter = *body.Error.Param
			}
			said := fmt.Sprintf("%s %s %s", body.Error.Type, parameter, body.Error.Message)
			if got.Status != test.status || body.Error.Code != test.status || said != test.want {
				t.Errorf("%s %s:\n got %d %s\nwant %d %s", test.path, test.body, got.Status, said, test.status, test.want)
			}
		}
	})
}

func TestOtherEndpoints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client := start(t, Config{Models: []string{"m"}, MaxModelLen: 50})
		for _, test := range []struct{ path, want string }{
			{"/health", ""},
			{"/v1/models", `{"data":[{"id":"m","object":"model","created":946684800,"owned_by":"simengine","root":"m","parent":null,"max_model_len":50}],"object":"list"}` + "\n"},
		} {
			if got := get(t, client, test.path); got != test.want {
				t.Errorf("%s: %s, want %s", test.path, got, test.want)
			}
		}
		for _, test := range []struct{ body, want string }{
			{`{"prompt":"hi hi"}`, `{"count":2,"max_model_len":50,"tokens":[1038392541,257911203],"token_strs":null}`},
			{`{"prompt":""}`, `{"count":0,"max_model_len":50,"tokens":[],"token_strs":null}`},
			{`{"messages":[]}`, `{"count":6,"max_model_len":50,"tokens":[694293047,694280567,1533513039,694280567,694293933,694292369],"token_strs":null}`},
		} {
			if got := post(client, "/tokenize", test.body); got.Body != test.want+"\n" {
				t.Errorf("/tokenize %s: %s, want %s", test.body, got.Body, test.want)
			}
		}
	})
}

// A prompt of the ids that /tokenize returns finds the cached blocks of the text.
func TestTokenIDsHitCacheOfText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client := start(t, Config{CacheBlocks: 10, BlockSize: 1})
		post(client, "/v1/completions", `{"prompt":"hi hi hi"}`)
		got := decodeAnswer(t, post(client, "/v1/completions", `{"prompt":[1038392541,257911203,257911203]}`))
		if cached := got.Usage.PromptTokensDetails.CachedTokens; cached != 2 {
			t.Errorf("%d tokens cached, want 2", cached)
		}
	})
}

func TestRequestID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client := start(t, Config{})
		if got := post(client, "/v1/completions", `{"prompt":"hi"}`).Header.Get("X-Request-Id"); got != "cmpl-1" {
			t.Errorf("request id %q, want the id of the answer", got)
		}
		request, err := http.NewRequest("POST", base+"/v1/completions", strings.NewReader(`{"prompt":"hi"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Request-Id", "mine")
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if got := response.Header.Get("X-Request-Id"); got != "mine" {
			t.Errorf("request id %q, want the one that the client sent", got)
		}
	})
}

// This test gives the race detector something to do: many clients, a small batch,
// a small cache, faults and scrapes of the metrics.
func TestConcurrentRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine, client := start(t, Config{
			BaseTTFT: 10 * millisecond, ITL: millisecond, Jitter: 0.5, MaxBatch: 10, CacheBlocks: 20,
			Faults: Faults{FailEvery: 11, CutEvery: 13, ErrorEventEvery: 17, NoUsageEvery: 7},
		})
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() { post(client, "/v1/completions", completion(50, 20)) })
			all.Go(func() {
				post(client, "/v1/chat/completions", `{"messages":[{"role":"user","content":"hi"}],"max_tokens":20}`)
			})
			all.Go(func() { series(t, get(t, client, "/metrics")) })
		}
		all.Wait()
		synctest.Wait()
		running, waiting := engine.batch.counts()
		if running != 0 || waiting != 0 || engine.kvInUse.Load() != 0 || engine.cache.size() > 20 {
			t.Errorf("%d running, %d waiting, %d blocks held, %d cached at the end", running, waiting,
				engine.kvInUse.Load(), engine.cache.size())
		}
		if got := engine.requests.Load(); got != 200 {
			t.Errorf("%d requests counted, want 200", got)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"prompt":"hi","max_tokens":3}`,
		`{"prompt":[1,2]}`,
		`{"prompt":["a"],"stream_options":null}`,
		`{"messages":[{"role":"user","content":[{"type":"text","text":"x"}]}]}`,
		`{"messages":[{"content":null}],"max_completion_tokens":9}`,
		`[]`, `null`, `{"prompt":{}}`, `{"prompt":[`,
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	engine, err := New(Config{MaxModelLen: 100, StopAfter: 30})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte, chat bool) {
		got, invalid := engine.decode(data, chat)
		if (got == nil) == (invalid == nil) {
			t.Fatalf("%q: request %v and error %v, want exactly one", data, got, invalid)
		}
		if invalid != nil {
			if invalid.Message == "" || invalid.Code < 400 || invalid.Code > 499 {
				t.Fatalf("%q: error %+v, want a message and a 4xx", data, invalid)
			}
			return
		}
		if got.prompt.tokens < 1 || got.maxTokens < 1 || got.prompt.tokens+got.maxTokens > 100 {
			t.Fatalf("%q: %d prompt tokens and %d answer tokens, want at least 1 each and 100 together", data, got.prompt.tokens, got.maxTokens)
		}
	})
}
