package main

import (
	"slices"
	"strconv"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/dataset"
	"github.com/LMCache/LMBench/tools/engine/openai"
)

// backend is an API of engines, and the requests that vLLM's benchmark sends to it.
type backend struct {
	openai.Backend
	name   string
	body   func(c *composer, r *dataset.Request) (before, after string) // around the prompt; nil: the API's own
	openAI bool                                                         // accepts sampling parameters and a model name
}

// backends returns the backends of vLLM's benchmark. openai-audio is listed but not
// supported.
func backends() []backend {
	completions := openai.Completions()
	return []backend{
		{completions, "vllm", completionBody, true},
		{completions, "openai", completionBody, true},
		{openai.Chat(), "openai-chat", chatBody, true},
		{completions, "lmdeploy", completionBody, true},
		{completions, "scalellm", completionBody, true},
		{completions, "sglang", completionBody, true},
		{completions, "llama.cpp", completionBody, true},
		{openai.TGI(), "tgi", nil, false},
		{openai.Triton(), "tensorrt-llm", nil, false},
		{openai.NonStreaming(), "deepspeed-mii", miiBody, false},
		{name: "openai-audio"},
	}
}

// chat reports whether requests hold the messages of a conversation.
func (b backend) chat() bool { return b.Backend != nil && b.Form().Messages }

func backendNames() (names []string) {
	for _, b := range backends() {
		names = append(names, b.name)
	}
	return names
}

// chosenBackend returns the backend of --backend. With the API type chat, OpenAI
// backends use the chat API.
func (s *serving) chosenBackend() backend {
	list := backends()
	b := list[slices.IndexFunc(list, func(b backend) bool { return b.name == s.backend })]
	if s.common.APIType == "chat" && b.openAI {
		b.Backend, b.body = openai.Chat(), chatBody
	}
	return b
}

// composer makes the bodies of requests.
type composer struct {
	backend   backend
	path      string
	model     string
	ignoreEOS bool
	sampling  *samplingOptions
}

func (s *serving) composer() *composer {
	b := s.chosenBackend()
	c := &composer{backend: b, path: b.Path(), model: s.common.Model, ignoreEOS: s.common.IgnoreEOS, sampling: &s.sampling}
	if s.sampling.served != "" {
		c.model = s.sampling.served
	}
	if s.sampling.endpoint != "" {
		c.path = s.sampling.endpoint
	}
	return c
}

// request returns a request to the model, or to a LoRA module if one is given.
func (c *composer) request(r *dataset.Request, module, user string) openai.Request {
	of := *c
	if module != "" {
		of.model = module
	}
	composed := composed{Backend: c.backend.Backend, path: c.path}
	if c.backend.body != nil {
		composed.before, composed.after = c.backend.body(&of, r)
	}
	return openai.Request{
		Backend: composed, Prompt: chat.Text{r.Prompt}, PromptTokens: r.PromptTokens, MaxTokens: r.OutputTokens,
		IgnoreEOS: c.ignoreEOS, UserID: user, Header: c.sampling.header, Events: true,
	}
}

// composed is an API with a request as vLLM's benchmark composes it.
type composed struct {
	openai.Backend
	path          string
	before, after string // JSON around the prompt; empty: the API's own
}

// Path implements openai.Backend.
func (c composed) Path() string { return c.path }

// Body implements openai.Backend.
func (c composed) Body(r *openai.Request) openai.Body {
	if c.before == "" {
		return c.Backend.Body(r)
	}
	return openai.Body{{JSON: c.before, Text: r.Prompt, Plain: r.Plain}, {JSON: c.after}}
}

// completionBody returns the body for OpenAI's completions API.
func completionBody(c *composer, r *dataset.Request) (before, after string) {
	logprobs := "null"
	if c.sampling.logprobs != "" {
		logprobs = string(c.sampling.logprobs)
	}
	after = appendMembers(`"`, member{"temperature", c.temperature()}, member{"repetition_penalty", "1.0"},
		member{"max_tokens", strconv.Itoa(r.OutputTokens)}, member{"logprobs", logprobs})
	return `{"model":` + quoted(c.model) + `,"prompt":"`, after + c.ending()
}

// chatBody returns the body for OpenAI's chat API.
func chatBody(c *composer, r *dataset.Request) (before, after string) {
	after = appendMembers(`"}]}]`, member{"temperature", c.temperature()}, member{"max_completion_tokens", strconv.Itoa(r.OutputTokens)})
	return `{"model":` + quoted(c.model) + `,"messages":[{"role":"user","content":[{"type":"text","text":"`, after + c.ending()
}

func (c *composer) temperature() string {
	if c.sampling.temperature == "" {
		return "0.0"
	}
	return string(c.sampling.temperature)
}

// ending returns the members of OpenAI's APIs that come after the lengths.
func (c *composer) ending() string {
	list := []member{{"stream", "true"}, {"stream_options", `{"include_usage":true}`}}
	if c.ignoreEOS {
		list = append(list, member{"ignore_eos", "true"})
	}
	if c.backend.name == "llama.cpp" { // vLLM disables its prompt cache
		list = append(list, member{"cache_prompt", "false"})
	}
	return appendMembers("", append(list, c.sampling.chosen()...)...) + "}"
}

// miiBody returns the body for DeepSpeed-MII, which does not accept a temperature of 0 and
// does not stream.
func miiBody(c *composer, r *dataset.Request) (before, after string) {
	return `{"model":` + quoted(c.model) + `,"prompt":"`,
		`","max_tokens":` + strconv.Itoa(r.OutputTokens) + `,"temperature":0.01,"top_p":1.0}`
}

// chosen returns the members that only some runs have, in vLLM's order.
func (o *samplingOptions) chosen() (list []member) {
	for _, m := range []member{{"top_p", string(o.topP)}, {"top_k", string(o.topK)}, {"min_p", string(o.minP)}} {
		if m.value != "" {
			list = append(list, m)
		}
	}
	return append(list, o.extraBody...)
}
