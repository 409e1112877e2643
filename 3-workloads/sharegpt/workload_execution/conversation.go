package main

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/sharegpt"
	"github.com/LMCache/LMBench/tools/load/workload"
)

// conversations are the conversations of a stage.
type conversations struct {
	*shareGPT
	requests []sharegpt.Request
	delta    bool
	open     map[int]*conversation
}

// A conversation holds what has been sent of a conversation.
type conversation struct {
	history  []chat.Message
	question chat.Message // with --history delta, the one in flight
	rounds   int          // sent
}

// maxHistory is the number of messages that LMBench's script keeps, not counting
// the system message.
const maxHistory = 32

// id returns the conversation of request i, which is also its user.
func (c *conversations) id(i int) int {
	if id := c.requests[i].Conversation; id != nil {
		return *id
	}
	return i
}

// request builds request i. Those of a conversation are built in order.
func (c *conversations) request(i int, due time.Duration) *workload.Request {
	source, id := &c.requests[i], c.id(i)
	open := c.open[id]
	if open == nil {
		open = c.begin(source)
		c.open[id] = open
	}
	open.rounds++
	var messages []chat.Message
	if c.delta {
		turns := c.data.turns[id]
		messages = open.ask(turns[question(turns, source.Round)].Value)
	} else {
		messages = open.addInput(source.Input)
	}
	// Some answers of the data set are empty, but engines reject max_tokens 0.
	length := max(1, min(c.maxAnswer, answerLen(source)))
	user := id + c.common.InitUserID
	return &workload.Request{
		User: user, Question: cmp.Or(source.Round, open.rounds), Answer: open.rounds, Due: due,
		Payload: c.common.Request(messages, strconv.Itoa(user), length),
	}
}

// begin returns a conversation before its first round.
func (c *conversations) begin(first *sharegpt.Request) *conversation {
	begun := &conversation{history: []chat.Message{{Role: chat.System, Content: chat.Text{"You are a helpful assistant."}}}}
	if !c.delta {
		return begun
	}
	turns := c.data.turns[*first.Conversation]
	for _, turn := range turns[:question(turns, first.Round)] {
		role := chat.Assistant
		if turn.Human() {
			role = chat.User
		}
		begun.history = append(begun.history, chat.Message{Role: role, Content: chat.Text{turn.Value}})
	}
	return begun
}

// addInput appends an input, which repeats the conversation so far, to the earlier
// inputs, as LMBench's script does. It returns the messages to send.
func (c *conversation) addInput(input string) []chat.Message {
	c.history = append(slices.Clip(c.history), chat.Message{Role: chat.User, Content: chat.Text{input}})
	if len(c.history) > 1+maxHistory {
		c.history = slices.Concat(c.history[:1], c.history[len(c.history)-maxHistory:])
	}
	return c.history
}

// ask returns the history followed by a question.
func (c *conversation) ask(question string) []chat.Message {
	c.question = chat.Message{Role: chat.User, Content: chat.Text{question}}
	return append(slices.Clip(c.history), c.question)
}

// addAnswer appends the last question and its answer to the history. A question
// whose request failed is never appended.
func (c *conversation) addAnswer(answer string) {
	c.history = append(c.history, c.question, chat.Message{Role: chat.Assistant, Content: chat.Text{answer}})
}

// answerLen returns the length of the recorded answer, in tokens.
func answerLen(r *sharegpt.Request) int {
	if r.OutputLength == nil {
		return 128 // LMBench's default
	}
	return *r.OutputLength
}
