package main

import (
	"fmt"
	"strconv"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/prompt"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/closedloop"
)

// story ends every question. It is never shuffled.
const story = "write a very long story please."

// A conversation makes the requests of one user. Its texts are the original's, byte
// for byte. They do not depend on the engine's answers, so each request is made
// before it is due: shuffling a long history takes a millisecond.
type conversation struct {
	*strict
	user    int
	history []chat.Message
}

// conversation returns the conversation of a user who has asked some questions.
func (s *strict) conversation(user, asked int) closedloop.Conversation {
	c := &conversation{strict: s, user: user}
	return closedloop.NewPrefetcher(asked, s.rounds, c.request)
}

// request returns request k. It must be called for each k in order.
func (c *conversation) request(k int) openai.Request {
	if k == 1 {
		c.history = c.first()
	} else {
		c.history = append(c.history,
			chat.Message{Role: chat.Assistant, Content: append(chat.Text{"System Answer: "}, prompt.Padding(c.answerLen)...)},
			c.question(c.followUpLen))
	}
	return c.common.Request(c.shuffled(), strconv.Itoa(c.user), c.answerLen)
}

// first returns the messages of the first request.
func (c *conversation) first() []chat.Message {
	system := append(chat.Text{"System Prompt: "}, prompt.Padding(c.systemLen)...)
	question := c.question(c.firstLen)
	switch c.systemPromptAs {
	case "merged":
		question.Content = append(append(system, "\n"), question.Content...)
		return []chat.Message{question}
	case "system":
		return []chat.Message{{Role: chat.System, Content: system}, question}
	}
	return []chat.Message{{Role: chat.User, Content: system}, question}
}

// question returns a question with a number of padding words.
func (c *conversation) question(words int) chat.Message {
	content := append(chat.Text{fmt.Sprintf("%d: ", c.user)}, prompt.Padding(words)...)
	return chat.Message{Role: chat.User, Content: append(content, ", "+story)}
}

// shuffled returns the history as it is sent: with KV_REUSE_RATIO below 1, the end
// of its text is shuffled.
func (c *conversation) shuffled() []chat.Message {
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
