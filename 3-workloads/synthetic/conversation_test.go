package main

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
)

// The lengths and hashes are those of the original's prompts.
func TestPromptsMatchOriginal(t *testing.T) {
	long := synthetic{systemLen: 1000, historyLen: 18000, answerLen: 100}
	tests := []struct {
		why         string
		s           synthetic
		user, asked int
		question    int
		length      int
		sha256      string // first 16 hex digits
	}{
		{"an initial user who has asked once", long, 2, 1, 2, 57568, "48f19f36dd6b38f5"},
		{"an initial user near the end of its conversation", long, 11, 4, 5, 58789, "7b92b565e0ad82f0"},
		{"a user who arrives later", long, 12, 0, 1, 57169, "b5754b9047f95f48"},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			got := test.s.conversation(test.user, test.asked).NextRequest(test.question).Prompt.String()
			sum := sha256.Sum256([]byte(got))
			if hash := hex.EncodeToString(sum[:8]); len(got) != test.length || hash != test.sha256 {
				t.Errorf("%d bytes with hash %s, want %d with %s", len(got), hash, test.length, test.sha256)
			}
		})
	}
}

func TestPromptWithShortTexts(t *testing.T) {
	s := synthetic{systemLen: 2, historyLen: 3, answerLen: 12}
	got := s.conversation(6, 2).NextRequest(3).Prompt.String()
	const want = `User: Hi, here's some system prompt: hi hi.Here are some other context: user_6 hi hi.Here's question #1 from user 6: can you tell me a new long story with a happy ending?
Assistant: Thank you for the question! hi hi
User: Here's question #2 from user 6: can you tell me a new long story with a happy ending?
Assistant: Here's story #2: hi hi hi hi hi hi hi
User: Here's question #3 from user 6: can you tell me a new long story with a happy ending?
Assistant: `
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPromptWithoutPadding(t *testing.T) {
	s := synthetic{answerLen: 1}
	got := s.conversation(1, 1).NextRequest(2).Prompt.String()
	const want = `User: Hi, here's some system prompt: .Here are some other context: user_1 .Here's question #1 from user 1: can you tell me a new long story with a happy ending?
Assistant: Thank you for the question! 
User: Here's question #2 from user 1: can you tell me a new long story with a happy ending?
Assistant: `
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFailedQuestionIsNotInLaterPrompts(t *testing.T) {
	s := synthetic{answerLen: 20}
	c := s.conversation(1, 0)
	first := c.NextRequest(1)
	c.OnResponse("Once upon a time.")
	c.NextRequest(2) // fails
	got := c.NextRequest(3).Prompt.String()
	want := first.Prompt.String() + `Once upon a time.
User: Here's question #3 from user 1: can you tell me a new long story with a happy ending?
Assistant: `
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestContextMovesOnAfterFailedFirstQuestion(t *testing.T) {
	s := synthetic{systemLen: 1, historyLen: 2, answerLen: 20}
	c := s.conversation(1, 0)
	c.NextRequest(1) // fails
	got := c.NextRequest(2).Prompt.String()
	const want = `User: Hi, here's some system prompt: hi.Here are some other context: user_1 hi.Here's question #2 from user 1: can you tell me a new long story with a happy ending?
Assistant: `
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
