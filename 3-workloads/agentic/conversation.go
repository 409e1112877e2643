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

// conversation is what one user has its agents say. Its texts are the
// original's, byte for byte.
type conversation struct {
	*agentic
	user    int
	trace   trace // nil: questions are made up
	history []chat.Message
	asked   chat.Message
	agent   int // asked last
}

// converse is the ordinal-th user of a point, from 0.
func (a *agentic) converse(user, ordinal int) closedloop.Conversation {
	c := &conversation{agentic: a, user: user}
	if a.traces != nil {
		c.trace = a.traces[ordinal]
	}
	return c
}

// NextRequest is part of session.Conversation.
func (c *conversation) NextRequest(k int) openai.Request {
	c.agent = (k - 1) % c.agents
	question, tokens := c.question(k)
	c.asked = chat.Message{Role: chat.User, Content: question}
	if len(c.history) > 0 {
		c.asked.Name = "user"
	}
	request := c.common.Request(append(slices.Clip(c.history), c.asked), strconv.Itoa(c.user), tokens)
	request.Model = c.models[c.agent%len(c.models)]
	return request
}

func (c *conversation) question(k int) (text chat.Text, maxTokens int) {
	if c.trace != nil {
		return chat.Text{c.trace[k-1].input}, c.trace[k-1].maxTokens
	}
	if len(c.history) == 0 {
		text = append(text, "Hi, here's some system prompt: ")
		text = append(text, prompt.Padding(c.systemLen)...)
		text = append(text, fmt.Sprintf(".For user %d, here are some other context: user_%d ", c.user, c.user))
		text = append(text, prompt.Padding(c.historyLen-1)...)
		text = append(text, ".")
	}
	question := fmt.Sprintf("Here's question #%d from user %d: can you tell me a new long story with a happy ending?", k, c.user)
	return append(text, question), c.answerLen
}

// OnResponse is part of session.Conversation.
func (c *conversation) OnResponse(answer string) {
	if c.wholeHistory {
		c.history = append(c.history, c.asked)
	} else {
		c.history = nil
	}
	c.history = append(c.history, chat.Message{Role: chat.Assistant, Name: fmt.Sprintf("agent%d", c.agent), Content: chat.Text{answer}})
}
