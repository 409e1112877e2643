package simengine

import (
	"bytes"
	"encoding/json"
	"strings"
)

// A prompt is the "prompt" member of a completion request: a string, a list of
// one string, or a list of token ids.
type prompt struct {
	given bool
	text  string
	ids   []uint32 // replace the text if not nil
}

// UnmarshalJSON implements json.Unmarshaler for the three forms.
func (p *prompt) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	p.given = true
	if data[0] == '"' {
		return json.Unmarshal(data, &p.text)
	}
	inner := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("[")), " \t\r\n")
	if data[0] == '[' && inner[0] == '"' {
		var list []string
		if err := json.Unmarshal(data, &list); err != nil {
			return badRequest("prompt", "prompt: a list must hold one string, or token ids")
		}
		if len(list) != 1 {
			return badRequest("prompt", "prompt: %d prompts in one request, the simulated engine takes one", len(list))
		}
		p.text = list[0]
		return nil
	}
	p.ids = []uint32{}
	if err := json.Unmarshal(data, &p.ids); err != nil {
		return badRequest("prompt", "prompt: neither a string, nor a list of one string, nor a list of token ids")
	}
	return nil
}

// addTo appends the prompt to a sequence.
func (p *prompt) addTo(tokens *sequence) {
	if p.ids == nil {
		tokens.addText(p.text)
		return
	}
	for _, id := range p.ids {
		tokens.add(id)
	}
}

// A message is one of the "messages" of a chat.
type message struct {
	Role    string  `json:"role"`
	Content content `json:"content"`
}

// content is the text of a message: a string, or a list of text parts, which
// are joined.
type content string

// UnmarshalJSON implements json.Unmarshaler for both forms; null is empty text.
func (c *content) UnmarshalJSON(data []byte) error {
	if data[0] != '[' {
		return json.Unmarshal(data, (*string)(c))
	}
	var parts []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	if err := json.Unmarshal(data, &parts); err != nil {
		return badRequest("messages", "messages: content: %v", err)
	}
	var text strings.Builder
	for _, part := range parts {
		if part.Type != "text" {
			return badRequest("messages", "messages: a content part of type %q, the simulated engine reads only text", part.Type)
		}
		text.WriteString(part.Text)
	}
	*c = content(text.String())
	return nil
}

// applyChatTemplate renders messages as the text of a prompt:
//
//	<|role|>
//	content
//	<|assistant|>
//
// with the first two lines for each message. The last line starts the answer.
// So the next turn of a conversation repeats this prompt and its answer token
// for token, and the prefix cache finds both.
func applyChatTemplate(messages []message) string {
	var text strings.Builder
	for _, message := range messages {
		text.WriteString("<|" + message.Role + "|>\n")
		text.WriteString(string(message.Content))
		text.WriteString("\n")
	}
	text.WriteString("<|assistant|>\n")
	return text.String()
}
