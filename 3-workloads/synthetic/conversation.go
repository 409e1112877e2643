package main

import (
	"fmt"
	"strconv"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/prompt"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/closedloop"
)

// A conversation makes the requests of one user. Its texts are the original's,
// byte for byte, because they decide what an engine's prefix cache can reuse.
type conversation struct {
	*synthetic
	transcript transcript // nil without USE_SHAREGPT
	user       int
	history    chat.History
}

// conversation returns the conversation of a user who has already asked some
// questions. Their answers are synthetic, or those of the transcript.
func (s *synthetic) conversation(user, asked int) closedloop.Conversation {
	c := &conversation{synthetic: s, transcript: s.transcriptOf(user), user: user}
	for k := 1; k <= asked; k++ {
		c.history.Ask(c.question(k))
		if c.transcript != nil {
			c.answer(c.transcript.answer(k))
		} else {
			c.answer(syntheticAnswer(k, s.answerLen))
		}
	}
	return c
}

// syntheticAnswer stands in for the answer to a question that was never sent.
func syntheticAnswer(k, answerLen int) chat.Text {
	if k == 1 {
		return append(chat.Text{"Thank you for the question! "}, prompt.Padding(answerLen-10)...)
	}
	return append(chat.Text{"Here's story #" + strconv.Itoa(k) + ": "}, prompt.Padding(answerLen-5)...)
}

// NextRequest implements closedloop.Conversation.
func (c *conversation) NextRequest(k int) openai.Request {
	maxTokens := c.answerLen
	if c.transcript != nil {
		maxTokens = c.transcript.answerTokens(k, maxTokens)
	}
	return c.common.Request(c.history.Ask(c.question(k)), strconv.Itoa(c.user), maxTokens)
}

// OnResponse implements closedloop.Conversation.
func (c *conversation) OnResponse(answer string) { c.answer(chat.Text{answer}) }

func (c *conversation) answer(text chat.Text) {
	c.history.Answer(chat.Message{Role: chat.Assistant, Content: text})
}

// question returns the message of question k. As long as no question has been
// answered, the message starts with the system prompt and the user's context.
func (c *conversation) question(k int) chat.Message {
	text := prompt.StoryQuestion(k, c.user)
	if c.transcript != nil {
		text = c.transcript.question(k)
	}
	content := chat.Text{text}
	if c.history.Empty() {
		content = append(c.context(), text)
	}
	return chat.Message{Role: chat.User, Content: content}
}

// context returns the system prompt, which all users share, and the user's own
// context.
func (c *conversation) context() chat.Text {
	text := append(chat.Text{"Hi, here's some system prompt: "}, prompt.Padding(c.systemLen)...)
	text = append(text, fmt.Sprintf(".Here are some other context: user_%d ", c.user))
	text = append(text, prompt.Padding(c.historyLen-1)...)
	return append(text, ".")
}
