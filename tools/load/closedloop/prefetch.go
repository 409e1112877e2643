package closedloop

import "github.com/LMCache/LMBench/tools/engine/openai"

// A Prefetcher is a Conversation whose requests do not depend on answers. It makes each
// request while the previous one is being answered, so that no request is delayed.
type Prefetcher struct {
	rounds  int
	request func(k int) openai.Request
	next    chan openai.Request
}

// NewPrefetcher returns the conversation of a user who has already asked some of the
// rounds questions. It calls request once for each of the others, in order.
func NewPrefetcher(asked, rounds int, request func(k int) openai.Request) *Prefetcher {
	p := &Prefetcher{rounds, request, make(chan openai.Request, 1)} // the buffer holds the prefetched request
	if asked < rounds {
		p.next <- request(asked + 1)
	}
	return p
}

// NextRequest implements Conversation.
func (p *Prefetcher) NextRequest(k int) openai.Request {
	request := <-p.next
	request.Unread = true
	if k < p.rounds {
		go func() { p.next <- p.request(k + 1) }() // never blocks: the buffer is empty
	}
	return request
}

// OnResponse implements Conversation. It ignores the answer.
func (p *Prefetcher) OnResponse(string) {}
