package openai

import (
	"bytes"
	"cmp"
	"encoding/json"
)

// decodeChoices reads a chunk of OpenAI's APIs.
func decodeChoices(data []byte, d *Delta) error {
	if s := &d.scanned; s.scan(data) {
		text, some := s.answer()
		d.inPlace, d.Reasoning = text, some && len(text.raw) == 0
		d.Part = s.choices > 0
		if len(s.finish.raw) > 0 {
			d.FinishReason, d.Complete = string(s.finish.raw), true
		}
		d.Usage, d.HasUsage = s.usage, s.counted
		return nil
	}
	if string(bytes.TrimSpace(data)) == "[DONE]" {
		d.Last = true
		return nil
	}
	var c chunk
	if err := json.Unmarshal(data, &c); err != nil {
		return err
	}
	if d.Failed = c.failed(); d.Failed {
		return nil
	}
	text, some := c.text()
	d.Text, d.Reasoning = text, some && text == ""
	d.Part = len(c.Choices) > 0
	d.FinishReason = c.finish()
	// Some engines, such as transformers serve, end with a finish reason and no [DONE].
	d.Complete = d.FinishReason != ""
	if c.Usage != nil {
		d.Usage, d.HasUsage = c.usage(), true
	}
	return nil
}

// chunk is a chunk of either API, as far as it matters here. A null leaves a field as it
// is, so it reads as absent.
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

// failed reports whether the chunk is an error rather than a part of the answer.
func (c *chunk) failed() bool { return c.Object == "error" || reportsError(c.Error) }

// reportsError reports whether the member "error" of an event says that something is
// wrong: some engines always send it.
func reportsError(member json.RawMessage) bool {
	switch string(member) {
	case "", "null", "false", "0", `""`, "{}", "[]":
		return false
	}
	return true
}

// text returns the chunk's part of the answer, and whether there is any or any reasoning.
func (c *chunk) text() (text string, some bool) {
	for _, choice := range c.Choices {
		text += cmp.Or(choice.Text, choice.Delta.Content)
		some = some || text != "" || choice.Delta.ReasoningContent != "" || choice.Delta.Reasoning != ""
	}
	return text, some
}

// finish returns the last finish reason of the chunk, if any.
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
