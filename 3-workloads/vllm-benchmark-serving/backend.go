package main

import (
	"slices"
	"strconv"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/dataset"
	"github.com/LMCache/LMBench/tools/engine/openai"
)

// backend is the API of an engine: its path, and the requests that vLLM's benchmark sends
// to it.
type backend struct {
	name   string
	path   string
	answer openai.Answer
	body   func(c *composer, r *dataset.Request) (before, after string)
	openAI bool // accepts sampling parameters and a model name
	chat   bool
}

const (
	completions     = "/v1/completions"
	chatCompletions = "/v1/chat/completions"
)

// backends returns the backends of vLLM's benchmark. openai-audio is listed but not
// supported.
func backends() []backend {
	return []backend{
		{"vllm", completions, openai.Choices, completionBody, true, false},
		{"openai", completions, openai.Choices, completionBody, true, false},
		{"openai-chat", chatCompletions, openai.Choices, chatBody, true, true},
		{"lmdeploy", completions, openai.Choices, completionBody, true, false},
		{"scalellm", completions, openai.Choices, completionBody, true, false},
		{"sglang", completions, openai.Choices, completionBody, true, false},
		{"llama.cpp", completions, openai.Choices, completionBody, true, false},
		{"tgi", "/generate_stream", openai.Generated, generationBody, false, false},
		{"tensorrt-llm", "/v2/models/ensemble/generate_stream", openai.Triton, tritonBody, false, false},
		{"deepspeed-mii", completions, openai.Whole, miiBody, false, false},
		{name: "openai-audio"},
	}
}

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
		b.path, b.body, b.chat = chatCompletions, chatBody, true
	}
	return b
}

// composer makes the bodies of requests.
type composer struct {
	backend   backend
	model     string
	ignoreEOS bool
	sampling  *samplingOptions
}

func (s *serving) composer() *composer {
	c := &composer{backend: s.chosenBackend(), model: s.common.Model, ignoreEOS: s.common.IgnoreEOS, sampling: &s.sampling}
	if s.sampling.served != "" {
		c.model = s.sampling.served
	}
	if s.sampling.endpoint != "" {
		c.backend.path = s.sampling.endpoint
	}
	return c
}

// request returns a request to the model, or to a LoRA module if one is given.
func (c *composer) request(r *dataset.Request, module, user string) openai.Request {
	of := *c
	if module != "" {
		of.model = module
	}
	before, after := c.backend.body(&of, r)
	return openai.Request{Prompt: chat.Text{r.Prompt}, UserID: user, Call: &openai.Call{
		Path: c.backend.path, Before: before, After: after, Header: c.sampling.header, Answer: c.backend.answer,
	}}
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

// generationBody returns the body for Text Generation Inference, which accepts neither a
// temperature of 0 nor a top-p of 1.
func generationBody(c *composer, r *dataset.Request) (before, after string) {
	return `{"inputs":"`, `","parameters":{"max_new_tokens":` + strconv.Itoa(r.OutputTokens) +
		`,"do_sample":true,"temperature":0.01,"top_p":0.99,"truncate":` + strconv.Itoa(r.PromptTokens) +
		`,"ignore_eos_token":` + strconv.FormatBool(c.ignoreEOS) + `}}`
}

// tritonBody returns the body for Triton's generate extension.
func tritonBody(c *composer, r *dataset.Request) (before, after string) {
	after = `","temperature":0.0,"top_p":1.0,"max_tokens":` + strconv.Itoa(r.OutputTokens) + `,"stream":true`
	if c.ignoreEOS {
		after += `,"min_length":` + strconv.Itoa(r.OutputTokens)
	}
	return `{"accumulate_tokens":true,"text_input":"`, after + "}"
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
