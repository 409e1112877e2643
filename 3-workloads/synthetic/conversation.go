package main

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/prompt"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/closedloop"
)

// conversation is what one user says. Its texts are the original's, byte for
// byte, because they decide what an engine's cache can reuse.
type conversation struct {
	*synthetic
	talk    talk // nil: questions and answers are made up
	user    int
	history []chat.Message // answered questions and their answers
	asked   chat.Message
}

// converse is a user who asked so many questions before the run and got
// answers that are made up, or the dataset's.
func (s *synthetic) converse(user, asked int) closedloop.Conversation {
	c := &conversation{synthetic: s, talk: s.talkOf(user), user: user}
	for k := 1; k <= asked; k++ {
		c.ask(k)
		if c.talk != nil {
			c.hear(c.talk.answer(k))
		} else {
			c.hear(madeUp(k, s.answerLen))
		}
	}
	return c
}

func madeUp(k, answerLen int) chat.Text {
	if k == 1 {
		return append(chat.Text{"Thank you for the question! "}, prompt.Padding(answerLen-10)...)
	}
	return append(chat.Text{"Here's story #" + strconv.Itoa(k) + ": "}, prompt.Padding(answerLen-5)...)
}

// ask is the message of a question. The first follows the system prompt and
// the user's history in one message.
func (c *conversation) ask(k int) {
	question := fmt.Sprintf("Here's question #%d from user %d: can you tell me a new long story with a happy ending?", k, c.user)
	if c.talk != nil {
		question = c.talk.question(k)
	}
	c.asked = chat.Message{Role: chat.User, Content: chat.Text{question}}
	if len(c.history) == 0 {
		c.asked.Content = append(c.context(), question)
	}
}

// hear stores the question asked last, with its answer.
func (c *conversation) hear(answer chat.Text) {
	c.history = append(c.history, c.asked, chat.Message{Role: chat.Assistant, Content: answer})
}

// NextRequest is part of session.Conversation.
func (c *conversation) NextRequest(k int) openai.Request {
	c.ask(k)
	length := c.answerLen
	if c.talk != nil {
		length = c.talk.answerLen(k, length)
	}
	return c.common.Request(append(slices.Clip(c.history), c.asked), strconv.Itoa(c.user), length)
}

func (c *conversation) context() chat.Text {
	text := append(chat.Text{"Hi, here's some system prompt: "}, prompt.Padding(c.systemLen)...)
	text = append(text, fmt.Sprintf(".Here are some other context: user_%d ", c.user))
	text = append(text, prompt.Padding(c.historyLen-1)...)
	return append(text, ".")
}

// OnResponse is part of session.Conversation.
func (c *conversation) OnResponse(answer string) { c.hear(chat.Text{answer}) }
