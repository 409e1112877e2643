package chat

import "testing"

func TestFlatten(t *testing.T) {
	tests := []struct {
		why          string
		conversation []Message
		want         string
	}{
		{"an empty conversation", nil, "Assistant: "},
		{"all roles in order; the prompt ends with a space and no newline",
			[]Message{{Role: System, Content: Text{"s"}}, {Role: User, Content: Text{"a", "b"}}, {Role: Assistant, Content: Text{"c"}}, {Role: User, Content: Text{"d"}}},
			"System: s\nUser: ab\nAssistant: c\nUser: d\nAssistant: "},
		{"named speakers, for several agents",
			[]Message{{Role: Assistant, Name: "agent1", Content: Text{"x"}}, {Role: User, Name: "user", Content: Text{"y"}}},
			"Assistant (agent1): x\nUser (user): y\nAssistant: "},
		{"a message without content keeps its label", []Message{{Role: User}}, "User: \nAssistant: "},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			got := Flatten(test.conversation)
			if got.String() != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if got.Len() != len(test.want) {
				t.Errorf("Len() = %d, want %d", got.Len(), len(test.want))
			}
		})
	}
}
