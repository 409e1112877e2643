package simengine

import (
	"encoding/json"
	"errors"
)

// defaultCompletionTokens is the length of an answer to a completion request
// without max_tokens, as in OpenAI's API and vLLM.
const defaultCompletionTokens = 16

// body is a request as it comes over the wire. Members it does not name, such
// as temperature or stop, are accepted and change nothing.
type body struct {
	Model               string    `json:"model"`
	Prompt              prompt    `json:"prompt"`
	Messages            []message `json:"messages"`
	MaxTokens           *int      `json:"max_tokens"`
	MaxCompletionTokens *int      `json:"max_completion_tokens"` // goes before max_tokens
	IgnoreEOS           bool      `json:"ignore_eos"`
	N                   *int      `json:"n"`
	Stream              bool      `json:"stream"`
	StreamOptions       struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
}

// request is what a generation request asks for, checked.
type request struct {
	chat         bool
	model        string // as the answer names it
	prompt       chain
	tokens       int    // length of the answer
	reason       string // why it ends there: "length" or "stop"
	stream       bool
	includeUsage bool // in a stream; any other answer has it always
}

// parse reads the JSON of a request.
func parse(data []byte) (*body, *failure) {
	wire := new(body)
	err := json.Unmarshal(data, wire)
	if err == nil {
		return wire, nil
	}
	if reason, ok := errors.AsType[*failure](err); ok {
		return nil, reason
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return nil, refuse(mismatch.Field, "%s: a JSON %s does not belong here", mismatch.Field, mismatch.Value)
	}
	return nil, refuse("", "the body is not valid JSON: %v", err)
}

// decode reads a generation request and checks it against the engine.
func (e *Engine) decode(data []byte, chat bool) (*request, *failure) {
	wire, reason := parse(data)
	if reason != nil {
		return nil, reason
	}
	model, reason := e.modelFor(wire.Model)
	if reason != nil {
		return nil, reason
	}
	if wire.N != nil && *wire.N != 1 {
		return nil, refuse("n", "n: %d answers asked for, the simulated engine gives one", *wire.N)
	}
	made := &request{
		chat:         chat,
		model:        model,
		stream:       wire.Stream,
		includeUsage: wire.StreamOptions.IncludeUsage,
	}
	if made.prompt, reason = e.promptOf(wire, chat); reason != nil {
		return nil, reason
	}
	if made.tokens, reason = e.limitOf(wire, made); reason != nil {
		return nil, reason
	}
	made.reason = "length"
	if e.config.StopAfter > 0 && !wire.IgnoreEOS && e.config.StopAfter <= made.tokens {
		made.tokens, made.reason = e.config.StopAfter, "stop"
	}
	return made, nil
}

// promptOf returns the tokens of the prompt, which must not be empty.
func (e *Engine) promptOf(wire *body, chat bool) (chain, *failure) {
	sequence := chain{blockSize: e.config.BlockSize}
	if chat {
		if len(wire.Messages) == 0 {
			return sequence, refuse("messages", "messages: at least one is needed")
		}
		sequence.addText(flatten(wire.Messages))
		return sequence, nil
	}
	if !wire.Prompt.given {
		return sequence, refuse("prompt", "prompt: missing")
	}
	wire.Prompt.addTo(&sequence)
	if sequence.tokens == 0 {
		return sequence, refuse("prompt", "prompt: empty")
	}
	return sequence, nil
}

// limitOf returns how many tokens the answer may have.
func (e *Engine) limitOf(wire *body, made *request) (int, *failure) {
	room := e.config.MaxModelLen - made.prompt.tokens
	limit, parameter := wire.MaxTokens, "max_tokens"
	if wire.MaxCompletionTokens != nil {
		limit, parameter = wire.MaxCompletionTokens, "max_completion_tokens"
	}
	tokens := defaultCompletionTokens
	switch {
	case limit != nil:
		tokens = *limit
	case made.chat:
		tokens = max(1, min(room, e.config.ChatTokens))
	}
	if tokens < 1 {
		return 0, refuse(parameter, "%s: must be at least 1, got %d", parameter, tokens)
	}
	if tokens > room {
		// The words are vLLM's, some clients look for them.
		return 0, refuse("input_tokens", "This model's maximum context length is %d tokens. However, you requested "+
			"%d output tokens and your prompt contains at least %d input tokens, for a total of at least %d tokens. "+
			"Please reduce the length of the input prompt or the number of requested output tokens.",
			e.config.MaxModelLen, tokens, made.prompt.tokens, tokens+made.prompt.tokens)
	}
	return tokens, nil
}
