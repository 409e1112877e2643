package chat

import "testing"

func TestHistory(t *testing.T) {
	user := func(text string) Message { return Message{Role: User, Content: Text{text}} }
	assistant := func(text string) Message { return Message{Role: Assistant, Content: Text{text}} }
	var h History
	if !h.Empty() {
		t.Error("the zero history is not empty")
	}
	check := func(why string, got []Message, want string) {
		t.Helper()
		if text := Flatten(got).String(); text != want {
			t.Errorf("%s: %q, want %q", why, text, want)
		}
	}
	check("first question", h.Ask(user("a")), "User: a\nAssistant: ")
	check("a question without an answer is replaced", h.Ask(user("b")), "User: b\nAssistant: ")
	h.Answer(assistant("B"))
	if h.Empty() {
		t.Error("the history is empty after an answer")
	}
	second := h.Ask(user("c"))
	check("the answered question comes before the next", second, "User: b\nAssistant: B\nUser: c\nAssistant: ")
	h.Answer(assistant("C"))
	h.Ask(user("d"))
	check("an earlier result does not change", second, "User: b\nAssistant: B\nUser: c\nAssistant: ")
	h.Reset(assistant("E"))
	check("only the last message is left", h.Ask(user("f")), "Assistant: E\nUser: f\nAssistant: ")
}
