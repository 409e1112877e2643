package main

import (
	"fmt"
	"strconv"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/prompt"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/closedloop"
)

const story = "write a very long story please."

// conversation is what one user says. Its texts are the original's, byte for
// byte. They depend on no answer, so they are made ahead: shuffling a long
// history takes a millisecond.
type conversation struct {
	*strict
	user    int
	history []chat.Message
}

func (s *strict) converse(user, asked int) closedloop.Conversation {
	c := &conversation{strict: s, user: user}
	return closedloop.NewPrefetcher(asked, s.rounds, c.request)
}

func (c *conversation) request(k int) openai.Request {
	if k == 1 {
		c.history = c.begin()
	} else {
		c.history = append(c.history,
			chat.Message{Role: chat.Assistant, Content: append(chat.Text{"System Answer: "}, prompt.Padding(c.answerLen)...)},
			c.ask(c.followUpLen))
	}
	return c.common.Request(c.scrambled(), strconv.Itoa(c.user), c.answerLen)
}

func (c *conversation) begin() []chat.Message {
	system := append(chat.Text{"System Prompt: "}, prompt.Padding(c.systemLen)...)
	first := c.ask(c.firstLen)
	switch c.systemPromptAs {
	case "merged":
		first.Content = append(append(system, "\n"), first.Content...)
		return []chat.Message{first}
	case "system":
		return []chat.Message{{Role: chat.System, Content: system}, first}
	}
	return []chat.Message{{Role: chat.User, Content: system}, first}
}

func (c *conversation) ask(words int) chat.Message {
	content := append(chat.Text{fmt.Sprintf("%d: ", c.user)}, prompt.Padding(words)...)
	return chat.Message{Role: chat.User, Content: append(content, ", "+story)}
}

// scrambled is a copy of the history as it is sent.
func (c *conversation) scrambled() []chat.Message {
	sent := append([]chat.Message(nil), c.history...)
	if c.reuse == 1 {
		return sent
	}
	texts := make([][]string, len(sent))
	for i, m := range sent {
		texts[i] = m.Content
	}
	for i, text := range prompt.ShuffleEnd(texts, c.reuse, story) {
		sent[i].Content = text
	}
	return sent
}
