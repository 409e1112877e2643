package openai

import (
	"cmp"
	"encoding/json"
)

// chunk is one event of either API, as far as it matters here. A null leaves a
// field as it is, so it reads as absent.
type chunk struct {
	Object  string `json:"object"` // "error": an error of vLLM before 0.10
	Choices []struct {
		Text  string `json:"text"`
		Delta struct {
			Content          string `json:"content"`
			ReasoningContent string `json:"reasoning_content"`
			Reasoning        string `json:"reasoning"`
		} `json:"delta"`
		FinishReason string `json:"finish_reason"`
	} `json:"choices"`
	Usage *struct {
		PromptTokens     int `json:"prompt_tokens"`
		CompletionTokens int `json:"completion_tokens"`
		PromptDetails    struct {
			CachedTokens *int `json:"cached_tokens"`
		} `json:"prompt_tokens_details"`
	} `json:"usage"`
	Error json.RawMessage `json:"error"`
}

// failed tells if the chunk is an error rather than a part of the answer.
func (c *chunk) failed() bool {
	switch string(c.Error) {
	case "", "null", "false", "0", `""`, "{}", "[]":
		return c.Object == "error"
	}
	return true
}

// text is the chunk's part of the answer; some reports whether there is any,
// or any reasoning.
func (c *chunk) text() (text string, some bool) {
	for _, choice := range c.Choices {
		text += cmp.Or(choice.Text, choice.Delta.Content)
		some = some || text != "" || choice.Delta.ReasoningContent != "" || choice.Delta.Reasoning != ""
	}
	return text, some
}

// finish is the last reason for the end that the chunk gives, if any.
func (c *chunk) finish() (reason string) {
	for _, choice := range c.Choices {
		reason = cmp.Or(choice.FinishReason, reason)
	}
	return reason
}

func (c *chunk) usage() Usage {
	u := Usage{Prompt: max(0, c.Usage.PromptTokens), Completion: max(0, c.Usage.CompletionTokens)}
	if cached := c.Usage.PromptDetails.CachedTokens; cached != nil {
		u.Cached, u.CachedReported = max(0, *cached), true
	}
	return u
}
