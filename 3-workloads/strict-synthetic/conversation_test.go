package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// messagesOf returns the messages that a user sends in a round.
func messagesOf(s *strict, user, round int) []chat.Message {
	s.common = workload.Common{APIType: "chat"}
	s.rounds = round
	c := s.conversation(user, 0)
	for k := 1; k < round; k++ {
		c.NextRequest(k)
	}
	return c.NextRequest(round).Messages
}

// The lengths and hashes are those of the original's prompts.
func TestPromptsMatchOriginal(t *testing.T) {
	long := strict{systemLen: 1000, firstLen: 15000, followUpLen: 100, answerLen: 100}
	short := strict{systemLen: 10, firstLen: 20, followUpLen: 5, answerLen: 8}
	tests := []struct {
		s           strict
		user, round int
		reuse       float64
		length      int
		sha256      string // first 16 hex digits
	}{
		{long, 21, 15, 1, 57441, "88566a89e4a7d54c"},
		{long, 21, 15, 0.8, 57472, "7db3fafc1d0450fa"},
		{short, 1, 2, 1, 271, "835e569d41f38ebf"},
		{short, 1, 2, 0.8, 302, "3282d52d234b423d"},
		{short, 1, 2, 0.5, 302, "91549d2aa7d393bd"},
		{short, 1, 2, 0, 302, "a921c1eca5d14488"},
	}
	for _, test := range tests {
		test.s.reuse = test.reuse
		got := chat.Flatten(messagesOf(&test.s, test.user, test.round)).String()
		sum := sha256.Sum256([]byte(got))
		if hash := hex.EncodeToString(sum[:8]); len(got) != test.length || hash != test.sha256 {
			t.Errorf("user %d, round %d, reuse %v: %d bytes with hash %s, want %d with %s\n%.200s…",
				test.user, test.round, test.reuse, len(got), hash, test.length, test.sha256, got)
		}
	}
}

func TestShuffledMessage(t *testing.T) {
	messages := messagesOf(&strict{systemLen: 10, firstLen: 20, followUpLen: 5, answerLen: 8, reuse: 0.5}, 1, 2)
	const want = "aew ie hri ihhoti g1p oeyyert a lli.s vs nh  h,:irwrite a very long story please."
	if got := messages[len(messages)-1].Content.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSystemPromptAs(t *testing.T) {
	tests := []struct {
		as   string
		want string
	}{
		{"user", "user: System Prompt: hi hi|user: 7: hi, " + story},
		{"system", "system: System Prompt: hi hi|user: 7: hi, " + story},
		{"merged", "user: System Prompt: hi hi\n7: hi, " + story},
	}
	for _, test := range tests {
		var got []string
		for _, m := range messagesOf(&strict{systemLen: 2, firstLen: 1, reuse: 1, systemPromptAs: test.as}, 7, 1) {
			got = append(got, string(m.Role)+": "+m.Content.String())
		}
		if diff := cmp.Diff(test.want, strings.Join(got, "|")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.as, diff)
		}
	}
}
