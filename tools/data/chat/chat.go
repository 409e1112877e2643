// Package chat holds the messages of a conversation and turns them into one prompt.
package chat

import "strings"

// Text is a text in pieces, read one after the other. Pieces are shared
// between messages, users and prompts, never copied: a thousand users with
// 20,000-token histories hold a thousand short lists, not a thousand texts.
type Text []string

// Len is the number of bytes.
func (t Text) Len() int {
	n := 0
	for _, piece := range t {
		n += len(piece)
	}
	return n
}

// String joins the pieces. It copies the text: for tests and short texts.
func (t Text) String() string { return strings.Join(t, "") }

// Role is who speaks, in the words of the chat API.
type Role string

const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
)

// Message is one turn of a conversation.
type Message struct {
	Role    Role
	Name    string // optional speaker within the role, e.g. one agent of several
	Content Text
}

// Flatten is the prompt the completions API gets for a conversation:
//
//	System: …\nUser: …\nAssistant (agent1): …\nAssistant:␣
//
// It ends with a space and no newline. Pieces of the messages are shared.
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
