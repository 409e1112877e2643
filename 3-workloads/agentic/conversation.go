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
// byte for byte.
type conversation struct {
	*agentic
	user    int
	trace   trace // nil without a trace file
	history chat.History
	agent   int // that got the last request
}

// conversation returns the conversation of a user. The ordinal counts the users of
// a point from 0.
func (a *agentic) conversation(user, ordinal int) closedloop.Conversation {
	c := &conversation{agentic: a, user: user}
	if a.traces != nil {
		c.trace = a.traces[ordinal]
	}
	return c
}

// NextRequest implements closedloop.Conversation.
func (c *conversation) NextRequest(k int) openai.Request {
	c.agent = (k - 1) % c.agents
	text, maxTokens := c.question(k)
	question := chat.Message{Role: chat.User, Content: text}
	if !c.history.Empty() {
		question.Name = "user"
	}
	request := c.common.Request(c.history.Ask(question), strconv.Itoa(c.user), maxTokens)
	request.Model = c.models[c.agent%len(c.models)]
	return request
}

func (c *conversation) question(k int) (text chat.Text, maxTokens int) {
	if c.trace != nil {
		return chat.Text{c.trace[k-1].input}, c.trace[k-1].maxTokens
	}
	if c.history.Empty() {
		text = append(text, "Hi, here's some system prompt: ")
		text = append(text, prompt.Padding(c.systemLen)...)
		text = append(text, fmt.Sprintf(".For user %d, here are some other context: user_%d ", c.user, c.user))
		text = append(text, prompt.Padding(c.historyLen-1)...)
		text = append(text, ".")
	}
	return append(text, prompt.StoryQuestion(k, c.user)), c.answerLen
}

// OnResponse implements closedloop.Conversation.
func (c *conversation) OnResponse(answer string) {
	message := chat.Message{Role: chat.Assistant, Name: fmt.Sprintf("agent%d", c.agent), Content: chat.Text{answer}}
	if c.wholeHistory {
		c.history.Answer(message)
	} else {
		c.history.Reset(message)
	}
}
