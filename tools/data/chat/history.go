package chat

import "slices"

// A History is what a user and an assistant have said so far. A question joins it
// only together with its answer, so a failed question is not part of later ones.
type History struct {
	messages []Message
	question Message // the last one, not answered yet
}

// Empty reports whether no question has been answered.
func (h *History) Empty() bool { return len(h.messages) == 0 }

// Ask replaces the open question, and returns the conversation up to and including
// it. The result stays valid when the history grows.
func (h *History) Ask(question Message) []Message {
	h.question = question
	return append(slices.Clip(h.messages), question)
}

// Answer adds the open question and its answer.
func (h *History) Answer(answer Message) {
	h.messages = append(h.messages, h.question, answer)
}

// Reset replaces everything that was said with one message.
func (h *History) Reset(message Message) {
	h.messages = []Message{message}
}
