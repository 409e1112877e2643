// Package chat provides the messages of a conversation and turns them into one prompt.
package chat

import "strings"

// Text is a text split into consecutive pieces. Messages, users and prompts share
// pieces instead of copying them: a thousand users with histories of 20,000 tokens
// hold a thousand short lists, not a thousand long texts.
type Text []string

// Len returns the length in bytes.
func (t Text) Len() int {
	n := 0
	for _, piece := range t {
		n += len(piece)
	}
	return n
}

// String joins the pieces. It copies the text, so use it for short texts and tests.
func (t Text) String() string { return strings.Join(t, "") }

// Role is the speaker of a message, as named by the chat API.
type Role string

const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
)

// Message is one turn of a conversation.
type Message struct {
	Role    Role
	Name    string // optional; distinguishes speakers of one role, e.g. several agents
	Content Text
}

// Flatten returns the prompt that the completions API gets for a conversation:
//
//	System: …\nUser: …\nAssistant (agent1): …\nAssistant:␣
//
// It ends with a space and no newline, and shares the pieces of the messages.
func Flatten(conversation []Message) Text {
	pieces := 1
	for _, m := range conversation {
		pieces += len(m.Content) + 2
	}
	prompt := make(Text, 0, pieces)
	for _, m := range conversation {
		prompt = append(prompt, label(m))
		prompt = append(prompt, m.Content...)
		prompt = append(prompt, "\n")
	}
	return append(prompt, "Assistant: ")
}

func label(m Message) string {
	speaker := "User"
	switch m.Role {
	case System:
		speaker = "System"
	case Assistant:
		speaker = "Assistant"
	}
	if m.Name != "" {
		return speaker + " (" + m.Name + "): "
	}
	return speaker + ": "
}
