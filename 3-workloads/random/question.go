package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/LMCache/LMBench/tools/chat"
	"github.com/LMCache/LMBench/tools/openai"
	"github.com/LMCache/LMBench/tools/prompt"
	"github.com/LMCache/LMBench/tools/session"
)

// questions are what one user asks: the same for the same seed and user.
type questions struct {
	*random
	user int
	next chan openai.Request
}

func (r *random) converse(user, asked int) session.Conversation {
	q := &questions{random: r, user: user, next: make(chan openai.Request, 1)}
	if asked < r.rounds {
		q.prepare(asked + 1)
	}
	return q
}

// Ask is part of session.Conversation. The next question is made up meanwhile.
func (q *questions) Ask(k int) openai.Request {
	request := <-q.next
	if k < q.rounds {
		go q.prepare(k + 1) // ends by itself: the channel has room
	}
	return request
}

// Hear is part of session.Conversation: there is no history.
func (q *questions) Hear(string) {}

func (q *questions) prepare(k int) {
	words := rand.New(rand.NewPCG(uint64(q.seed), uint64(q.user)<<32|uint64(k)))
	text := fmt.Sprintf("Question %d for user %d: %s. Please provide a detailed response.", k, q.user, prompt.Words(words, q.promptLen))
	q.next <- q.common.Request([]chat.Message{{Role: chat.User, Content: chat.Text{text}}}, strconv.Itoa(q.user), q.answerLen)
}
