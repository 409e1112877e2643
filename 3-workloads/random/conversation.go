package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/LMCache/LMBench/tools/data/chat"
	"github.com/LMCache/LMBench/tools/data/prompt"
	"github.com/LMCache/LMBench/tools/engine/openai"
	"github.com/LMCache/LMBench/tools/load/closedloop"
)

// conversation returns the questions of one user. They depend on seed and user, but
// not on the answers.
func (r *random) conversation(user, asked int) closedloop.Conversation {
	return closedloop.NewPrefetcher(asked, r.rounds, func(k int) openai.Request {
		words := rand.New(rand.NewPCG(uint64(r.seed), uint64(user)<<32|uint64(k)))
		text := fmt.Sprintf("Question %d for user %d: %s. Please provide a detailed response.", k, user, prompt.Words(words, r.promptLen))
		return r.common.Request([]chat.Message{{Role: chat.User, Content: chat.Text{text}}}, strconv.Itoa(user), r.answerLen)
	})
}
