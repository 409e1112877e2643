package simengine

import (
	"encoding/json"
	"errors"
)

// defaultCompletionTokens is the length of an answer to a completion request
// without max_tokens, as in OpenAI's API and vLLM.
const defaultCompletionTokens = 16

// requestBody is the JSON of a request. Members that it does not list, such as
// temperature or stop, are accepted and ignored.
type requestBody struct {
	Model               string    `json:"model"`
	Prompt              prompt    `json:"prompt"`
	Messages            []message `json:"messages"`
	MaxTokens           *int      `json:"max_tokens"`
	MaxCompletionTokens *int      `json:"max_completion_tokens"` // takes precedence over max_tokens
	IgnoreEOS           bool      `json:"ignore_eos"`
	N                   *int      `json:"n"`
	Stream              bool      `json:"stream"`
	StreamOptions       struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
}

// A request is a valid generation request.
type request struct {
	chat         bool
	model        string // as the answer names it
	prompt       sequence
	maxTokens    int    // length of the answer
	finishReason string // "length" or "stop"
	stream       bool
	includeUsage bool // in a stream; an answer in one document always has it
}

// parse reads the JSON of a request.
func parse(data []byte) (*requestBody, *apiError) {
	body := new(requestBody)
	err := json.Unmarshal(data, body)
	if err == nil {
		return body, nil
	}
	if invalid, ok := errors.AsType[*apiError](err); ok {
		return nil, invalid
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return nil, badRequest(mismatch.Field, "%s: a JSON %s does not belong here", mismatch.Field, mismatch.Value)
	}
	return nil, badRequest("", "the body is not valid JSON: %v", err)
}

// decode reads a generation request and checks it against the configuration.
func (e *Engine) decode(data []byte, chat bool) (*request, *apiError) {
	body, invalid := parse(data)
	if invalid != nil {
		return nil, invalid
	}
	model, invalid := e.resolveModel(body.Model)
	if invalid != nil {
		return nil, invalid
	}
	if body.N != nil && *body.N != 1 {
		return nil, badRequest("n", "n: %d answers asked for, the simulated engine gives one", *body.N)
	}
	r := &request{
		chat:         chat,
		model:        model,
		finishReason: "length",
		stream:       body.Stream,
		includeUsage: body.StreamOptions.IncludeUsage,
	}
	if r.prompt, invalid = e.tokenizePrompt(body, chat); invalid != nil {
		return nil, invalid
	}
	if r.maxTokens, invalid = e.answerLength(body, r); invalid != nil {
		return nil, invalid
	}
	if e.config.StopAfter > 0 && !body.IgnoreEOS && e.config.StopAfter <= r.maxTokens {
		r.maxTokens, r.finishReason = e.config.StopAfter, "stop"
	}
	return r, nil
}

// tokenizePrompt returns the tokens of the prompt, which must not be empty.
func (e *Engine) tokenizePrompt(body *requestBody, chat bool) (sequence, *apiError) {
	tokens := sequence{blockSize: e.config.BlockSize}
	if chat {
		if len(body.Messages) == 0 {
			return tokens, badRequest("messages", "messages: at least one is needed")
		}
		tokens.addText(applyChatTemplate(body.Messages))
		return tokens, nil
	}
	if !body.Prompt.given {
		return tokens, badRequest("prompt", "prompt: missing")
	}
	body.Prompt.addTo(&tokens)
	if tokens.tokens == 0 {
		return tokens, badRequest("prompt", "prompt: empty")
	}
	return tokens, nil
}

// answerLength returns the number of tokens that the answer may have.
func (e *Engine) answerLength(body *requestBody, r *request) (int, *apiError) {
	available := e.config.MaxModelLen - r.prompt.tokens
	limit, parameter := body.MaxTokens, "max_tokens"
	if body.MaxCompletionTokens != nil {
		limit, parameter = body.MaxCompletionTokens, "max_completion_tokens"
	}
	tokens := defaultCompletionTokens
	switch {
	case limit != nil:
		tokens = *limit
	case r.chat:
		tokens = max(1, min(available, e.config.ChatTokens))
	}
	if tokens < 1 {
		return 0, badRequest(parameter, "%s: must be at least 1, got %d", parameter, tokens)
	}
	if tokens > available {
		// This is vLLM's message. Some clients search for its text.
		return 0, badRequest("input_tokens", "This model's maximum context length is %d tokens. However, you requested "+
			"%d output tokens and your prompt contains at least %d input tokens, for a total of at least %d tokens. "+
			"Please reduce the length of the input prompt or the number of requested output tokens.",
			e.config.MaxModelLen, tokens, r.prompt.tokens, tokens+r.prompt.tokens)
	}
	return tokens, nil
}
