package closedloop

import "github.com/LMCache/LMBench/tools/engine/openai"

// Ahead is a conversation that depends on no answer: each request is made while
// the one before is under way, so that making it delays none.
type Ahead struct {
	rounds  int
	request func(k int) openai.Request
	next    chan openai.Request
}

// NewAhead is the conversation of a user who asked so many questions of rounds
// before. Request is called for each of the others, once and in order.
func NewAhead(asked, rounds int, request func(k int) openai.Request) *Ahead {
	a := &Ahead{rounds, request, make(chan openai.Request, 1)} // room for the one that is made ahead
	if asked < rounds {
		a.next <- request(asked + 1)
	}
	return a
}

// Ask is part of Conversation.
func (a *Ahead) Ask(k int) openai.Request {
	request := <-a.next
	request.Unread = true
	if k < a.rounds {
		go func() { a.next <- a.request(k + 1) }() // ends by itself: there is room
	}
	return request
}

// Hear is part of Conversation: nobody listens.
func (a *Ahead) Hear(string) {}
